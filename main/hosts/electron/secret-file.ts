import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '#main/disk';

/** Encrypted values by name, base64. */
const content = z.object({ version: z.literal(1), entries: z.record(z.string(), z.string()) });

/** A file of blobs that only its owner can read, replaced whole or not at all. */
export interface SecretFile {
  get(name: string): Promise<Buffer | null>;
  /** Null takes the entry out. Changes happen one after the other. */
  put(name: string, blob: Buffer | null): Promise<void>;
}

export function openSecretFile(folder: string): SecretFile {
  const file = join(folder, 'secrets.json');
  let queue: Promise<unknown> = Promise.resolve();

  const read = async (): Promise<Record<string, string>> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
      throw error;
    }
    // A file that cannot be read is left as it is, and reported: it may hold keys that a repair brings back.
    return content.parse(JSON.parse(text)).entries;
  };

  return {
    async get(name) {
      await queue;
      const entries = await read();
      const blob = Object.hasOwn(entries, name) ? entries[name] : undefined;
      return blob === undefined ? null : Buffer.from(blob, 'base64');
    },
    put(name, blob) {
      const change = queue.then(async () => {
        const { [name]: _old, ...others } = await read();
        const entries = blob === null ? others : { ...others, [name]: blob.toString('base64') };
        await replace(file, JSON.stringify({ version: 1, entries }));
      });
      queue = change.catch(() => undefined);
      return change;
    },
  };
}

async function replace(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.part`;
  await rm(temporary, { force: true });
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
  await syncFolder(dirname(file));
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildChannel } from '#main/ports';
import { createTables, launchTablesFrom, type Tables } from '#main/tables';
import type { OutputFormat, Recipe } from '#shared/domain';
import type { Request } from '#internal/main/tables/protocol';

export const entry = join(import.meta.dirname, '../../../main/tables/process/main.ts');

export const asItIs: Recipe = { version: 1, name: 'As it is', target: null, steps: [] };

/** Tables in a process and a folder of their own. */
export interface Room {
  readonly tables: Tables;
  readonly folder: string;
  /** The processes started so far, the running one last. */
  readonly processes: ChildChannel[];
  readonly errors: string[];
  /** Resolves once the next call has gone to a process. */
  asked(): Promise<void>;
  /** Writes a file. @returns its path */
  file(name: string, content: string | Buffer): Promise<string>;
  out(name: string): string;
  outputs(...formats: OutputFormat[]): { format: OutputFormat; path: string }[];
  close(): Promise<void>;
}

export async function openRoom(memoryLimitMb = 256, spillLimitMb: number | null = null): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-tables-'));
  const processes: ChildChannel[] = [];
  const errors: string[] = [];
  const waiting: (() => void)[] = [];
  const launch = launchTablesFrom(entry);
  const tables = createTables({
    launch: () => {
      const channel = launch();
      const watched: ChildChannel = {
        ...channel,
        send: (message) => {
          channel.send(message);
          if ((message as Request).kind !== 'call') return;
          for (const tell of waiting.splice(0)) tell();
        },
      };
      processes.push(watched);
      return watched;
    },
    workFolder: join(folder, 'work'),
    memoryLimitMb,
    spillLimitMb,
    threads: 2,
    log: {
      info: () => undefined,
      error: (message, error) => errors.push(`${message}: ${String(error)}`),
    },
  });
  let made = 0;
  return {
    tables,
    folder,
    processes,
    errors,
    asked: () => new Promise((resolve) => waiting.push(resolve)),
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
    out: (name) => join(folder, name),
    outputs: (...formats) => {
      made += 1;
      return formats.map((format) => ({ format, path: join(folder, `out-${made}.${format}`) }));
    },
    close: async () => {
      await tables.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const plainCsv = { delimiter: ',', quote: '"', escape: null, collapse: false, loneCr: false } as const;

import { randomBytes } from 'node:crypto';
import { mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const MIB = 1024 ** 2;
export const GIB = 1024 ** 3;
export const MB = 1e6;
export const GB = 1e9;

/** Bytes that nothing can compress or take for another block. */
export async function writeNoise(path: string, bytes: number): Promise<void> {
  const block = randomBytes(8 * MIB);
  const file = await open(path, 'w');
  try {
    for (let done = 0; done < bytes; done += block.length) {
      for (let at = 0; at < block.length; at += 4096) block.writeDoubleLE(done + at + Math.PI, at);
      await file.write(block, 0, Math.min(block.length, bytes - done));
    }
  } finally {
    await file.close();
  }
}

/** A file that takes no room and reads as zeros. @throws where the file system has no files so large */
export async function writeSparse(path: string, bytes: number): Promise<void> {
  await writeFile(path, '');
  await truncate(path, bytes);
}

const PER_FOLDER = 100;

/** @returns the paths of so many small files, from the folder on */
export async function writeMany(folder: string, count: number, bytes: number): Promise<readonly string[]> {
  const names: string[] = [];
  for (let from = 0; from < count; from += PER_FOLDER) {
    const part = `part-${String(from / PER_FOLDER).padStart(4, '0')}`;
    await mkdir(join(folder, part), { recursive: true });
    const here = Array.from({ length: Math.min(PER_FOLDER, count - from) }, (_, index) =>
      join(part, `file-${String(from + index).padStart(6, '0')}.bin`),
    );
    await Promise.all(here.map((name) => writeFile(join(folder, name), randomBytes(bytes))));
    names.push(...here);
  }
  return names;
}

export async function makeFolder(scratch: string, name: string): Promise<string> {
  const path = join(scratch, name);
  await mkdir(path, { recursive: true });
  return path;
}

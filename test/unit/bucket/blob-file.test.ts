/** Files of blobs, written past the page cache where that is possible: the bytes are the same everywhere. */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { BlobFile } from '#internal/main/bucket/store/blob-file';
import { BLOCK_SIZE, takeBlock } from '#internal/main/bucket/store/blocks';
import { Commits } from '#internal/main/bucket/store/commits';
import { Index } from '#internal/main/bucket/store/database';
import { bytesOf } from './support.ts';

// The second, where there is one, is in memory: such file systems refused direct writes for a long time.
const folders = [tmpdir(), '/dev/shm'].filter((folder) => existsSync(folder));

describe.each(folders)('in %s', (parent) => {
  test.each([1, 4096, BLOCK_SIZE - 1, BLOCK_SIZE, BLOCK_SIZE + 1, 2 * BLOCK_SIZE + 5000, 3 * BLOCK_SIZE])(
    'a blob of %i bytes is what was written, and no longer',
    async (size) => {
      const root = await mkdtemp(join(parent, 'sluice-blob-'));
      try {
        const data = bytesOf(size, size);
        const path = join(root, 'blob');
        const file = await BlobFile.create(path, size);
        const writes: Promise<void>[] = [];
        for (let at = 0; at < size; at += BLOCK_SIZE) {
          const block = takeBlock();
          block.bytes.fill(0xee);
          const piece = data.subarray(at, at + BLOCK_SIZE);
          block.bytes.set(piece);
          writes.push(file.write(block, piece.length, at));
        }
        await Promise.all(writes);
        await file.seal(size);
        expect(Buffer.compare(await readFile(path), data)).toBe(0);
        await expect(BlobFile.create(path, size)).rejects.toMatchObject({ code: 'EEXIST' });
      } finally {
        await rm(root, { recursive: true });
      }
    },
  );
});

test('after a wait for the disk that failed nothing is acknowledged any more', async () => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-commits-'));
  const index = new Index(root);
  try {
    const commits = new Commits(index);
    const insert = (name: string): Promise<number> =>
      commits.commit(() => index.run('INSERT INTO buckets (name, created) VALUES (?, 0)', name));
    await expect(insert('first')).resolves.toBe(1);
    index.synced = () => Promise.reject(new Error('no disk'));
    await expect(insert('second')).rejects.toThrow('no disk');
    index.synced = () => Promise.resolve();
    await expect(insert('third')).rejects.toThrow('no disk');
    expect(index.all<{ name: string }>('SELECT name FROM buckets WHERE name = ?', 'third')).toEqual([]);
    await commits.settle();
  } finally {
    await index.close();
    await rm(root, { recursive: true });
  }
});

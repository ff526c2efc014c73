import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SMALL_FILE, SmallFiles } from '#internal/main/transfers/source/small-files';
import { FileSource } from '#internal/main/transfers/source/source';
import { onWindows, testUnless } from '../../support/unless.ts';

let folder = '';
let files: SmallFiles;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-small-'));
  files = new SmallFiles();
});
afterEach(async () => {
  await files.close();
  rmSync(folder, { recursive: true, force: true });
});

const written = (name: string, content: string | Buffer): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

test('many files are read at once, each whole and with what tells it from another', async () => {
  const paths = Array.from({ length: 40 }, (_, index) => written(`${index}.txt`, `file ${index}`));
  const loaded = await Promise.all(paths.map((path) => files.load(path)));
  for (const [index, file] of loaded.entries()) {
    expect(file?.content.toString()).toBe(`file ${index}`);
    const stats = statSync(paths[index] ?? '', { bigint: true });
    expect(file?.identity).toEqual({
      size: Number(stats.size),
      modifiedNs: stats.mtimeNs.toString(),
      changedNs: stats.ctimeNs.toString(),
      fileId: `${stats.dev}:${stats.ino}`,
    });
  }
});

test('the source is the same as one that is opened, whichever way it is read', async () => {
  const path = written('a', 'some bytes');
  const [loaded, opened] = [await FileSource.load(path, files), await FileSource.open(path)];
  expect(loaded.identity).toEqual(opened.identity);
  for (const source of [loaded, opened]) {
    const buffer = Buffer.alloc(5);
    await source.read(buffer, 5);
    expect(buffer.toString()).toBe('bytes');
    await source.assertUnchanged();
    await expect(source.read(Buffer.alloc(11), 0)).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    await source.close();
  }
});

test('what is larger, missing or a folder is left to the usual way, which says why', async () => {
  expect(await files.load(written('large', Buffer.alloc(SMALL_FILE + 1)))).toBeNull();
  expect(await files.load(written('just', Buffer.alloc(SMALL_FILE)))).not.toBeNull();
  expect(await files.load(folder)).toBeNull();
  const missing = join(folder, 'missing');
  await expect(FileSource.load(missing, files)).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  await expect(FileSource.load(folder, files)).rejects.toMatchObject({ code: 'SOURCE_IS_FOLDER' });
});

test('a link is read through, as it is when it is opened', async () => {
  const link = join(folder, 'link');
  symlinkSync(written('target', 'x'), link);
  expect((await files.load(link))?.content.toString()).toBe('x');
});

testUnless(onWindows)('a pipe holds nothing up', async () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(await files.load(pipe)).toBeNull();
  expect(await files.load(written('after', 'x'))).not.toBeNull();
});

test('once closed, everything is read the usual way', async () => {
  const path = written('a', 'x');
  const waiting = files.load(path);
  await files.close();
  expect(await waiting).toBeNull();
  expect(await files.load(path)).toBeNull();
});

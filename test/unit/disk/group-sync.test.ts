import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileSync, GroupSync } from '#main/disk';

test('who asks while a sync runs is served by the next one, all together', async () => {
  const ends: (() => void)[] = [];
  const group = new GroupSync(() => new Promise((resolve) => ends.push(resolve)));
  const served: string[] = [];
  const ask = (name: string): Promise<void> => group.wait().then(() => void served.push(name));
  const all = [ask('first'), ask('second'), ask('third')];
  expect(ends).toHaveLength(1);
  ends[0]?.();
  await all[0];
  await Promise.resolve();
  expect(served).toEqual(['first']);
  expect(ends).toHaveLength(2);
  ends[1]?.();
  await Promise.all(all);
  expect(ends).toHaveLength(2);
});

test('a sync that fails is told to those it was for, and to nobody after them', async () => {
  const outcomes = [Promise.reject(new Error('no disk')), Promise.resolve()];
  const group = new GroupSync(() => outcomes.shift() ?? Promise.reject(new Error('one too many')));
  const first = group.wait();
  const second = group.wait();
  await expect(first).rejects.toThrow('no disk');
  await expect(second).resolves.toBeUndefined();
  await group.idle();
});

test('a file is synced, and closed only when that is over', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-disk-'));
  try {
    const path = join(folder, 'file');
    await writeFile(path, 'bytes');
    const file = new FileSync(path);
    const waits = [file.wait(), file.wait()];
    await file.close();
    await expect(Promise.all(waits)).resolves.toHaveLength(2);

    const missing = new FileSync(join(folder, 'missing'));
    await expect(missing.wait()).rejects.toThrow('ENOENT');
    await writeFile(join(folder, 'missing'), 'too late');
    await expect(missing.wait()).rejects.toThrow('ENOENT');
  } finally {
    await rm(folder, { recursive: true });
  }
});

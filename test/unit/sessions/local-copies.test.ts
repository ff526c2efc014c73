import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalCopies } from '#main/sessions';
import type { Connections } from '#main/storage';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

let rig: UploadRig;
beforeEach(async () => (rig = await startRig()));
afterEach(() => rig.close());

const never = new AbortController().signal;

test('a file that was compressed is read where it lies, and comes back as it was once it is gone', async () => {
  const text = 'a,b\n1,2\n'.repeat(9000);
  const path = join(rig.folder, 'readings.csv');
  writeFileSync(path, text);
  const id = rig.add(path, text.length, undefined, { compress: 'zstd' });
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  const record = rig.journal.transfers.get(id);
  if (record === null) throw new Error('it was journalled');
  const connections = { store: () => rig.store() } as unknown as Connections;
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const copies = new LocalCopies(join(rig.folder, 'copies'), connections, clock);
  expect(await copies.path(record, never)).toBe(path);
  rmSync(path);
  const copy = await copies.path(record, never);
  expect(copy.endsWith('readings.csv')).toBe(true);
  expect(readFileSync(copy, 'utf8')).toBe(text);
});

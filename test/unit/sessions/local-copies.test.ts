import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LocalCopies } from '#main/sessions';
import type { Connections } from '#main/storage';
import { PASS } from '../../support/fault-proxy/index.ts';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';
import { openRoom } from '../tables/support.ts';

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

test('a preview of what is only in the bucket comes from a few ranges of it', async () => {
  const line = (at: number): string =>
    `${at},"name ${at}",${at % 100}.25,2024-03-${String((at % 28) + 1).padStart(2, '0')}\n`;
  const text = `id,name,amount,day\n${Array.from({ length: 500_000 }, (_, at) => line(at)).join('')}`;
  const path = join(rig.folder, 'sales.csv');
  writeFileSync(path, text);
  const id = rig.add(path, text.length);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  const record = rig.journal.transfers.get(id);
  if (record === null) throw new Error('it was journalled');
  const connections = { store: () => rig.store() } as unknown as Connections;
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const copies = new LocalCopies(join(rig.folder, 'copies'), connections, clock);
  const room = await openRoom();
  try {
    expect(await copies.sample(record, never)).toBe(path);
    const whole = await room.tables.preview(path);
    rmSync(path);
    let brought = 0;
    rig.decide = ({ operation, headers }) => {
      const [, first = 0, last = 0] = /bytes=(\d+)-(\d+)/.exec(String(headers['range'])) ?? [];
      if (operation === 'GetObject') brought += Number(last) - Number(first) + 1;
      return PASS;
    };
    const sample = await copies.sample(record, never);
    expect(await room.tables.preview(sample)).toEqual({ ...whole, tookMs: expect.any(Number) });
    expect(brought).toBeGreaterThan(1_000_000);
    expect(brought).toBeLessThan(2_000_000);
    expect(await copies.isHere(record)).toBe(false);
    expect(await copies.sample(record, never)).toBe(sample);
    // What needs all of it gets all of it.
    const copy = await copies.path(record, never);
    expect(readFileSync(copy, 'utf8')).toBe(text);
    expect(await copies.sample(record, never)).toBe(copy);
  } finally {
    await room.close();
  }
});

test('what cannot be looked at in pieces is brought as a whole', async () => {
  const text = `[${'{"id":1,"name":"x"},'.repeat(300_000)}{"id":2,"name":"y"}]`;
  const path = join(rig.folder, 'records.json');
  writeFileSync(path, text);
  const id = rig.add(path, text.length);
  expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
  const record = rig.journal.transfers.get(id);
  if (record === null) throw new Error('it was journalled');
  rmSync(path);
  const connections = { store: () => rig.store() } as unknown as Connections;
  const clock = { now: () => Date.now(), sleep: () => Promise.resolve() };
  const copies = new LocalCopies(join(rig.folder, 'copies'), connections, clock);
  expect(readFileSync(await copies.sample(record, never), 'utf8')).toBe(text);
});

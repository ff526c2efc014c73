import { expect, test } from 'vitest';
import { Lanes } from '#internal/main/transfers/queue/lanes';
import type { TransferRecord } from '#main/journal';

const record = (id: string, more: Partial<TransferRecord> = {}): TransferRecord =>
  ({ id, connectionId: 'a', direction: 'upload', partCount: 9, priority: 0, ...more }) as TransferRecord;

const all = (lanes: Lanes): string[] => [...lanes.startable(() => true)];

test('in order of arrival, as many large files at once as the lane is wide', () => {
  const lanes = new Lanes();
  for (const id of ['1', '2', '3', '4']) lanes.push(record(id));
  expect(all(lanes)).toEqual(['1', '2', '3']);
  expect(all(lanes)).toEqual([]);
  lanes.ended(record('2'));
  expect(all(lanes)).toEqual(['4']);
});

test('a larger priority goes first, and a small file is not held up by large ones', () => {
  const lanes = new Lanes();
  for (const id of ['1', '2', '3', '4']) lanes.push(record(id));
  lanes.push(record('urgent', { priority: 5 }));
  lanes.push(record('later', { priority: -1 }));
  lanes.push(record('small', { partCount: 1 }));
  expect(all(lanes)).toEqual(['small', 'urgent', '1', '2']);
});

test('a store that is away holds up no other', () => {
  const lanes = new Lanes();
  for (const id of ['1', '2', '3', '4']) lanes.push(record(id));
  all(lanes);
  lanes.push(record('elsewhere', { connectionId: 'b' }));
  expect(all(lanes)).toEqual(['elsewhere']);
  expect(lanes.isIdle).toBe(false);
});

test('who no longer waits takes no place', () => {
  const lanes = new Lanes();
  for (const id of ['1', '2', '3', '4']) lanes.push(record(id));
  expect([...lanes.startable((id) => id !== '2')]).toEqual(['1', '3', '4']);
});

test('pushed twice, started once', () => {
  const lanes = new Lanes();
  const started = new Set<string>();
  lanes.push(record('1'));
  lanes.push(record('1', { priority: 3 }));
  for (const id of lanes.startable((each) => !started.has(each))) started.add(id);
  expect([...started]).toEqual(['1']);
  lanes.ended(record('1'));
  expect(lanes.isIdle).toBe(true);
});

import { expect, test, vi } from 'vitest';
import { FileList } from '#internal/renderer/src/state/file-list';
import { KeyedStore } from '#internal/renderer/src/state/keyed-store';
import { totalsOf } from '#internal/renderer/src/state/totals';
import { FILES, sessionOf, transferOf } from '#internal/test/support/fake-engine/data';

test('a batch wakes those who read what changed, and nobody else', () => {
  const store = new KeyedStore<{ id: string; value: number }>();
  store.apply([
    { id: 'a', value: 1 },
    { id: 'b', value: 1 },
  ]);
  const a = vi.fn();
  const b = vi.fn();
  const all = vi.fn();
  store.subscribe('a', a);
  store.subscribe('b', b);
  store.subscribeAll(all);
  const before = store.all();
  store.apply([{ id: 'a', value: 2 }]);
  expect([a, b, all].map(({ mock }) => mock.calls.length)).toEqual([1, 0, 1]);
  expect(store.all()).not.toBe(before);
  expect(store.all()).toBe(store.all());
  store.replace([{ id: 'b', value: 1 }]);
  expect(a).toHaveBeenCalledTimes(2);
  expect(store.get('a')).toBeUndefined();
});

test('tells the whole truth of what moves and what waits', () => {
  const transfers = FILES.map((spec, index) => transferOf('s', `f-${index}`, spec, 0));
  const live = transfers.filter(({ state }) => !['done', 'failed', 'cancelled'].includes(state.kind));
  const session = sessionOf('s', 'orders', 0, transfers, 0);
  const totals = totalsOf([session], live);
  expect(totals).toMatchObject({ moving: 2, verifying: 1, queued: 2, paused: 1, failed: 2, sessions: 1 });
  expect([...totals.waiting]).toEqual([
    ['network', 1],
    ['page', 1],
  ]);
  expect(totals.bytesPerSecond).toBe(48_300_000 + 22_100_000);
  expect(totals.bytes.committed).toBeLessThan(totals.bytes.total);
});

test('files the page never read are counted as in line', () => {
  const session = sessionOf('s', 'many', 0, [transferOf('s', 'f', FILES[0]!, 0)], 0);
  const many = { ...session, files: { total: 100_000, done: 40, failed: 2 } };
  expect(totalsOf([many], []).queued).toBe(100_000 - 40 - 2);
});

test('a list reads only the pages that are looked at, and finds what joined', async () => {
  let total = 100_000;
  const asked: number[] = [];
  const list = new FileList(
    async (offset, limit) => {
      asked.push(offset);
      const count = Math.max(0, Math.min(limit, total - offset));
      return {
        total,
        transfers: Array.from({ length: count }, (_, index) =>
          transferOf('s', `f-${offset + index}`, FILES[9]!, 0),
        ),
      };
    },
    () => undefined,
  );
  list.ensure(0, 0);
  await vi.waitFor(() => expect(list.view().total).toBe(100_000), 20_000);
  list.ensure(50_000, 50_040);
  await vi.waitFor(() => expect(list.view().at(50_010)).toBe('f-50010'), 20_000);
  expect(asked).toEqual([0, 50_000]);
  expect(list.view().at(700)).toBeUndefined();
  expect(list.view().whole).toBe(false);

  total = 100_001;
  list.saw('f-100000');
  await vi.waitFor(() => expect(list.view().at(100_000)).toBe('f-100000'), 20_000);
  expect(list.view().total).toBe(100_001);
});

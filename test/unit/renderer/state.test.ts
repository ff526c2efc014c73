import { describe, expect, test, vi } from 'vitest';
import { type FileFrame } from '#shared/contract';
import { type Transfer } from '#shared/domain';
import { FileList, type FileWindow, type WatchFiles } from '#internal/renderer/src/state/file-list';
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

test('those that nobody reads are forgotten once there are many', () => {
  const store = new KeyedStore<{ id: string }>();
  store.apply(Array.from({ length: 100 }, (_, index) => ({ id: `r${index}` })));
  store.subscribe('r3', () => undefined);
  store.prune(50);
  expect(store.get('r3')).toBeDefined();
  expect(store.get('r4')).toBeUndefined();
  expect(store.all()).toHaveLength(25);
  store.prune(50);
  expect(store.all()).toHaveLength(25);
});

test('tells the whole truth of what moves and what waits', () => {
  const transfers = FILES.map((spec, index) => transferOf('s', `f-${index}`, spec, 0));
  const totals = totalsOf([sessionOf('s', 'orders', 0, transfers, 0), sessionOf('t', 'none', 0, [], 0)], []);
  expect(totals).toMatchObject({ moving: 2, verifying: 1, queued: 2, paused: 1, failed: 2, sessions: 1 });
  expect([...totals.waiting]).toEqual([
    ['network', 1],
    ['page', 1],
  ]);
  expect(totals.bytesPerSecond).toBe(48_300_000 + 22_100_000);
  expect(totals.bytes.committed).toBeLessThan(totals.bytes.total);
});

describe('a list of a hundred thousand', () => {
  /** An engine that tells windows of rows, and can tell more of those that are open. */
  function engineOf(count: number) {
    let total = count;
    const opened: FileWindow[] = [];
    const open = new Set<{ tell: (frame: FileFrame) => void; window: FileWindow }>();
    const rowsOf = ({ offset, limit }: FileWindow) =>
      Array.from(
        { length: Math.max(0, Math.min(limit, total - offset)) },
        (_, index) => `f-${offset + index}`,
      );
    const watch: WatchFiles = async (window, signal) => {
      opened.push(window);
      return (async function* frames() {
        let waiting: FileFrame[] = [frameOf(window)];
        let wake = () => {};
        const listener = { window, tell: (frame: FileFrame) => (waiting.push(frame), wake()) };
        open.add(listener);
        signal.addEventListener('abort', () => (open.delete(listener), wake()));
        while (!signal.aborted) {
          yield* waiting;
          waiting = [];
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      })();
    };
    const frameOf = (window: FileWindow): FileFrame => {
      const ids = rowsOf(window);
      return { total, ids, transfers: ids.map((id) => transferOf('s', id, FILES[9]!, 0)) };
    };
    const grow = (by: number) => {
      total += by;
      for (const { tell, window } of open) tell(frameOf(window));
    };
    return { watch, opened, open, grow };
  }

  test('reads and follows only the rows that are looked at', async () => {
    const { watch, opened, open, grow } = engineOf(100_000);
    const kept: Transfer[] = [];
    const list = new FileList(watch, (transfers) => kept.push(...transfers));
    const stop = list.use();
    await vi.waitFor(() => expect(list.view().total).toBe(100_000), 20_000);
    list.look(0, 20);
    for (let from = 0; from < 50_000; from += 1000) list.look(from, from + 30);
    await vi.waitFor(() => expect(list.view().at(49_010)).toBe('f-49010'), 20_000);
    expect(opened).toHaveLength(2);
    expect(open.size).toBe(1);
    expect(kept.length).toBeLessThan(300);
    expect(list.view().at(700)).toBeUndefined();
    expect(list.view().at(3)).toBe('f-3');

    list.look(49_005, 49_040);
    grow(1);
    await vi.waitFor(() => expect(list.view().total).toBe(100_001), 20_000);
    expect(opened).toHaveLength(2);
    stop();
    expect(open.size).toBe(0);
  });

  test('follows what is chosen beside the rows in sight, and asks again when it is told to', async () => {
    const { watch, opened } = engineOf(5000);
    const list = new FileList(watch, () => undefined);
    const stop = list.use();
    await vi.waitFor(() => expect(list.view().total).toBe(5000), 20_000);
    list.also(['f-4000']);
    await vi.waitFor(() => expect(opened.at(-1)?.also).toEqual(['f-4000']), 20_000);
    list.reset();
    expect(opened.at(-1)?.also).toEqual(['f-4000']);
    expect(opened).toHaveLength(3);
    stop();
  });

  test('tells why it could not be read, and tries again', async () => {
    const { watch } = engineOf(10);
    let fails = true;
    const list = new FileList(
      (window, signal) => (fails ? Promise.reject(new Error('away')) : watch(window, signal)),
      () => undefined,
    );
    const stop = list.use();
    await vi.waitFor(() => expect(list.view().error).toEqual(new Error('away')), 20_000);
    fails = false;
    list.reset();
    await vi.waitFor(() => expect(list.view()).toMatchObject({ total: 10, error: null }), 20_000);
    stop();
  });
});

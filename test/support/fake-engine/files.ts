import { groupOf, type FileQuery, type Transfer } from '#shared/domain';
import { type FileFrame } from '#shared/contract';
import { type World } from './world.ts';

/** The files that are asked for, in order: the plain way, for as many as a test has. */
export function find(all: readonly Transfer[], { sort, group, text }: FileQuery): readonly Transfer[] {
  const found = all.filter(
    ({ state, relativePath }) =>
      (group === null || groupOf(state.kind) === group) &&
      relativePath.toLowerCase().includes(text.toLowerCase()),
  );
  const by = {
    added: () => 0,
    name: (a: Transfer, b: Transfer) =>
      a.relativePath.localeCompare(b.relativePath, undefined, { numeric: true }),
    size: (a: Transfer, b: Transfer) => a.size - b.size,
    state: (a: Transfer, b: Transfer) => ORDER[groupOf(a.state.kind)] - ORDER[groupOf(b.state.kind)],
  }[sort.by];
  const sorted = sort.by === 'added' ? found : found.toSorted(by);
  return sort.descending ? sorted.toReversed() : sorted;
}

const ORDER = { failed: 0, moving: 1, waiting: 2, done: 3, cancelled: 4 } as const;

const PACE_MS = 100;

export async function* watch(
  world: World,
  query: FileQuery & { readonly offset: number; readonly limit: number; readonly also: readonly string[] },
  signal: AbortSignal,
): AsyncGenerator<FileFrame> {
  const told = new Map<string, Transfer>();
  let ids: readonly string[] = [];
  let total = -1;
  let due = true;
  const hear = () => {
    due = true;
  };
  world.changes.on('change', hear);
  try {
    while (!signal.aborted) {
      if (due) {
        due = false;
        const files = find(world.transfers.get(query.sessionId) ?? [], query);
        const window = files.slice(query.offset, query.offset + query.limit);
        const also = query.also.flatMap((id) => world.transfer(id) ?? []);
        const transfers = [...new Set([...window, ...also])].filter((one) => told.get(one.id) !== one);
        for (const transfer of transfers) told.set(transfer.id, transfer);
        const next = window.map(({ id }) => id);
        const same = next.length === ids.length && next.every((id, index) => id === ids[index]);
        if (!same || files.length !== total || transfers.length > 0) {
          [ids, total] = [next, files.length];
          yield { total, ids: same ? null : next, transfers };
        }
      }
      await new Promise((resolve) => {
        setTimeout(resolve, PACE_MS);
      });
    }
  } finally {
    world.changes.off('change', hear);
  }
}

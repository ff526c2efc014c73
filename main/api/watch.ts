import type { Clock } from '#main/ports';
import { viewOf, type Transfers } from '#main/transfers';
import type { FileFrame } from '#shared/contract';
import type { FileQuery, Transfer } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { Bell } from './bell.ts';

/** A page hears at most ten times a second. */
export const PACE_MS = 100;

export interface Watched extends FileQuery {
  readonly offset: number;
  readonly limit: number;
  /** Others that are looked at, wherever they are. */
  readonly also: readonly string[];
}

/**
 * The rows that a page looks at: all of them at once, then whatever of them changed, until the signal aborts. What
 * happens to the others of a hundred thousand is told by the sums of their session.
 */
export async function* watchFiles(
  transfers: Transfers,
  clock: Clock,
  watched: Watched,
  signal: AbortSignal,
): AsyncGenerator<FileFrame> {
  const { offset, limit, also } = watched;
  const session = transfers.session(watched.sessionId);
  const others = new Set(also);
  const changed = new Set(also);
  const bell = new Bell();
  let shown: ReadonlySet<string> = new Set();
  let version = -1;
  let total = -1;
  const stop = transfers.onChange((id) => {
    if (shown.has(id) || others.has(id)) changed.add(id);
    else if (session.version === version) return;
    bell.ring();
  });
  try {
    for (;;) {
      version = session.version;
      const files = await session.find(watched);
      const window = files.slice(offset, offset + limit);
      const same = isSame(
        shown,
        window.map(({ record }) => record.id),
      );
      if (!same) {
        for (const { record } of window) if (!shown.has(record.id)) changed.add(record.id);
        shown = new Set(window.map(({ record }) => record.id));
      }
      if (!same || total !== files.length || changed.size > 0) {
        total = files.length;
        const now = clock.now();
        const fresh = new Map(window.map((live) => [live.record.id, live]));
        const records = [...changed].flatMap((id) => {
          const live = fresh.get(id);
          return live === undefined ? findTransfer(transfers, id) : viewOf(live, now);
        });
        changed.clear();
        yield { total, ids: same ? null : [...shown], transfers: records };
      }
      await clock.sleep(PACE_MS, signal);
      await bell.wait(signal);
    }
  } finally {
    stop();
  }
}

function isSame(shown: ReadonlySet<string>, ids: readonly string[]): boolean {
  if (shown.size !== ids.length) return false;
  let index = 0;
  for (const id of shown) if (id !== ids[index++]) return false;
  return true;
}

/** What is gone by the time a page is told needs no telling. */
export function findTransfer(transfers: Transfers, id: string): Transfer[] {
  try {
    return [transfers.view(id)];
  } catch (error) {
    if (isSluiceError(error, 'NOT_FOUND')) return [];
    throw error;
  }
}

import { type Session, type Transfer, type WaitReason } from '#shared/domain';

/** The whole truth of the bar at the bottom. */
export interface Totals {
  /** Sessions with work that is not finished. */
  readonly sessions: number;
  readonly bytes: { readonly total: number; readonly committed: number; readonly inFlight: number };
  readonly bytesPerSecond: number;
  /** Null where it cannot be told. */
  readonly secondsLeft: number | null;
  readonly moving: number;
  readonly verifying: number;
  readonly queued: number;
  readonly paused: number;
  readonly waiting: ReadonlyMap<WaitReason, number>;
  /** What one of the waiting ones is told, so that the reason can be said in full. */
  readonly waitingSentence: string | null;
  readonly failed: number;
  readonly files: { readonly total: number; readonly done: number };
}

const LIVE: ReadonlySet<Transfer['state']['kind']> = new Set([
  'scheduled',
  'queued',
  'preparing',
  'transferring',
  'waiting',
  'verifying',
  'paused',
]);

export const isLive = ({ state }: Transfer): boolean => LIVE.has(state.kind);

/** @param live transfers that can still move; those the page has not read are counted through their sessions */
export function totalsOf(sessions: Iterable<Session>, live: Iterable<Transfer>): Totals {
  const counts = { moving: 0, verifying: 0, queued: 0, paused: 0 };
  const waiting = new Map<WaitReason, number>();
  const withLife = new Set<string>();
  let waitingSentence: string | null = null;
  let waitingCount = 0;
  let inFlight = 0;
  let bytesPerSecond = 0;
  let pausedBytes = 0;

  for (const { sessionId, state, progress } of live) {
    withLife.add(sessionId);
    inFlight += progress.inFlight;
    if (state.kind === 'transferring' || state.kind === 'preparing') {
      counts.moving += 1;
      bytesPerSecond += progress.bytesPerSecond ?? 0;
    } else if (state.kind === 'verifying') counts.verifying += 1;
    else if (state.kind === 'queued' || state.kind === 'scheduled') counts.queued += 1;
    else if (state.kind === 'paused') {
      counts.paused += 1;
      pausedBytes += progress.total - progress.committed;
    } else if (state.kind === 'waiting') {
      waitingCount += 1;
      waiting.set(state.reason, (waiting.get(state.reason) ?? 0) + 1);
      waitingSentence ??= state.error.message;
    }
  }

  const files = { total: 0, done: 0 };
  const bytes = { total: 0, committed: 0, inFlight };
  let active = 0;
  let failed = 0;
  for (const session of sessions) {
    failed += session.files.failed;
    if (session.state !== 'working' && session.state !== 'paused' && !withLife.has(session.id)) continue;
    active += 1;
    files.total += session.files.total;
    files.done += session.files.done;
    bytes.total += session.bytes.total;
    bytes.committed += session.bytes.committed;
  }
  const seen = counts.moving + counts.verifying + counts.queued + counts.paused + waitingCount;
  const unfinished = files.total - files.done;
  const unseen = Math.max(0, unfinished - seen - failed);
  const left = bytes.total - bytes.committed - pausedBytes;
  return {
    ...counts,
    queued: counts.queued + unseen,
    sessions: active,
    bytes,
    bytesPerSecond,
    secondsLeft: bytesPerSecond > 0 && left > 0 ? left / bytesPerSecond : null,
    waiting,
    waitingSentence,
    failed,
    files,
  };
}

import { type Session, type Transfer, groupOf, type WaitReason } from '#shared/domain';

/** The whole truth of the bar at the bottom. */
export interface Totals {
  /** Sessions with work that is not finished. */
  readonly sessions: number;
  readonly bytes: { readonly total: number; readonly committed: number; readonly inFlight: number };
  readonly bytesPerSecond: number;
  /** Null where it cannot be told. */
  readonly secondsLeft: number | null;
  readonly moving: number;
  /** Of those that move: on their way here. */
  readonly downloading: number;
  readonly verifying: number;
  readonly queued: number;
  /** Start by themselves at their time. */
  readonly scheduled: number;
  readonly paused: number;
  readonly waiting: ReadonlyMap<WaitReason, number>;
  /** What one of the waiting ones is told, so that the reason can be said in full. */
  readonly waitingSentence: string | null;
  readonly failed: number;
  readonly files: { readonly total: number; readonly done: number };
}

/** Whether it can still move by itself or by being resumed. */
export const isLive = ({ state }: Transfer): boolean => {
  const group = groupOf(state.kind);
  return group === 'moving' || group === 'waiting';
};

/** Added up from what the engine counted for each session, and what is fetched beside. */
export function totalsOf(sessions: Iterable<Session>, downloads: Iterable<Transfer>): Totals {
  const sums = {
    moving: 0,
    downloading: 0,
    verifying: 0,
    queued: 0,
    scheduled: 0,
    paused: 0,
    failed: 0,
    bytesPerSecond: 0,
    sessions: 0,
  };
  const files = { total: 0, done: 0 };
  const bytes = { total: 0, committed: 0, inFlight: 0, paused: 0 };
  const waiting = new Map<WaitReason, number>();
  let waitingSentence: string | null = null;
  for (const session of sessions) {
    const { counts, waits } = session;
    sums.failed += counts.failed ?? 0;
    const moving = (counts.transferring ?? 0) + (counts.preparing ?? 0);
    const [queued, scheduled] = [counts.queued ?? 0, counts.scheduled ?? 0];
    const [verifying, paused, waitingNow] = [counts.verifying ?? 0, counts.paused ?? 0, counts.waiting ?? 0];
    if (moving + queued + scheduled + verifying + paused + waitingNow === 0 && session.state !== 'working')
      continue;
    sums.sessions += 1;
    sums.moving += moving;
    if (session.folder !== null) sums.downloading += moving;
    sums.verifying += verifying;
    sums.queued += queued;
    sums.scheduled += scheduled;
    sums.paused += paused;
    sums.bytesPerSecond += session.bytesPerSecond;
    for (const { reason, count, message } of waits) {
      waiting.set(reason, (waiting.get(reason) ?? 0) + count);
      waitingSentence ??= message;
    }
    files.total += session.files.total;
    files.done += session.files.done;
    bytes.total += session.bytes.total;
    bytes.committed += session.bytes.committed;
    bytes.inFlight += session.bytes.inFlight;
    bytes.paused += session.bytes.paused;
  }
  for (const download of downloads) {
    const { state, progress } = download;
    if (state.kind === 'failed') sums.failed += 1;
    if (!isLive(download)) continue;
    sums.sessions += 1;
    sums.bytesPerSecond += progress.bytesPerSecond ?? 0;
    files.total += 1;
    bytes.total += progress.total;
    bytes.committed += progress.committed;
    bytes.inFlight += progress.inFlight;
    if (state.kind === 'transferring' || state.kind === 'preparing') {
      sums.moving += 1;
      sums.downloading += 1;
    } else if (state.kind === 'verifying') sums.verifying += 1;
    else if (state.kind === 'paused') {
      sums.paused += 1;
      bytes.paused += progress.total - progress.committed;
    } else if (state.kind === 'waiting') {
      waiting.set(state.reason, (waiting.get(state.reason) ?? 0) + 1);
      waitingSentence ??= state.error.message;
    } else sums.queued += 1;
  }
  const left = bytes.total - bytes.committed - bytes.paused;
  const { bytesPerSecond } = sums;
  return {
    ...sums,
    bytes,
    secondsLeft: bytesPerSecond > 0 && left > 0 ? left / bytesPerSecond : null,
    waiting,
    waitingSentence,
    files,
  };
}

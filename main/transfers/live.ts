import type { TransferRecord } from '#main/journal';
import type { PartStrip, Progress, Transfer, TransferState, WaitReason } from '#shared/domain';
import type { ProgressTracker } from './progress.ts';
import { isActive } from './state.ts';

/** What one transfer adds to the sums of its session, as last counted. */
export interface Share {
  readonly kind: TransferState['kind'];
  readonly reason: WaitReason | null;
  readonly size: number;
  readonly committed: number;
}

/** A transfer in memory: what the journal has, and what moves. */
export interface Live {
  record: TransferRecord;
  tracker: ProgressTracker | null;
  /** Aborted with PAUSED, CANCELLED or CLOSING as its reason. */
  controller: AbortController | null;
  /** Resolves when nothing of it is under way any more. */
  running: Promise<void> | null;
  /** Resolves when the parts of a cancelled upload are gone from the store. */
  cleaning: Promise<void> | null;
  /** What it adds to the sums of its session, as last counted. */
  share: Share | null;
}

export const resting = (record: TransferRecord): Live => ({
  record,
  tracker: null,
  controller: null,
  running: null,
  cleaning: null,
  share: null,
});

/** Bytes the store acknowledged. */
export function committedOf({ record, tracker }: Live): number {
  if (record.state.kind === 'done') return record.size;
  return tracker?.committed ?? 0;
}

/** The transfer as the other side of the contract sees it. */
export function view(live: Live, now: number): Transfer {
  const { record, tracker } = live;
  const { id, sessionId, direction, name, relativePath, source, size, bucket, key, state, partSize } = record;
  const still: Progress = {
    committed: committedOf(live),
    inFlight: 0,
    total: size,
    bytesPerSecond: null,
    secondsLeft: null,
  };
  const atRest: PartStrip = [
    { state: state.kind === 'done' ? 'verified' : 'waiting', count: Math.max(1, record.partCount) },
  ];
  return {
    id,
    sessionId,
    direction,
    name,
    relativePath,
    source,
    size,
    bucket,
    key,
    state,
    progress: tracker?.progress(now, isActive(state)) ?? still,
    parts: tracker?.strip() ?? atRest,
    partSize,
    priority: record.priority,
    notice: record.notice,
    createdAt: record.createdAt,
    finishedAt: record.finishedAt,
  };
}

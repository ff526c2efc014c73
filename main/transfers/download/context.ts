import { dirname, join } from 'node:path';
import type { TransferRecord, TransferRecords } from '#main/journal';
import type { Clock } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import { sluiceError } from '#shared/errors';
import { type Asked, Asking, type Line, type Patience } from '../line/index.ts';
import type { Bandwidth, BufferPool } from '../limits/index.ts';
import { partRange } from '../plan.ts';
import { ProgressTracker } from '../progress.ts';
import type { UploadEvents } from '../upload/index.ts';
import { partName } from './names.ts';
import type { Place } from './place.ts';
import type { DownloadPlan } from './plan.ts';
import type { Room } from './room.ts';

export interface DownloadTools {
  readonly records: TransferRecords;
  readonly clock: Clock;
  readonly buffers: BufferPool;
  readonly bandwidth: Bandwidth;
  readonly patience: Patience;
  /** As long as the store has never answered: then its address is probably wrong, and the person is there to hear it. */
  readonly firstPatience: Patience;
  readonly room: Room;
  /** Without a byte for so long, a connection is taken for dead. */
  readonly stallMs: number;
}

export interface DownloadContextOptions {
  readonly id: string;
  readonly store: ObjectStore;
  readonly line: Line;
  readonly tools: DownloadTools;
  readonly events: UploadEvents;
  readonly signal: AbortSignal;
}

/** One try of a download: what it works with, and the record as the journal has it by now. */
export class DownloadContext {
  readonly id: string;
  readonly store: ObjectStore;
  readonly line: Line;
  readonly tools: DownloadTools;
  readonly events: UploadEvents;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  readonly #asking: Asking;

  constructor({ id, store, line, tools, events, signal }: DownloadContextOptions) {
    this.id = id;
    this.store = store;
    this.line = line;
    this.tools = tools;
    this.events = events;
    this.signal = signal;
    this.startedAt = tools.clock.now();
    this.#asking = new Asking({
      patience: tools.patience,
      firstPatience: tools.firstPatience,
      answered: this.record().step !== 'planned',
      waiting: (reason, error) => events.waiting(reason, error),
    });
  }

  record(): TransferRecord {
    return latest(this.tools.records, this.id);
  }

  /** Asks again as long as that can help. @param line whose answers are waited for */
  retry<T>(
    tracker: ProgressTracker | null,
    work: () => Promise<T>,
    signal = this.signal,
    line: Asked['line'] = this.line,
  ): Promise<T> {
    return this.#asking.ask(work, { line, signal, tracker });
  }

  trackerOf(plan: DownloadPlan): ProgressTracker {
    const tracker = new ProgressTracker(
      plan.partCount,
      plan.size,
      (number) => partRange(plan, number).length,
    );
    this.events.tracker(tracker);
    return tracker;
  }

  moveTo({ path, relativePath }: Place): void {
    if (path !== placeOf(this.record()).path) this.tools.records.saveTarget(this.id, path, relativePath);
  }
}

/** @throws NOT_FOUND */
export function latest(records: TransferRecords, id: string): TransferRecord {
  const record = records.get(id);
  if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
  return record;
}

/** Where the file is to stand. */
export function placeOf({ source, relativePath }: TransferRecord): Place {
  if (source.kind !== 'object') throw new TypeError('not a download');
  return { path: source.path, relativePath };
}

/** Where the unfinished file grows. */
export function partPathOf(record: TransferRecord): string {
  return join(dirname(placeOf(record).path), partName(record.name, record.id));
}

import type { HashPool } from '#main/hashing';
import type { TransferRecord, TransferRecords } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Gate, ObjectStore, Taken } from '#main/storage';
import type { WaitReason } from '#shared/domain';
import { sluiceError, type SluiceError } from '#shared/errors';
import { Asking, type Line, type Patience } from '../line/index.ts';
import type { Bandwidth, BufferPool, Sender } from '../limits/index.ts';
import type { ProgressTracker } from '../progress.ts';
import type { FileSource, SmallFiles, Spool } from '../source/index.ts';

/** What all uploads share. */
export interface UploadTools {
  readonly records: TransferRecords;
  readonly clock: Clock;
  readonly log: Log;
  readonly buffers: BufferPool;
  readonly smallFiles: SmallFiles;
  readonly hashes: HashPool;
  readonly bandwidth: Bandwidth;
  readonly spool: Spool;
  readonly patience: Patience;
  /** As long as the store has never answered: then its address is probably wrong, and the person is there to hear it. */
  readonly firstPatience: Patience;
}

/** What an upload tells while it runs. */
export interface UploadEvents {
  phase(phase: 'transferring' | 'verifying'): void;
  waiting(reason: WaitReason, error: SluiceError): void;
  tracker(tracker: ProgressTracker): void;
  moved(): void;
  /** Nothing of it is to be sent any more: others may begin while it is proven. */
  sent(): void;
  /** Something a person should know, though it goes on. */
  notice(notice: SluiceError): void;
}

/** The store no longer knows the upload, and its object is not there either. */
export class UploadLost extends Error {}

/** One try at one upload, whoever has its bytes: what it works with, and how it asks the store. */
export class UploadContext {
  readonly id: string;
  readonly store: ObjectStore;
  readonly line: Line;
  readonly tools: UploadTools;
  readonly events: UploadEvents;
  readonly signal: AbortSignal;
  readonly startedAt: number;
  /** What the store said of the file when it took it in one PUT. */
  taken: Taken | null = null;
  readonly #asking: Asking;

  constructor(given: {
    readonly id: string;
    readonly store: ObjectStore;
    readonly line: Line;
    readonly tools: UploadTools;
    readonly events: UploadEvents;
    readonly signal: AbortSignal;
  }) {
    this.id = given.id;
    this.store = given.store;
    this.line = given.line;
    this.tools = given.tools;
    this.events = given.events;
    this.signal = given.signal;
    this.startedAt = given.tools.clock.now();
    const { step } = this.record();
    this.#asking = new Asking({
      patience: given.tools.patience,
      firstPatience: given.tools.firstPatience,
      answered: step !== 'planned' && step !== 'creating',
      waiting: (reason, error) => this.events.waiting(reason, error),
    });
  }

  record(): TransferRecord {
    const record = this.tools.records.get(this.id);
    if (record === null) throw sluiceError('NOT_FOUND', { what: 'such transfer' });
    return record;
  }

  /** What the store asks before each slice of a body: the limit as it is by then. */
  gate(signal = this.signal): Gate {
    const { bandwidth } = this.tools;
    const sender: Sender = { connectionId: this.store.connection.id, transferId: this.id };
    return {
      get isOpen() {
        return !bandwidth.limits(sender);
      },
      take: (bytes) => bandwidth.take(bytes, signal, sender),
    };
  }

  /** Sends bytes, and waits where the limit lets nothing through; that is no failure of the store. */
  whileOpen<T>(send: () => Promise<T>, signal = this.signal): Promise<T> {
    return this.tools.bandwidth.whileOpen(send, signal, (error) => this.events.waiting('limit', error));
  }

  /** Asks the store until it answers, as long as the failure is one that passes. A landing part is progress. */
  ask<T>(work: () => Promise<T>, tracker: ProgressTracker | null = null, signal = this.signal): Promise<T> {
    return this.#asking.ask(work, { line: this.line, signal, tracker });
  }
}

/** An upload of a file that this process reads. */
export class FileUpload extends UploadContext {
  readonly source: FileSource;

  constructor(given: ConstructorParameters<typeof UploadContext>[0] & { readonly source: FileSource }) {
    super(given);
    this.source = given.source;
  }
}

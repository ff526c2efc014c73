import { type PartStrip, type Session, type Transfer, type UploadOptions } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { type EngineClient, toReport } from '#renderer/lib';
import { missingParts, type PartRange } from './plan.ts';
import { PutError, type PutRequest } from './put.ts';
import { Reporter } from './reporter.ts';
import { type Slots } from './slots.ts';

export interface PageFile {
  readonly file: File;
  readonly relativePath: string;
}

export interface SendPorts {
  readonly engine: EngineClient['pageUploads'];
  readonly hash: (file: File, start: number, end: number) => Promise<string>;
  readonly put: (request: PutRequest) => Promise<{ readonly etag: string | null }>;
  /** Rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Parts in flight, over all files. */
  readonly slots: Slots;
}

export interface SendHooks {
  /** Why nothing moves just now, in plain words; null once it does. */
  readonly onNote: (transferId: string, note: string | null) => void;
}

/** Where a file goes that keeps its name, and whether over what is there. */
export interface SendPlace {
  readonly folder: string | null;
  readonly key: string | null;
  readonly over: boolean;
}

export interface SendTarget {
  readonly sessionId: string | null;
  readonly connectionId: string | null;
  /** The upload to go on with; null for the one of this file that nobody sends, or a new one. */
  readonly transferId: string | null;
  /** Null for a folder of the session's own. */
  readonly place: SendPlace | null;
  /** What the object is made with, where it is not as the connection has it. */
  readonly options?: UploadOptions;
  readonly priority?: number;
}

const PARTS_PER_FILE = 4;
const BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** Refusals of one part that are taken for bad luck; more are told. */
const REFUSALS = 4;
/** Times in a row that the engine may go away, or change its mind, in the middle of something. */
const TROUBLES = 8;

/**
 * done: the engine proved it. paused: somebody said so to the engine. stopped: the engine is not waiting for parts of
 * it, because it came to its end there or because the engine was started anew. forgotten: the store lost the upload.
 */
export type SendEnd = 'done' | 'paused' | 'stopped' | 'forgotten';

/** Tells the engine of a file, or finds the upload that it goes on with. */
export async function beginSending(
  { file, relativePath }: PageFile,
  target: SendTarget,
  ports: SendPorts,
  hooks: SendHooks,
  signal: AbortSignal,
): Promise<{ readonly session: Session; readonly transfer: Transfer; readonly sending: Sending }> {
  const begun = await ports.engine.begin(
    {
      ...target,
      name: file.name,
      relativePath,
      size: file.size,
      lastModified: file.lastModified,
      contentType: file.type,
    },
    { signal },
  );
  const { session, transfer, parts } = begun;
  return { session, transfer, sending: new Sending(file, transfer, parts, ports, hooks) };
}

/** One file on its way from the page to the bucket. May be run again after it was paused or broke off. */
export class Sending {
  readonly #file: File;
  readonly #id: string;
  readonly #ports: SendPorts;
  readonly #hooks: SendHooks;
  readonly #reporter: Reporter;
  readonly #missing: Map<number, PartRange>;

  constructor(file: File, transfer: Transfer, strip: PartStrip, ports: SendPorts, hooks: SendHooks) {
    this.#file = file;
    this.#id = transfer.id;
    this.#ports = ports;
    this.#hooks = hooks;
    this.#reporter = new Reporter(transfer.id, ports.engine, ports.sleep);
    const missing = missingParts(transfer.size, transfer.partSize, strip);
    this.#missing = new Map(missing.map((part) => [part.number, part]));
  }

  /** Throws what the person has to know. */
  async run(signal: AbortSignal): Promise<SendEnd> {
    for (let troubles = 0; ; troubles += 1) {
      try {
        // The engine says first whether it still waits for this: it may have been started anew in the meantime.
        const said = await this.#reporter.flush();
        if (said !== 'go-on') return said;
        const verdict = this.#missing.size === 0 ? 'sent' : await this.#sendUntilHeld(signal);
        if (verdict !== 'sent') return verdict;
        await this.#ports.engine.complete({ id: this.#id }, { signal });
        return 'done';
      } catch (error) {
        if (isForgotten(error)) return 'forgotten';
        const { code } = toReport(error);
        if (code === 'NOT_FOUND') return 'stopped';
        const passing = code === 'ENGINE_LOST' || code === 'UPLOAD_STATE';
        if (!passing || troubles >= TROUBLES) throw error;
        await this.#ports.sleep(BACKOFF_MS, signal);
      }
    }
  }

  async #sendUntilHeld(outer: AbortSignal): Promise<'sent' | 'paused' | 'stopped'> {
    const inner = new AbortController();
    const signal = AbortSignal.any([outer, inner.signal]);
    const waiting = [...this.#missing.values()][Symbol.iterator]();
    let held: 'paused' | 'stopped' | null = null;
    const reporting = this.#reporter.run(signal, (state) => {
      held = state;
      inner.abort();
    });
    const lane = async () => {
      // The lanes share one iterator: each takes the next part that nobody has.
      for (const part of waiting) await this.#ports.slots.use(signal, () => this.#sendPart(part, signal));
    };
    try {
      await Promise.all(Array.from({ length: PARTS_PER_FILE }, lane));
      // What was sent last must be known to the engine before it is asked to put the parts together.
      const state = await this.#reporter.flush();
      return state === 'go-on' ? 'sent' : state;
    } catch (error) {
      inner.abort();
      outer.throwIfAborted();
      if (held === null) throw error;
      return held;
    } finally {
      inner.abort();
      this.#reporter.land();
      this.#hooks.onNote(this.#id, null);
      await reporting;
    }
  }

  async #sendPart(part: PartRange, signal: AbortSignal): Promise<void> {
    let refusals = 0;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#trySend(part, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PutError)) throw error;
        const { failure } = error;
        if (failure.kind === 'no-upload') throw error;
        if (failure.kind !== 'unreachable' && failure.kind !== 'busy') refusals += 1;
        if (refusals > REFUSALS) throw this.#told(error);
        await this.#wait(
          failure.kind === 'unreachable' || failure.kind === 'busy' ? attempt : 0,
          error,
          signal,
        );
      } finally {
        this.#reporter.fly(part.number, null);
      }
    }
  }

  async #trySend(part: PartRange, signal: AbortSignal): Promise<void> {
    const id = this.#id;
    const crc32 = await this.#ports.hash(this.#file, part.start, part.end);
    signal.throwIfAborted();
    const [signed] = await this.#ports.engine.sign(
      { id, parts: [{ number: part.number, crc32 }] },
      { signal },
    );
    if (signed === undefined) throw sluiceError('BUG', { what: `part ${part.number} was not signed` });
    this.#reporter.fly(part.number, 0);
    const { etag } = await this.#ports.put({
      url: signed.url,
      headers: signed.headers,
      body: this.#file.slice(part.start, part.end),
      onSent: (bytes) => this.#reporter.fly(part.number, bytes),
      signal,
    });
    this.#missing.delete(part.number);
    this.#reporter.sent({ number: part.number, etag, crc32 });
    this.#hooks.onNote(id, null);
  }

  async #wait(attempt: number, error: PutError, signal: AbortSignal): Promise<void> {
    const ms = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** attempt);
    if (attempt > 0) {
      const why = error.failure.kind === 'busy' ? 'The bucket is busy' : 'The bucket does not answer';
      this.#hooks.onNote(this.#id, `${why}; next try in ${Math.ceil(ms / 1000)} s`);
    }
    await this.#ports.sleep(ms, signal);
  }

  #told(error: PutError): Error {
    const { failure } = error;
    if (isSluiceError(error)) return error;
    if (failure.kind === 'bad-bytes') return sluiceError('SOURCE_CHANGED', { path: this.#file.name }, error);
    const status = 'status' in failure ? failure.status : 0;
    const code = 'code' in failure && failure.code !== '' ? failure.code : String(status);
    return sluiceError('STORE_REFUSED', { code, reason: 'it does not take the parts of this page' }, error);
  }
}

const isForgotten = (error: unknown): boolean =>
  error instanceof PutError && error.failure.kind === 'no-upload';

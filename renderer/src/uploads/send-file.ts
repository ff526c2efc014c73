import { type Session, type Transfer } from '#shared/domain';
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
  readonly onBegun: (session: Session, transfer: Transfer) => void;
  /** Why nothing moves just now, in plain words; null once it does. */
  readonly onNote: (transferId: string, note: string | null) => void;
}

export interface SendTarget {
  readonly sessionId: string | null;
  readonly connectionId: string | null;
  /** The upload to go on with, where there is one. */
  readonly transferId?: string;
}

const PARTS_PER_FILE = 4;
const BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;
/** Refusals of one part that are taken for bad luck; more are told. */
const REFUSALS = 4;
const BEGINNINGS = 6;

/** done: the engine proved it; paused and stopped: somebody said so to the engine. */
export type SendEnd = 'done' | 'paused' | 'stopped';

/** Sends one file from the page to the bucket. Throws what the person has to know. */
export async function sendFile(
  source: PageFile,
  target: SendTarget,
  ports: SendPorts,
  hooks: SendHooks,
  signal: AbortSignal,
): Promise<SendEnd> {
  let { sessionId, transferId = null } = target;
  for (let beginning = 1; ; beginning += 1) {
    try {
      const { file, relativePath } = source;
      const begun = await ports.engine.begin(
        {
          sessionId,
          connectionId: target.connectionId,
          name: file.name,
          relativePath,
          size: file.size,
          lastModified: file.lastModified,
          contentType: file.type,
          transferId,
        },
        { signal },
      );
      sessionId = begun.session.id;
      transferId = begun.transfer.id;
      hooks.onBegun(begun.session, begun.transfer);
      return await new Sending(source.file, begun.transfer, ports, hooks).run(begun.parts, signal);
    } catch (error) {
      // The engine was started again, or the store forgot the upload: what it has is asked for anew.
      const again = toReport(error).code === 'ENGINE_LOST' || isGone(error);
      if (!again || beginning >= BEGINNINGS) throw error;
      await ports.sleep(BACKOFF_MS * beginning, signal);
    }
  }
}

const isGone = (error: unknown): boolean => error instanceof PutError && error.failure.kind === 'no-upload';

class Sending {
  readonly #file: File;
  readonly #transfer: Transfer;
  readonly #ports: SendPorts;
  readonly #hooks: SendHooks;
  readonly #reporter: Reporter;

  constructor(file: File, transfer: Transfer, ports: SendPorts, hooks: SendHooks) {
    this.#file = file;
    this.#transfer = transfer;
    this.#ports = ports;
    this.#hooks = hooks;
    this.#reporter = new Reporter(transfer.id, ports.engine, ports.sleep);
  }

  async run(strip: Transfer['parts'], signal: AbortSignal): Promise<SendEnd> {
    const { id, size, partSize } = this.#transfer;
    const missing = missingParts(size, partSize, strip);
    if (missing.length > 0) {
      const verdict = await this.#sendUntilHeld(missing, signal);
      if (verdict !== 'sent') return verdict;
    }
    await this.#ports.engine.complete({ id }, { signal });
    return 'done';
  }

  async #sendUntilHeld(
    missing: readonly PartRange[],
    outer: AbortSignal,
  ): Promise<'sent' | 'paused' | 'stopped'> {
    const inner = new AbortController();
    const signal = AbortSignal.any([outer, inner.signal]);
    const waiting = missing[Symbol.iterator]();
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
      this.#hooks.onNote(this.#transfer.id, null);
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
    const { id } = this.#transfer;
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
    this.#reporter.sent({ number: part.number, etag, crc32 });
    this.#hooks.onNote(id, null);
  }

  async #wait(attempt: number, error: PutError, signal: AbortSignal): Promise<void> {
    const ms = Math.min(LONGEST_BACKOFF_MS, BACKOFF_MS * 2 ** attempt);
    if (attempt > 0) {
      const why = error.failure.kind === 'busy' ? 'The bucket is busy' : 'The bucket does not answer';
      this.#hooks.onNote(this.#transfer.id, `${why}; next try in ${Math.ceil(ms / 1000)} s`);
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

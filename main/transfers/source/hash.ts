import { crc32 } from 'node:zlib';
import type { OrderedHash } from '#main/hashing';
import { sluiceError, type SluiceError } from '#shared/errors';
import { partRange, type UploadPlan } from '../plan.ts';

export interface SourceHashOptions {
  readonly plan: UploadPlan;
  readonly path: string;
  /** Fills the buffer from this place of the file; throws where the file ends before. */
  readonly read: (buffer: Uint8Array, offset: number) => Promise<void>;
  readonly hash: OrderedHash;
  /** CRC-32 of the parts that are not sent again, by number: they are read here, and have to be what they were. */
  readonly kept: ReadonlyMap<number, number>;
  /** A part that is no longer what was sent of it. Called before all of it fails with SOURCE_CHANGED. */
  readonly stale?: (number: number) => void;
}

/** Until a part is here, somebody else is going to read it. */
type Part =
  /** In the buffer it is sent from. */
  | { readonly kind: 'held'; readonly buffer: Uint8Array; readonly crc: number }
  /** Sent, and its buffer is in use for something else: it is read again when its turn comes. */
  | { readonly kind: 'sent'; readonly crc: number };

const PIECE = 1024 * 1024;

/** Parts that may have to be read again before one in memory, for that one to be waited for. */
const READ_AHEAD = 2;

/**
 * A hash of a file over the very buffers its parts are sent from. Parts are read by several workers at once, and a hash
 * wants its bytes in order: so each part is hashed when its turn comes while its buffer is held. One whose turn does
 * not come in time is read once more, and its CRC-32 compared with that of what was sent; so are parts that an earlier
 * process sent. It holds no memory but one piece of its own.
 */
export class SourceHash {
  readonly #options: SourceHashOptions;
  readonly #parts = new Map<number, Part>();
  /** CRC-32 of what was hashed, by number. */
  readonly #hashed = new Map<number, number>();
  /** The part whose turn it is. */
  #turn = 1;
  #running: Promise<void> | null = null;
  #failure: { readonly error: unknown } | null = null;
  #closed = false;
  #moved = Promise.withResolvers<void>();
  #piece: Buffer | null = null;
  #digest: Promise<string> | null = null;

  constructor(options: SourceHashOptions) {
    this.#options = options;
    for (const [number, crc] of options.kept) this.#parts.set(number, { kind: 'sent', crc });
    this.#run();
  }

  /**
   * Here is a part, in the buffer it is sent from.
   * @returns to be called once it is sent, or will not be; resolves when the buffer may be used for something else
   */
  offer(number: number, buffer: Uint8Array, crc: number): () => Promise<void> {
    const before = this.#hashed.get(number);
    if (before !== undefined) {
      if (before !== crc) this.#fail(this.#changed(number));
      return () => Promise.resolve();
    }
    this.#parts.set(number, { kind: 'held', buffer, crc });
    this.#run();
    return () => this.#letGo(number, buffer, crc);
  }

  /** A part that nobody holds: it is read here, once it was sent. @returns to be called when it was */
  leave(number: number, crc: number): () => Promise<void> {
    const before = this.#hashed.get(number);
    if (before !== undefined && before !== crc) this.#fail(this.#changed(number));
    if (before === undefined) {
      this.#parts.set(number, { kind: 'sent', crc });
      this.#run();
    }
    return () => Promise.resolve();
  }

  /**
   * To be asked once every part was offered, left or kept.
   * @returns the hash of the whole file in hex
   * @throws SOURCE_CHANGED where a part is not what was sent of it
   */
  async digest(signal: AbortSignal): Promise<string> {
    const aborted = Promise.withResolvers<never>();
    aborted.promise.catch(() => undefined);
    const abort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#failure !== null) throw this.#failure.error;
        if (this.#turn > this.#options.plan.partCount) {
          this.#digest ??= this.#options.hash.digest();
          return await this.#digest;
        }
        if (this.#running === null) throw new TypeError(`part ${this.#turn} was never read`);
        await Promise.race([this.#moved.promise, aborted.promise]);
      }
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  /** Resolves once nothing is read or hashed any more. To be called in the end, whatever the end. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
    if (this.#digest === null) this.#options.hash.drop();
  }

  /**
   * A part is waited for while its turn is sure to come within milliseconds: all before it are here. Waiting for one
   * that somebody has yet to read, and may want this very buffer for, could take for ever.
   */
  async #letGo(number: number, buffer: Uint8Array, crc: number): Promise<void> {
    for (;;) {
      const part = this.#parts.get(number);
      if (part?.kind !== 'held' || part.buffer !== buffer) return;
      if (!this.#isNext(number)) {
        this.#parts.set(number, { kind: 'sent', crc });
        return;
      }
      await this.#moved.promise;
    }
  }

  #isNext(number: number): boolean {
    if (this.#failure !== null || this.#running === null) return false;
    let unread = 0;
    for (let before = this.#turn; before < number; before += 1) {
      const part = this.#parts.get(before);
      if (part?.kind === 'sent') unread += 1;
      if (part === undefined || unread > READ_AHEAD) return false;
    }
    return true;
  }

  #run(): void {
    if (this.#running !== null || this.#closed || this.#failure !== null) return;
    this.#running = this.#hashInTurn()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#running = null;
        this.#tell();
        if (this.#parts.has(this.#turn)) this.#run(); // it came between the last look and this
      });
  }

  async #hashInTurn(): Promise<void> {
    for (let part = this.#parts.get(this.#turn); part !== undefined; part = this.#parts.get(this.#turn)) {
      if (this.#closed || this.#failure !== null) return;
      if (part.kind === 'held') await this.#options.hash.update(part.buffer);
      else if (!(await this.#readAgain(this.#turn, part.crc))) return;
      this.#hashed.set(this.#turn, part.crc);
      this.#parts.delete(this.#turn);
      this.#turn += 1;
      this.#tell();
    }
  }

  /** @returns false where it was closed meanwhile */
  async #readAgain(number: number, expected: number): Promise<boolean> {
    const { plan, read, hash } = this.#options;
    const { offset, length } = partRange(plan, number);
    this.#piece ??= Buffer.allocUnsafeSlow(Math.min(PIECE, plan.size));
    let crc = 0;
    for (let done = 0; done < length; done += PIECE) {
      if (this.#closed) return false;
      const piece = this.#piece.subarray(0, Math.min(PIECE, length - done));
      await read(piece, offset + done);
      crc = crc32(piece, crc);
      await hash.update(piece);
    }
    if (crc !== expected) throw this.#changed(number);
    return true;
  }

  #changed(number: number): SluiceError {
    this.#options.stale?.(number);
    return sluiceError('SOURCE_CHANGED', { path: this.#options.path });
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    this.#tell();
  }

  #tell(): void {
    const moved = this.#moved;
    this.#moved = Promise.withResolvers();
    moved.resolve();
  }
}

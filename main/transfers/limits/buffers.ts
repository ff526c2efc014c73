/**
 * The one budget of memory for parts: a fixed number of buffers, made when first needed and used again and again.
 * Whoever wants one while all are out waits in line.
 */
export class BufferPool {
  readonly #limitBytes: number;
  #usedBytes = 0;
  readonly #free: Buffer[] = [];
  readonly #line: {
    readonly size: number;
    readonly take: (buffer: Buffer) => void;
    readonly gone: () => boolean;
  }[] = [];

  /** @param limitBytes of all buffers together; a single larger one is still given when nothing else is out */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** @returns a buffer of exactly this many bytes (a view of a larger one, perhaps) */
  async acquire(size: number, signal: AbortSignal): Promise<Buffer> {
    signal.throwIfAborted();
    const ready = this.#line.length === 0 ? this.#tryTake(size) : null;
    if (ready !== null) return ready;
    return new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener('abort', abort, { once: true });
      this.#line.push({
        size,
        gone: () => signal.aborted,
        take: (buffer) => {
          signal.removeEventListener('abort', abort);
          resolve(buffer);
        },
      });
    });
  }

  release(buffer: Buffer): void {
    this.#free.push(Buffer.from(buffer.buffer, 0, buffer.buffer.byteLength));
    for (let first = this.#line[0]; first !== undefined; first = this.#line[0]) {
      if (!first.gone()) {
        const ready = this.#tryTake(first.size);
        if (ready === null) return;
        first.take(ready);
      }
      this.#line.shift();
    }
  }

  #tryTake(size: number): Buffer | null {
    const fitting = this.#free.findIndex((buffer) => buffer.length >= size && buffer.length <= size * 2);
    if (fitting >= 0) return this.#free.splice(fitting, 1)[0]?.subarray(0, size) ?? null;
    while (this.#usedBytes + size > this.#limitBytes && this.#free.length > 0) {
      this.#usedBytes -= this.#free.pop()?.length ?? 0; // too small or too large: let it go
    }
    if (this.#usedBytes + size > this.#limitBytes && this.#usedBytes > 0) return null;
    this.#usedBytes += size;
    return Buffer.allocUnsafeSlow(size);
  }
}

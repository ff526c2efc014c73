/** Threads that hash shared memory, so that MD5 overlaps with receiving and writing. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { DigestName, Digests } from './algorithms.ts';
import { toDigests } from './hasher.ts';
import { threadProgram, type ThreadAnswer, type ThreadRequest } from './thread.ts';

/** One pass over the bytes of one body. */
export interface HashStream {
  /** The memory may be used again once this resolves. Calls may overlap; they are taken in order. */
  update(memory: SharedArrayBuffer, length: number): Promise<void>;
  digest(): Promise<Digests>;
  /** Instead of `digest`, when the body will not end. */
  drop(): void;
}

interface Waiting {
  readonly resolve: (answer: ThreadAnswer) => void;
  readonly reject: (error: unknown) => void;
}

class HashThread {
  readonly #worker = new Worker(threadProgram, {
    eval: true,
    name: 'hash',
    // It handles messages and nothing else; the default would let it keep tens of megabytes of them.
    resourceLimits: { maxYoungGenerationSizeMb: 4 },
  });
  readonly #waiting: Waiting[] = [];
  streams = 0;
  dead = false;

  constructor() {
    this.#worker.on('message', (answer: ThreadAnswer) => {
      this.#waiting.shift()?.resolve(answer);
      if (this.#waiting.length === 0) this.#worker.unref();
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new Error('A hash thread ended')));
    // Last, because listening refs. An idle thread does not hold the process open.
    this.#worker.unref();
  }

  post(request: ThreadRequest): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    if (!this.dead) this.#worker.postMessage(request);
  }

  ask(request: ThreadRequest): Promise<ThreadAnswer> {
    if (this.dead) return Promise.reject(new Error('A hash thread ended'));
    this.#worker.ref();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
      this.post(request);
    });
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.dead = true;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

export class HashPool {
  readonly #size: number;
  #threads: HashThread[] = [];
  #nextStream = 1;

  constructor(size: number = Math.max(1, Math.min(4, availableParallelism() - 1))) {
    this.#size = size;
  }

  open(names: readonly DigestName[]): HashStream {
    const thread = this.#leastBusy();
    const stream = this.#nextStream++;
    let open = true;
    thread.streams += 1;
    thread.post({ kind: 'open', stream, names });
    const close = (): void => {
      if (open) thread.streams -= 1;
      open = false;
    };
    return {
      async update(memory, length) {
        await thread.ask({ kind: 'update', stream, memory, length });
      },
      async digest() {
        try {
          return toDigests((await thread.ask({ kind: 'digest', stream })) ?? []);
        } finally {
          close();
        }
      },
      drop() {
        if (open) thread.post({ kind: 'drop', stream });
        close();
      },
    };
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.terminate()));
  }

  /** Threads start when they are first needed; one that died is replaced. */
  #leastBusy(): HashThread {
    this.#threads = this.#threads.filter((thread) => !thread.dead);
    const idlest = this.#threads.toSorted((a, b) => a.streams - b.streams)[0];
    if (idlest !== undefined && (idlest.streams === 0 || this.#threads.length >= this.#size)) return idlest;
    const fresh = new HashThread();
    this.#threads.push(fresh);
    return fresh;
  }
}

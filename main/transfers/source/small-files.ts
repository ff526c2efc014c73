import type * as Fs from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SourceIdentity } from '#main/journal';

/** Larger ones are read part by part, by who sends them. */
export const SMALL_FILE = 256 * 1024;

/** After so long without an answer the thread is taken to hang on a disk that is away. */
const PATIENCE_MS = 2000;

/** Who comes so soon after another is one of many. */
const BUSY_MS = 20;
const GATHER_MS = 3;

export interface SmallFile {
  readonly identity: SourceIdentity;
  readonly content: Buffer;
}

type Answer = readonly ({ readonly identity: SourceIdentity; readonly content: Uint8Array } | null)[];

/**
 * Reads small files whole on a thread of its own: opening, looking, reading, looking again and closing are one message
 * for all that are wanted in one turn, where each by itself would be five trips through the pool of threads, which cost
 * more than sending the bytes. What is not plain and small, or fails, or changes meanwhile, is left to the usual way,
 * which says why.
 */
export class SmallFiles {
  #worker: Worker | null = null;
  #wanted: { readonly path: string; readonly give: (file: SmallFile | null) => void }[] = [];
  readonly #asked: ((answer: Answer | null) => void)[] = [];
  #stuck = false;
  #closed = false;
  #askedAt = Number.NEGATIVE_INFINITY;

  /** @returns null where the file is to be read the usual way */
  load(path: string): Promise<SmallFile | null> {
    if (this.#stuck || this.#closed) return Promise.resolve(null);
    return new Promise((give) => {
      this.#wanted.push({ path, give });
      if (this.#wanted.length > 1) return;
      // Of many, a message for a few at a time: waking the thread for each costs more than it reads.
      if (performance.now() - this.#askedAt > BUSY_MS) setImmediate(() => this.#ask());
      else setTimeout(() => this.#ask(), GATHER_MS);
    });
  }

  /** Whoever waits reads the usual way. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    this.#worker = null;
    for (const { give } of this.#wanted.splice(0)) give(null);
    this.#giveUp();
    await worker?.terminate();
  }

  #ask(): void {
    const wanted = this.#wanted.splice(0);
    if (wanted.length === 0) return; // closed meanwhile
    this.#askedAt = performance.now();
    const late = setTimeout(() => {
      this.#stuck = true;
      for (const { give } of wanted) give(null);
    }, PATIENCE_MS);
    this.#asked.push((answer) => {
      clearTimeout(late);
      this.#stuck = false;
      for (const [index, { give }] of wanted.entries()) {
        const file = answer?.[index] ?? null;
        give(file === null ? null : { identity: file.identity, content: bufferOf(file.content) });
      }
    });
    const worker = (this.#worker ??= this.#start());
    worker.ref();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage(wanted.map(({ path }) => path));
  }

  #start(): Worker {
    const worker = new Worker(program, {
      eval: true,
      name: 'small-files',
      resourceLimits: { maxYoungGenerationSizeMb: 8 },
    });
    worker.on('message', (answer: Answer) => {
      this.#asked.shift()?.(answer);
      if (this.#asked.length === 0) worker.unref();
    });
    const ended = (): void => {
      if (this.#worker !== worker) return;
      this.#worker = null; // the next who asks gets another
      this.#giveUp();
    };
    worker.on('error', ended);
    worker.on('exit', ended);
    return worker;
  }

  #giveUp(): void {
    for (const tell of this.#asked.splice(0)) tell(null);
  }
}

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

interface Port {
  on(event: 'message', listener: (paths: readonly string[]) => void): void;
  postMessage(answer: Answer, transfer: ArrayBuffer[]): void;
}

/** Stands on its own: the thread runs its text. */
function serve(port: Port, fs: typeof Fs, limit: number): void {
  const { O_RDONLY, O_NONBLOCK = 0 } = fs.constants as { O_RDONLY: number; O_NONBLOCK?: number };
  const identityOf = (stats: Fs.BigIntStats): SourceIdentity => ({
    size: Number(stats.size),
    modifiedNs: stats.mtimeNs.toString(),
    changedNs: stats.ctimeNs.toString(),
    fileId: `${stats.dev}:${stats.ino}`,
  });
  const read = (path: string): Answer[number] => {
    // Opening a pipe would not wait for its writer, and what is no plain file is looked at no further.
    const file = fs.openSync(path, O_RDONLY | O_NONBLOCK);
    try {
      const stats = fs.fstatSync(file, { bigint: true });
      if (!stats.isFile() || stats.size > limit) return null;
      const identity = identityOf(stats);
      const content = new Uint8Array(identity.size);
      for (let filled = 0; filled < content.length;) {
        const count = fs.readSync(file, content, filled, content.length - filled, filled);
        if (count === 0) return null;
        filled += count;
      }
      // By its name: one that was replaced under it is another file.
      const after = identityOf(fs.statSync(path, { bigint: true }));
      const same =
        after.size === identity.size &&
        after.modifiedNs === identity.modifiedNs &&
        after.changedNs === identity.changedNs &&
        after.fileId === identity.fileId;
      return same ? { identity, content } : null;
    } finally {
      fs.closeSync(file);
    }
  };
  port.on('message', (paths) => {
    const answer = paths.map((path) => {
      try {
        return read(path);
      } catch {
        return null; // read again the usual way, which tells why
      }
    });
    port.postMessage(
      answer,
      answer.flatMap((file) => (file === null ? [] : [file.content.buffer as ArrayBuffer])),
    );
  });
}

const program = `
const { parentPort } = require('node:worker_threads');
(${serve.toString()})(parentPort, require('node:fs'), ${SMALL_FILE});
`;

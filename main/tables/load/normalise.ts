import { open, rm, type FileHandle } from 'node:fs/promises';
import type { RejectedRow } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { bytesInFile, createTranscoder, type Encoding } from '../text/index.ts';
import { CleanWriter } from './clean-writer.ts';
import { rejectedRow, type OpenTable } from './open-table.ts';
import { isSame, openSource, sourceError } from './source.ts';
import type { ReaderCounts } from './counts.ts';
import { TableReader } from './table-reader.ts';

/** A table rewritten as CSV that has only one reading, and what did not go into it. */
export interface Normalised {
  readonly path: string;
  readonly delimiter: string;
  readonly bytes: number;
  readonly longestRow: number;
  readonly counts: ReaderCounts;
  /** Lines of a UTF-8 file that are none, and what they were read as. */
  readonly strayLines: number;
  readonly strayEncoding: Encoding;
  /** The first of the rejected rows. */
  readonly rejects: readonly RejectedRow[];
}

export interface NormaliseOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

const CHUNK = 1 << 20;
/** A row is several times in memory while it is made whole, here and in DuckDB. */
const LONGEST_ROW = 32 << 20;
const KEPT_REJECTS = 10_000;

/**
 * Streams a file through the table reader into `target`, as UTF-8 in which every row has all its cells. Memory is a few
 * chunks, or the longest row. Throws SOURCE_*, DISK_FULL, TABLE_ROW_TOO_LONG.
 */
export async function normalise(
  table: OpenTable,
  target: string,
  options: NormaliseOptions,
): Promise<Normalised> {
  const { handle, identity } = await openSource(table.path);
  let out: FileHandle | null = null;
  try {
    if (!isSame(identity, table.identity)) throw sluiceError('SOURCE_CHANGED', { path: table.path });
    out = await open(target, 'wx', 0o600);
    const made = await new Normaliser(table, handle, out, target).run(options);
    if (!isSame(await statIdentity(handle), table.identity))
      throw sluiceError('SOURCE_CHANGED', { path: table.path });
    await out.close();
    return made;
  } catch (error) {
    await out?.close();
    await rm(target, { force: true });
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') {
      throw sluiceError('DISK_FULL', { path: target }, error);
    }
    throw options.signal.aborted ? sluiceError('CANCELLED', {}, error) : sourceError(error, table.path);
  } finally {
    await handle.close();
  }
}

async function statIdentity(handle: FileHandle): Promise<OpenTable['identity']> {
  const { size, mtimeMs, ino } = await handle.stat();
  return { size, modifiedMs: mtimeMs, inode: ino };
}

class Normaliser {
  readonly #table: OpenTable;
  readonly #handle: FileHandle;
  readonly #out: FileHandle;
  readonly #target: string;
  readonly #encoding: Encoding;
  readonly #rejects: RejectedRow[] = [];
  readonly #writer: CleanWriter;
  readonly #reader: TableReader;
  readonly #delimiter: string;
  #text: Buffer = Buffer.alloc(0);
  /** Bytes of the file read by its end; the byte it begins at, -1 while nobody asked; the place located last. */
  #consumed = 0;
  #textByte = -1;
  #locatedAt = 0;
  #locatedByte = 0;
  #written = 0;
  #longest = 0;

  constructor(table: OpenTable, handle: FileHandle, out: FileHandle, target: string) {
    const { cut, width } = table.detected;
    this.#table = table;
    this.#handle = handle;
    this.#out = out;
    this.#target = target;
    this.#encoding = table.sample.encoding.encoding;
    const plain = Buffer.byteLength(cut.delimiter) === 1 && !cut.collapse && cut.fixed === undefined;
    this.#delimiter = plain ? cut.delimiter : ',';
    this.#writer = new CleanWriter(
      width,
      this.#delimiter,
      plain && cut.quote === '"' && cut.escape === null && cut.trim !== true && cut.framed === undefined,
    );
    this.#reader = new TableReader(table.shape, this.#writer, (at) => this.#locate(at));
  }

  async run({ signal, onProgress }: NormaliseOptions): Promise<Normalised> {
    const { size } = this.#table.identity;
    const transcoder = createTranscoder(this.#encoding);
    let position = 0;
    let skip = this.#table.detected.dataStart;
    let rest: Buffer = Buffer.alloc(0);
    let want = CHUNK;
    for (let final = false; !final;) {
      signal.throwIfAborted();
      const chunk = await this.#readChunk(position, Math.min(want, size - position));
      position += chunk.length;
      final = position >= size || chunk.length === 0;
      const fresh = transcoder.push(chunk, final);
      const text = rest.length === 0 ? fresh : Buffer.concat([rest, fresh]);
      if (skip >= text.length && !final) {
        skip -= text.length;
        rest = Buffer.alloc(0);
        continue;
      }
      const from = Math.min(skip, text.length);
      skip = 0;
      const next = await this.#read(text, from, final, transcoder.consumed);
      rest = Buffer.from(text.subarray(next));
      if (rest.length > LONGEST_ROW) {
        throw sluiceError('TABLE_ROW_TOO_LONG', { name: this.#table.name, limitMb: LONGEST_ROW >> 20 });
      }
      // A row that does not end in sight is read on in ever larger steps, so that it is not looked through again and again.
      want = Math.max(CHUNK, rest.length);
      onProgress?.(position, size);
    }
    return {
      path: this.#target,
      delimiter: this.#delimiter,
      bytes: this.#written,
      longestRow: this.#longest,
      counts: this.#reader.counts,
      strayLines: transcoder.strayLines,
      strayEncoding: transcoder.strayEncoding,
      rejects: this.#rejects,
    };
  }

  async #read(text: Buffer, from: number, final: boolean, consumed: number): Promise<number> {
    this.#writer.begin(text);
    this.#text = text;
    this.#consumed = consumed;
    this.#textByte = -1;
    const before = this.#reader.counts.rows;
    const next = this.#reader.read(text, from, final);
    if (final) this.#reader.end();
    const rows = this.#reader.counts.rows - before;
    if (rows > 0) this.#longest = Math.max(this.#longest, text.length);
    this.#keepRejects();
    const clean = this.#writer.take();
    if (clean.length > 0) {
      await this.#out.writeFile(clean);
      this.#written += clean.length;
    }
    return next;
  }

  #keepRejects(): void {
    for (const reject of this.#writer.rejects.splice(0)) {
      if (this.#rejects.length < KEPT_REJECTS)
        this.#rejects.push(rejectedRow(reject, this.#table.detected.linesAbove));
    }
  }

  /** Counts on from the row located last, so that many rejected rows cost no more than one look through the text. */
  #locate(at: number): number {
    if (this.#textByte === -1) {
      this.#textByte = this.#consumed - bytesInFile(this.#text, this.#encoding);
      [this.#locatedAt, this.#locatedByte] = [0, this.#textByte];
    }
    if (at < this.#locatedAt) [this.#locatedAt, this.#locatedByte] = [0, this.#textByte];
    this.#locatedByte += bytesInFile(this.#text.subarray(this.#locatedAt, at), this.#encoding);
    this.#locatedAt = at;
    return this.#locatedByte;
  }

  async #readChunk(position: number, length: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const { bytesRead } = await this.#handle.read(bytes, read, length - read, position + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  }
}

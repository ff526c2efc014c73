import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { sluiceError } from '#shared/errors';
import { readExactly } from './compare.ts';
import { readCsv, type CsvCut, type Row } from './csv-read.ts';
import { matchColumns, mustEndInUtf8, readHead, type TargetHead } from './csv-target.ts';
import { rowWriter } from './csv-write.ts';

/** What of a target tells where and how rows are added, and by which it is known again. */
export interface TargetState {
  readonly existed: boolean;
  readonly size: number;
  readonly tail: Buffer;
  readonly head: TargetHead;
  /** Its last line has no line end yet. */
  readonly open: boolean;
}

/** What is to be added, in a file of its own. */
export interface Spooled {
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

const HEAD = 1 << 20;
export const TAIL = 1 << 16;
/** Outputs are written this way, whatever they were made of. */
const OUTPUT_CUT: CsvCut = { delimiter: ',', quote: '"' };

export async function lookAtTarget(path: string, names: readonly string[]): Promise<TargetState> {
  const found = await stat(path).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  if (found === null) {
    const head = readHead(path, new Uint8Array(), true, names);
    return { existed: false, size: 0, tail: Buffer.alloc(0), head, open: false };
  }
  if (found.isDirectory()) throw sluiceError('SOURCE_IS_FOLDER', { path });
  if (!found.isFile()) throw sluiceError('SOURCE_NOT_A_FILE', { path });
  // For writing too: a right that is missing is better known before anything is done.
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const start = await readExactly(file, 0, Math.min(size, HEAD));
    const tail = await readTail(file, size, Math.min(size, TAIL));
    const head = readHead(path, start, size <= HEAD, names);
    mustEndInUtf8(path, tail);
    const last = tail.at(-1);
    return { existed: true, size, tail, head, open: !head.blank && last !== 0x0a && last !== 0x0d };
  } finally {
    await file.close();
  }
}

/** @returns the bytes that end at `end` */
export const readTail = (file: FileHandle, end: number, length: number) =>
  readExactly(file, end - length, length);

/** @returns the names of the columns of an output */
export async function outputColumns(path: string, signal: AbortSignal): Promise<readonly string[]> {
  for await (const [first] of outputRows(path, signal)) {
    if (first !== undefined) return first.map(({ text }) => text);
  }
  throw sluiceError('SOURCE_EMPTY', { path });
}

async function* outputRows(path: string, signal: AbortSignal): AsyncGenerator<readonly Row[]> {
  try {
    for await (const records of readCsv(path, OUTPUT_CUT, signal)) yield records.map(({ row }) => row);
  } catch (error) {
    if (error instanceof TypeError) {
      throw sluiceError('TABLE_UNREADABLE', { name: basename(path), reason: 'it is not UTF-8' }, error);
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw sluiceError('SOURCE_MISSING', { path }, error);
    throw error;
  }
}

/** Writes what is to be added to a file of its own, on the disk when it returns. */
export async function spoolRows(
  output: string,
  target: { readonly path: string; readonly state: TargetState },
  names: readonly string[],
  spool: string,
  signal: AbortSignal,
): Promise<Spooled> {
  const { head } = target.state;
  const columns = head.columns ?? names;
  const order = matchColumns(target.path, columns, names);
  // Mends the last line of the target, before the first row.
  let lead = target.state.open ? head.dialect.newline : '';
  const file = await open(spool, 'w', 0o600);
  const hash = createHash('sha256');
  const write = rowWriter(head.dialect);
  let bytes = 0;
  let rows = -1;
  try {
    for await (const batch of outputRows(output, signal)) {
      let text = '';
      for (const row of batch) {
        rows += 1;
        if (row.length !== names.length) throw ragged(output, rows, row.length, names.length);
        if (rows > 0 || head.columns === null) text += write(reorder(row, order));
      }
      if (text === '') continue;
      const piece = Buffer.from(lead + text);
      lead = '';
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
    return { bytes, sha256: hash.digest('hex'), rows: Math.max(0, rows) };
  } finally {
    await file.close();
  }
}

const reorder = (row: Row, order: readonly number[]): Row =>
  order.map((from) => row[from] ?? { text: '', quoted: false });

function ragged(output: string, row: number, cells: number, columns: number) {
  const reason = `row ${row} has ${cells} cells and not ${columns}`;
  return sluiceError('TABLE_UNREADABLE', { name: basename(output), reason });
}

import type { Dialect, Reading } from '#shared/domain';
import type { CutDialect, EncodingGuess } from '../text/index.ts';
import { candidates, oneColumn } from './candidates.ts';
import { findLayout, layoutAsked } from './layout.ts';
import { columnNames } from './names.ts';
import { sampleRows, type SampleRow } from './rows.ts';
import { assess, type Assessment } from './score.ts';

/** Pieces of a file as UTF-8: its beginning, and pieces from further on that begin anywhere. */
export interface TextSample {
  readonly head: Buffer;
  /** Whether the head is the whole file. */
  readonly whole: boolean;
  readonly parts: readonly Buffer[];
}

/** How a file is a table. */
export interface Detected {
  readonly cut: CutDialect;
  readonly newline: Dialect['newline'];
  readonly width: number;
  readonly names: readonly string[];
  readonly renamed: readonly string[];
  readonly hasHeader: boolean;
  /** Lines above the header, or above the data where there is none. */
  readonly preambleLines: number;
  /** Byte of the UTF-8 text where the rows of data begin, and how many lines stand above them. */
  readonly dataStart: number;
  readonly linesAbove: number;
  /** The header's own text, to know it when it comes again; null where there is none or it has several rows. */
  readonly headerLine: string | null;
  /** Whether a cell above the data spans lines. */
  readonly linesUncertain: boolean;
  /** The next best reading where it is close. */
  readonly runnerUp: CutDialect | null;
}

const CLOSE_LOOK = 96 * 1024;
const ROWS = 1200;
const FINALISTS = 4;

/** @param asked what a person said of it stands; the rest is found out */
export function detectTable(sample: TextSample, asked: Reading): Detected {
  const start = afterLines(sample.head, skipBom(sample.head), asked.skipLines ?? 0);
  const forced = separatorLine(sample.head, start);
  const from = forced?.next ?? start;
  const body = sample.head.subarray(from);

  const best = chooseDialect(body, sample, asked.delimiter ?? forced?.delimiter ?? null, asked.quote);
  const rows = sampleRows(body, best.dialect, ROWS, sample.whole);
  const layout =
    asked.headerRows === null && asked.skipLines === null
      ? findLayout(rows, best.dialect.delimiter === '', best.dialect.delimiter !== '\t')
      : layoutAsked(rows, best.dialect.delimiter === '', asked);
  const { names, changed } = columnNames(layout.header, layout.width);

  const data = rows[layout.data]?.start ?? body.length;
  const top = rows[layout.top]?.start ?? 0;
  const above = rows.slice(0, layout.data);
  const lines = (to: number): number => countLines(sample.head.subarray(0, from + to), best.dialect.loneCr);
  const header = rows[layout.top];
  const dataStart = layout.data < rows.length ? from + data : (above.at(-1)?.next ?? body.length) + from;
  return {
    cut: best.dialect,
    newline: newlineOf(rows),
    width: layout.width,
    names,
    renamed: changed,
    hasHeader: layout.hasHeader,
    preambleLines: lines(top),
    dataStart,
    linesAbove: lines(dataStart - from),
    headerLine:
      layout.header.length === 1 && header !== undefined
        ? body.toString('utf8', header.start, header.next).replace(/[\r\n]+$/, '')
        : null,
    linesUncertain: above.some((row) => row.multiline || row.slipped),
    runnerUp: best.runnerUp,
  };
}

function chooseDialect(
  body: Buffer,
  sample: TextSample,
  forced: string | null,
  quote: Reading['quote'],
): { dialect: CutDialect; runnerUp: CutDialect | null } {
  const close = body.subarray(0, CLOSE_LOOK);
  const closeWhole = sample.whole && body.length <= CLOSE_LOOK;
  const text = close.toString('utf8');
  const alone = oneColumn(text);
  const tried = [...candidates(text, forced, quote), ...(forced === null ? [alone] : [])];
  const first = tried.map((dialect) => assess(dialect, sampleRows(close, dialect, 400, closeWhole)));
  first.sort(byScore);
  if (sample.whole && body.length <= CLOSE_LOOK) return ranked(first, alone);

  // The finalists have to do as well on the middle and the end of the file as on its beginning.
  const finalists = first.slice(0, FINALISTS).map(({ dialect }) => {
    const rows = sampleRows(body, dialect, ROWS, sample.whole);
    for (const part of sample.parts) rows.push(...sampleRows(fromLine(part), dialect, ROWS / 4, false));
    return assess(dialect, rows);
  });
  return ranked(finalists.sort(byScore), alone);
}

function fromLine(part: Buffer): Buffer {
  const newline = part.includes(10) ? part.indexOf(10) : part.indexOf(13);
  return part.subarray(newline + 1);
}

function byScore(a: Assessment, b: Assessment): number {
  return b.score - a.score;
}

function ranked(
  assessments: readonly Assessment[],
  alone: CutDialect,
): { dialect: CutDialect; runnerUp: CutDialect | null } {
  const [best, ...others] = assessments;
  if (best === undefined || best.score === 0) return { dialect: alone, runnerUp: null };
  const second = others.find((other) => other.dialect.delimiter !== best.dialect.delimiter);
  const isClose = second !== undefined && second.score > best.score * 0.85;
  return { dialect: best.dialect, runnerUp: isClose ? second.dialect : null };
}

function skipBom(head: Buffer): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/** Where the text begins below some lines; quotes mean nothing to a person who counts them. */
function afterLines(head: Buffer, from: number, lines: number): number {
  let at = from;
  for (let line = 0; line < lines && at < head.length; line += 1) {
    const feed = head.indexOf(10, at);
    const end = feed === -1 ? head.indexOf(13, at) : feed;
    at = end === -1 ? head.length : end + 1;
  }
  return at;
}

/** The line `sep=;` by which Excel is told what cuts the file. */
function separatorLine(head: Buffer, from: number): { delimiter: string; next: number } | null {
  const text = head.subarray(from, from + 64).toString('utf8');
  const match = /^"?sep=(\\t|[^"\r\n]{1,3}?)"?(?:\r\n|\n|\r)/i.exec(text);
  if (match === null) return null;
  const named = match[1] === '\\t' ? '\t' : (match[1] ?? ',');
  return { delimiter: named, next: from + Buffer.byteLength(match[0]) };
}

function countLines(bytes: Buffer, loneCr: boolean): number {
  let lines = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === 10 || (loneCr && bytes[at] === 13 && bytes[at + 1] !== 10)) lines += 1;
  }
  return lines;
}

function newlineOf(rows: readonly SampleRow[]): Dialect['newline'] {
  const seen = new Set(rows.map((row) => row.newline).filter((newline) => newline !== 'none'));
  if (seen.size > 1) return 'mixed';
  const [only] = seen;
  return only ?? 'lf';
}

/** The part of the dialect that people are shown. */
export function shownDialect(detected: Detected, cut: CutDialect, encoding: EncodingGuess): Dialect {
  return {
    encoding: encoding.encoding,
    bom: encoding.bom,
    delimiter: cut.delimiter === '' ? ',' : cut.delimiter,
    quote: cut.quote,
    escape: cut.escape,
    newline: detected.newline,
    preambleLines: detected.preambleLines,
    hasHeader: detected.hasHeader,
  };
}

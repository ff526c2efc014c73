import { isPlainView, MOST_COPIED, type Found, type RowWindow } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { formatCount, tsvField } from '#shared/lib';
import { formatOf } from '../formats/index.ts';
import { literal } from '../sql/index.ts';
import { cutAll } from '../text/index.ts';
import type { Calls, TableSource, ViewOfSource } from '../protocol.ts';
import { EngineError, type Session } from './database.ts';
import type { LoadedTables } from './loaded.ts';
import type { JobContext } from './read.ts';
import type { Snapshot, View, Whole } from './snapshot.ts';
import type { Loading, Snapshots } from './snapshots.ts';
import { cellName, firstWithSql } from './view-sql.ts';

/** What looking at rows needs beside. */
export interface LookContext extends JobContext {
  readonly snapshots: Snapshots | null;
  readonly onLoading: (now: Loading) => void;
}

/** Rows are written in pieces of so many when they are copied. */
const PIECE = 5000;
/** Letters that are copied at once. */
const LONGEST_COPY = 32_000_000;

type Input<N extends keyof Calls> = Calls[N]['input'];

/** Makes the snapshot of a table, or waits for the one that is being made. Throws SOURCE_*, TABLE_*, DISK_*. */
export function load(context: LookContext, source: TableSource): Promise<{ rows: number }> {
  return looking(context, source, null, async (_, snapshot) => ({
    rows: (await snapshot.whole(context.fixes)).rows,
  }));
}

/** A window of the rows. Those at the beginning of the file are there before all others are. */
export function rows(context: LookContext, input: Input<'rows'>): Promise<RowWindow> {
  const { source, view: asked, offset, limit, columns: span } = input;
  const head = isPlainView(asked) ? offset + limit : null;
  return looking(context, source, head, async (session, snapshot) => {
    const exact = snapshot.isWhole;
    const { view, whole } = await viewed(session, snapshot, context, input);
    const shown = await snapshot.window(session, view, whole, { offset, limit, span });
    return { total: view.total, exact, rows: [...shown] };
  });
}

export function find(context: LookContext, input: Input<'find'>): Promise<Found> {
  const { source, text, from, backwards } = input;
  return looking(context, source, null, async (session, snapshot) => {
    const { view, whole } = await viewed(session, snapshot, context, input);
    const hits = await snapshot.matches(session, view, text, whole);
    if (hits.total === 0) return { count: 0, next: null };
    const near = backwards
      ? `SELECT place, rowid FROM ${hits.table} WHERE place <= ${from} ORDER BY place DESC LIMIT 1`
      : `SELECT place, rowid FROM ${hits.table} WHERE place >= ${from} ORDER BY place LIMIT 1`;
    const round = `SELECT place, rowid FROM ${hits.table} ORDER BY place ${backwards ? 'DESC' : ''} LIMIT 1`;
    const [hit] = [...(await session.query(near)), ...(await session.query(round))];
    const offset = Number(hit?.[0] ?? 0);
    const column = await firstColumn(session, snapshot, view, whole, offset, text);
    return { count: hits.total, next: { offset, index: Number(hit?.[1] ?? 0), column } };
  });
}

async function firstColumn(
  session: Session,
  snapshot: Snapshot,
  view: View,
  whole: Whole,
  offset: number,
  text: string,
): Promise<number> {
  const { columns } = snapshot;
  const span = { from: 0, count: columns.length };
  const [row] = await snapshot.window(session, view, whole, { offset, limit: 1, span });
  if (row === undefined) return 0;
  const cells = row.cells.map(
    (cell, index) => `${cell === null ? 'NULL::VARCHAR' : literal(cell)} AS ${cellName(index)}`,
  );
  const [[column] = [0]] = await session.query(
    `SELECT ${firstWithSql(columns, text)} FROM (SELECT ${cells.join(', ')})`,
  );
  return Number(column ?? 0);
}

/** The most common values of a column among the rows of a view, those with a text in them. */
export function values(context: LookContext, input: Input<'values'>): Promise<Calls['values']['output']> {
  const { source, column, text, limit } = input;
  return looking(context, source, null, async (session, snapshot) => {
    const { view, whole } = await viewed(session, snapshot, context, input);
    return snapshot.values(session, view, whole, { column, text, limit });
  });
}

/** Rows as lines of cells between tabs, as spreadsheets take them. Throws INPUT_INVALID where they are too many. */
export function copy(context: LookContext, input: Input<'copy'>): Promise<{ text: string }> {
  const { source, columns: wanted, offset, header } = input;
  return looking(context, source, null, async (session, snapshot) => {
    const { view, whole } = await viewed(session, snapshot, context, input);
    const count = Math.max(0, Math.min(input.count, view.total - offset));
    if (count * wanted.length > MOST_COPIED) throw tooMuch(`${formatCount(count * wanted.length)} cells`);
    const from = Math.min(...wanted);
    const span = { from, count: Math.max(...wanted) - from + 1 };
    const lines = header
      ? [wanted.map((index) => tsvField(snapshot.columns[index]?.name ?? '')).join('\t')]
      : [];
    let length = 0;
    for (let done = 0; done < count; done += PIECE) {
      const limit = Math.min(PIECE, count - done);
      const shown = await snapshot.window(session, view, whole, { offset: offset + done, limit, span });
      for (const { cells } of shown) {
        const line = wanted.map((index) => tsvField(cells[index - from] ?? '')).join('\t');
        length += line.length + 1;
        lines.push(line);
      }
      if (length > LONGEST_COPY) throw tooMuch(`more than ${LONGEST_COPY / 1_000_000} million letters`);
    }
    return { text: lines.join('\n') };
  });
}

function tooMuch(what: string) {
  return sluiceError('INPUT_INVALID', {
    what: `${what} are too much to be copied at once; choose fewer rows, or run a recipe and open its output`,
  });
}

/** A text cut into cells the way the file is cut. */
export function cut(tables: LoadedTables, { source, raw }: Input<'cut'>): Promise<{ cells: string[] }> {
  return tables.use(source, (loaded) => {
    const format = formatOf(loaded.table);
    if (format.kind !== 'delimited') return Promise.resolve({ cells: [raw] });
    const { delimiter, quote, escape } = format.dialect;
    const dialect = { delimiter, quote, escape, collapse: false, loneCr: false };
    const [cells = []] = cutAll(Buffer.from(raw), dialect);
    return Promise.resolve({ cells: [...cells] });
  });
}

async function viewed(
  session: Session,
  snapshot: Snapshot,
  { fixes, signal }: LookContext,
  { view: asked }: ViewOfSource,
): Promise<{ view: View; whole: Whole }> {
  const whole = await snapshot.whole(fixes);
  for (;;) {
    try {
      return { whole, view: await snapshot.view(session, asked, whole) };
    } catch (error) {
      // Another call that was making the same view was cancelled.
      if (!isSluiceError(error, 'CANCELLED') || signal.aborted) throw error;
    }
  }
}

/** Runs a job on the snapshot of a table: all its rows, or its first where `head` asks for no more. */
export function looking<T>(
  context: LookContext,
  source: TableSource,
  head: number | null,
  job: (session: Session, snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const { snapshots, onLoading } = context;
  if (snapshots === null) throw new Error('asked before it was opened');
  return context.tables.use(source, (loaded) =>
    snapshots.use(context, loaded, { head, onLoading }, async (snapshot) => {
      using session = await context.database.session(context.signal);
      try {
        return await job(session, snapshot);
      } catch (error) {
        if (error instanceof EngineError) throw error.toSluiceError(loaded.table.name, null);
        throw error;
      }
    }),
  );
}

import {
  isPlainView,
  type Column,
  type ColumnSpan,
  type Fix,
  type ShownRow,
  type TableView,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { canonicalJson } from '#shared/lib';
import type { Cell, Session } from './database.ts';
import { applicable, fixedRowsSql } from './fixes.ts';
import type { Loaded } from './loaded.ts';
import { anywhereSql, boundsOf, boundSql, cellName, misfitsSql, orderSql, whereSql } from './view-sql.ts';

/** A view of rows as it was worked out: a table of places in order, or none for all of them in their own order. */
export interface View {
  readonly table: string | null;
  readonly total: number;
}

/** The rows of a snapshot with those fixes that hold. */
export interface Whole {
  readonly fixes: readonly Fix[];
  readonly rows: number;
}

const KEPT = 4;
/** DuckDB unpacks so many rows at once: places nearer than this are had in one go. */
const NEAR = 2048;
/** From so many stretches on, looking through all rows is quicker. */
const MANY_STRETCHES = 150;

/**
 * The rows of one table, all text, in a database file: `head` while it is made, then `rows`. A row is known by its place,
 * and fixed lines follow the last row of the file.
 */
export class Snapshot {
  readonly name: string;
  readonly #loaded: Loaded;
  readonly #made = new Map<string, Promise<View>>();
  #headRows = 0;
  #rows: number | null = null;
  #next = 1;

  constructor(name: string, loaded: Loaded) {
    this.name = name;
    this.#loaded = loaded;
  }

  /** With their types as far as they are known. */
  get columns(): readonly Column[] {
    return this.#loaded.verified?.columns.map(({ column }) => column) ?? this.#loaded.table.columns;
  }

  get isWhole(): boolean {
    return this.#rows !== null;
  }

  get rowsThere(): number {
    return this.#rows ?? this.#headRows;
  }

  headIsThere(rows: number): void {
    this.#headRows = rows;
  }

  wholeIsThere(rows: number): void {
    this.#rows = rows;
  }

  async whole(fixes: readonly Fix[]): Promise<Whole> {
    const clean = this.#rows === null ? null : await this.#loaded.clean;
    const { holding } = applicable(fixes, clean?.rejects ?? [], this.columns.length);
    return { fixes: holding, rows: this.rowsThere + holding.length };
  }

  /** A view, worked out once and kept while it is among the last. Throws INPUT_INVALID. */
  async view(session: Session, asked: TableView, whole: Whole): Promise<View> {
    if (isPlainView(asked)) return { table: null, total: whole.rows };
    await this.#assertBounds(session, asked);
    const { columns } = this;
    const where = whereSql(columns, asked.filters);
    const order = orderSql(columns, asked.sort);
    const sql = `SELECT p FROM (${this.#all(whole, columns.length)}) WHERE ${where} ORDER BY ${order}`;
    return this.#kept(session, canonicalJson({ sql }), sql);
  }

  /** The offsets in a view of the rows that hold a text anywhere, in order, as a table of `place`. */
  async matches(session: Session, view: View, text: string, whole: Whole): Promise<View> {
    const { columns } = this;
    const hits = `SELECT p FROM (${this.#all(whole, columns.length)}) WHERE ${anywhereSql(columns, text)}`;
    const sql =
      view.table === null
        ? `SELECT p AS place FROM (${hits}) ORDER BY place`
        : `SELECT v.rowid AS place FROM ${view.table} v SEMI JOIN (${hits}) h ON h.p = v.p ORDER BY place`;
    return this.#kept(session, canonicalJson({ sql }), sql);
  }

  /** Rows of a view by offset. */
  async window(
    session: Session,
    view: View,
    whole: Whole,
    { offset, limit, span }: { readonly offset: number; readonly limit: number; readonly span: ColumnSpan },
  ): Promise<readonly ShownRow[]> {
    if (view.table === null) {
      const to = Math.min(offset + limit, whole.rows);
      if (to <= offset) return [];
      const fixed = whole.fixes.map((_, index) => this.rowsThere + index);
      const wanted = fixed.filter((place) => place >= offset && place < to);
      return this.#read(session, [stretchSql(offset, to - 1)], wanted, whole, span);
    }
    const places = await this.#places(session, view.table, offset, limit);
    if (places.length === 0) return [];
    const sorted = [...places].sort((a, b) => a - b);
    const stretches = stretchesOf(sorted);
    const conditions =
      stretches.length > MANY_STRETCHES ? [`rowid IN (${sorted.join(', ')})`] : stretches.map(amongSql);
    const fixed = sorted.filter((place) => place >= this.rowsThere);
    const rows = await this.#read(session, conditions, fixed, whole, span);
    const byPlace = new Map(rows.map((row) => [row.position, row]));
    return places.flatMap((place) => byPlace.get(place) ?? []);
  }

  /** The most common values of a column that hold a text, the most common first. */
  async values(
    session: Session,
    view: View,
    whole: Whole,
    { column, text, limit }: { readonly column: number; readonly text: string; readonly limit: number },
  ): Promise<{ value: string; count: number }[]> {
    const where = whereSql(this.columns, text === '' ? [] : [{ kind: 'contains', column, text, not: false }]);
    const within = view.table === null ? '' : `SEMI JOIN ${view.table} v ON v.p = a.p`;
    const cell = cellName(column);
    const rows = await session.query(
      `SELECT ${cell}, count(*) AS n FROM (${this.#all(whole, this.columns.length)}) a ${within} WHERE ${cell} IS NOT NULL AND ${where} GROUP BY ${cell} ORDER BY n DESC, ${cell} LIMIT ${limit}`,
    );
    return rows.map(([value, count]) => ({ value: String(value), count: Number(count) }));
  }

  /** All rows as a query: `p`, their place, and the cells by `cellName`. */
  rowsSql(whole: Whole): string {
    return this.#all(whole, this.columns.length);
  }

  #all(whole: Whole, columns: number): string {
    const cells = Array.from({ length: columns }, (_, index) => cellName(index)).join(', ');
    const rows = `SELECT rowid AS p, ${cells} FROM ${this.#table()}`;
    return whole.fixes.length === 0 ? rows : `${rows} UNION ALL ${this.#fixed(whole, cells, columns)}`;
  }

  #fixed({ fixes }: Whole, cells: string, columns: number): string {
    const names = Array.from({ length: columns }, (_, index) => cellName(index));
    return `SELECT ${this.rowsThere} + row_number() OVER () - 1 AS p, ${cells} FROM (${fixedRowsSql(fixes, names)})`;
  }

  async #read(
    session: Session,
    conditions: readonly string[],
    fixed: readonly number[],
    whole: Whole,
    span: ColumnSpan,
  ): Promise<readonly ShownRow[]> {
    const { columns } = this;
    const names = columns.slice(span.from, span.from + span.count).map((_, at) => cellName(span.from + at));
    const cells = names.join(', ');
    const parts = conditions.map(
      (condition) => `SELECT rowid AS p, ${cells} FROM ${this.#table()} WHERE ${condition}`,
    );
    if (fixed.length > 0) {
      const rows = this.#fixed(whole, cells, columns.length);
      parts.push(`SELECT p, ${cells} FROM (${rows}) WHERE p IN (${fixed.join(', ')})`);
    }
    const rows = await session.query(
      `SELECT p, ${misfitsSql(columns, span)}, ${cells} FROM (${parts.join(' UNION ALL ')}) ORDER BY p`,
    );
    return rows.map(([place, misfits, ...texts]) => ({
      position: Number(place),
      cells: texts.map((text) => (text === null ? null : String(text))),
      misfits: (Array.isArray(misfits) ? (misfits as readonly Cell[]) : []).flatMap((index) =>
        index === null ? [] : [Number(index)],
      ),
    }));
  }

  async #places(session: Session, table: string, offset: number, limit: number): Promise<number[]> {
    const rows = await session.query(
      `SELECT p FROM ${table} WHERE rowid >= ${offset} AND rowid < ${offset + limit} ORDER BY rowid`,
    );
    return rows.map(([place]) => Number(place));
  }

  #table(): string {
    return `${this.name}.${this.isWhole ? 'rows' : 'head'}`;
  }

  async #assertBounds(session: Session, { filters }: TableView): Promise<void> {
    for (const { text, column } of boundsOf(this.columns, filters)) {
      const [[empty] = [true]] = await session.query(`SELECT ${boundSql(text, column)} IS NULL`);
      if (empty === true) {
        throw sluiceError('INPUT_INVALID', { what: `“${text}” cannot be compared with ${column.name}` });
      }
    }
  }

  async #kept(session: Session, key: string, sql: string): Promise<View> {
    const known = this.#made.get(key);
    if (known !== undefined) {
      this.#made.delete(key);
      this.#made.set(key, known);
      return known;
    }
    const table = `${this.name}.view_${this.#next}`;
    this.#next += 1;
    const making = this.#make(session, table, sql).catch((error: unknown) => {
      this.#made.delete(key);
      throw error;
    });
    this.#made.set(key, making);
    const made = await making;
    await this.#dropOldest(session);
    return made;
  }

  async #make(session: Session, table: string, sql: string): Promise<View> {
    await session.run(`CREATE TABLE ${table} AS ${sql}`);
    const [[count] = [0]] = await session.query(`SELECT count(*) FROM ${table}`);
    return { table, total: Number(count) };
  }

  async #dropOldest(session: Session): Promise<void> {
    for (const [key, making] of this.#made) {
      if (this.#made.size <= KEPT) return;
      this.#made.delete(key);
      const view = await making.catch(() => null);
      if (view?.table !== null && view !== null) await session.run(`DROP TABLE IF EXISTS ${view.table}`);
    }
  }
}

const stretchSql = (from: number, to: number): string => `rowid >= ${from} AND rowid <= ${to}`;

function amongSql(places: readonly number[]): string {
  const from = places[0] ?? 0;
  const to = places.at(-1) ?? from;
  const range = stretchSql(from, to);
  return to - from + 1 === places.length ? range : `${range} AND rowid IN (${places.join(', ')})`;
}

/** Places in order, put together where they are near one another. */
function stretchesOf(places: readonly number[]): readonly (readonly number[])[] {
  const stretches: number[][] = [];
  for (const place of places) {
    const last = stretches.at(-1);
    const near = last?.at(-1);
    if (last !== undefined && near !== undefined && place - near < NEAR) last.push(place);
    else stretches.push([place]);
  }
  return stretches;
}

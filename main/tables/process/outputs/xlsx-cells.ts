import { assertNever, formatCount } from '#shared/lib';
import type { Cell } from '../database.ts';
import { identifier } from '../../sql/index.ts';
import type { OutputColumn } from './columns.ts';

/** A column as it stands in a sheet. */
export interface SheetColumn {
  readonly name: string;
  /** Its number format; null for the common one. */
  readonly format: string | null;
  /** In characters. */
  readonly width: number;
  /** SQL of its cells: as they are, and, where there are two, as text where the first is absent. */
  readonly cells: readonly string[];
  /** What a person has to know of how it was written. */
  readonly note: string | null;
}

const TEXT = '@';
const WHOLE = '0';
export const DATE = 'yyyy-mm-dd';
export const MOMENT = 'yyyy-mm-dd hh:mm:ss';
export const MOMENT_MS = 'yyyy-mm-dd hh:mm:ss.000';
export const TIME = 'hh:mm:ss';
export const TIME_MS = 'hh:mm:ss.000';

/** Excel counts with 15 digits. */
const EXACT = 1e15;
/** Excel counts a day in February 1900 that never was; before March it is a matter of opinion which day a number is. */
const FIRST_DAY = "DATE '1900-03-01'";
const LAST_DAY = "DATE '9999-12-31'";
const WIDEST = 60;
const NARROWEST = 8;
const LONGEST = 32_767;

/** For each column: its width, its bytes, and what its type gives reason to ask; the count of rows first. */
export function statisticsSql(columns: readonly OutputColumn[], query: string): string {
  const asked = columns.flatMap((column) => {
    const cell = identifier(column.name);
    const text = `${cell}::VARCHAR`;
    return [`max(length(${text}))`, `sum(strlen(${text}))`, questionOf(column, cell)];
  });
  return `SELECT ${['count(*)', ...asked].join(', ')} FROM (\n${query}\n)`;
}

function questionOf({ kind }: OutputColumn, cell: string): string {
  switch (kind) {
    case 'whole':
    case 'decimal':
      return `max(abs(${cell}::DOUBLE))`;
    case 'real':
      return `count(*) FILTER (WHERE NOT isfinite(${cell}))`;
    case 'date':
      return `count(*) FILTER (WHERE NOT (${withinDays(cell)}))`;
    case 'moment':
      return `concat_ws(' ', count(*) FILTER (WHERE NOT (${withinDays(`${cell}::DATE`)})), coalesce(max(epoch_us(${cell}) % 1000000 <> 0)::INTEGER, 0), coalesce(max(epoch_us(${cell}) % 1000 <> 0)::INTEGER, 0))`;
    case 'time':
      return `concat_ws(' ', 0, coalesce(max(epoch_us(${cell}) % 1000000 <> 0)::INTEGER, 0), coalesce(max(epoch_us(${cell}) % 1000 <> 0)::INTEGER, 0))`;
    case 'text':
    case 'boolean':
    case 'other':
      return 'NULL';
    default:
      return assertNever(kind);
  }
}

const withinDays = (day: string): string => `${day} >= ${FIRST_DAY} AND ${day} <= ${LAST_DAY}`;

export function cellsOf(
  columns: readonly OutputColumn[],
  [rows = 0, ...found]: readonly Cell[],
): { readonly columns: readonly SheetColumn[]; readonly rows: number; readonly bytes: number } {
  let bytes = 0;
  const made = columns.map((column, index): SheetColumn => {
    const [longest = 0, size = 0, answer = null] = found.slice(index * 3, index * 3 + 3);
    bytes += Number(size ?? 0);
    const width = Math.min(WIDEST, Math.max(NARROWEST, Number(longest ?? 0), column.name.length) + 2);
    return { name: column.name, width, ...sheetCells(column, answer) };
  });
  return { columns: made, rows: Number(rows), bytes };
}

function sheetCells(column: OutputColumn, answer: Cell): Pick<SheetColumn, 'format' | 'cells' | 'note'> {
  const { name, kind, type } = column;
  const cell = identifier(name);
  const asText = (note: string | null) => ({ format: TEXT, cells: [`${cell}::VARCHAR`], note });
  const plain = (format: string | null, sql: string) => ({ format, cells: [sql], note: null });
  const orText = (format: string | null, sql: string, when: string, note: string | null) => ({
    format,
    cells: [`CASE WHEN ${when} THEN ${sql} END`, `CASE WHEN NOT (${when}) THEN ${cell}::VARCHAR END`],
    note,
  });
  switch (kind) {
    case 'text':
    case 'other':
      return asText(null);
    case 'boolean':
      return plain(null, cell);
    case 'whole':
      return Number(answer) < EXACT
        ? plain(WHOLE, `${cell}::DOUBLE`)
        : asText(`${name} has numbers of more than 15 digits, which Excel would round: it is text.`);
    case 'decimal':
      return Number(answer) * 10 ** placesOf(type) < EXACT
        ? plain(null, `${cell}::DOUBLE`)
        : asText(`${name} has numbers of more than 15 digits, which Excel would round: it is text.`);
    case 'real': {
      const odd = Number(answer);
      if (odd === 0) return plain(null, `${cell}::DOUBLE`);
      const note = `${formatCount(odd)} values of ${name} are no finite numbers: they are text.`;
      return orText(null, `${cell}::DOUBLE`, `isfinite(${cell})`, note);
    }
    case 'date': {
      const serial = `(${cell} - DATE '1899-12-30')::DOUBLE`;
      return orText(DATE, serial, withinDays(cell), beyond(name, Number(answer)));
    }
    case 'moment': {
      const [outside = 0, parts, micros] = String(answer).split(' ').map(Number);
      if (micros === 1)
        return asText(`${name} has millionths of seconds, which Excel does not keep: it is text.`);
      const serial = `(epoch_us(${cell}) / 86400000000.0 + 25569)`;
      const note = [
        beyond(name, outside),
        type === 'TIMESTAMP WITH TIME ZONE' ? `${name} is written in UTC.` : null,
      ].filter((sentence) => sentence !== null);
      const said = note.length === 0 ? null : note.join(' ');
      return orText(parts === 1 ? MOMENT_MS : MOMENT, serial, withinDays(`${cell}::DATE`), said);
    }
    case 'time': {
      const [, parts, micros] = String(answer).split(' ').map(Number);
      if (micros === 1)
        return asText(`${name} has millionths of seconds, which Excel does not keep: it is text.`);
      return plain(parts === 1 ? TIME_MS : TIME, `(epoch_us(${cell}) / 86400000000.0)`);
    }
    default:
      return assertNever(kind);
  }
}

function beyond(name: string, count: number): string | null {
  return count === 0
    ? null
    : `${formatCount(count)} dates of ${name} are before March 1900 or after 9999, which Excel does not know: they are text.`;
}

function placesOf(type: string): number {
  return Number(/,\s*(\d+)\)/.exec(type)?.[1] ?? 0);
}

// oxlint-disable-next-line no-control-regex -- what no XML may hold is what it is about
const CONTROLS = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
/** Excel takes `_x0041_` within a text for a letter. */
const ESCAPE = /_x(?=[0-9A-Fa-f]{4}_)/g;

/** What texts have to give up to stand in a sheet, counted. */
export class CellRules {
  #cut = 0;
  #stripped = 0;

  text(value: string): string {
    let text = value;
    if (CONTROLS.test(text)) {
      CONTROLS.lastIndex = 0;
      text = text.replace(CONTROLS, '');
      this.#stripped += 1;
    }
    if (text.length > LONGEST) {
      const high = text.charCodeAt(LONGEST - 1);
      text = text.slice(0, high >= 0xd800 && high <= 0xdbff ? LONGEST - 1 : LONGEST);
      this.#cut += 1;
    }
    return text.includes('_x') ? text.replace(ESCAPE, '_x005F_x') : text;
  }

  notes(columns: readonly SheetColumn[], sheets: number): readonly string[] {
    const cells = (count: number): string => `${formatCount(count)} ${count === 1 ? 'cell' : 'cells'}`;
    return [
      ...(sheets > 1 ? [`The rows are in ${sheets} sheets: one holds 1,048,576 rows.`] : []),
      ...(this.#cut > 0
        ? [
            `${cells(this.#cut)} with more than 32,767 characters, the most that Excel holds: the rest was left out.`,
          ]
        : []),
      ...(this.#stripped > 0
        ? [
            `${cells(this.#stripped)} with control characters, which a workbook cannot hold: they were left out.`,
          ]
        : []),
      ...columns.flatMap(({ note }) => note ?? []),
    ];
  }
}

import { type ColumnType, type RejectedRow, type TablePreview, type TableProfile } from '#shared/domain';

const text: ColumnType = { kind: 'text' };
const integer: ColumnType = { kind: 'integer', thousands: null };
const amount: ColumnType = { kind: 'decimal', point: ',', thousands: '.' };
const date: ColumnType = { kind: 'date', formats: ['%d.%m.%Y', '%Y-%m-%d', '%d %b %Y'] };
const yes: ColumnType = { kind: 'boolean', yes: ['ja'], no: ['nein'] };

const COLUMNS: readonly (readonly [string, ColumnType, string | null])[] = [
  ['id', integer, null],
  ['name', text, null],
  ['ordered_at', date, '01/02/2024 was read day first: 13/02/2024 occurs too.'],
  ['amount', amount, null],
  ['paid', yes, null],
  ['a column whose name nobody ever shortened after the export was made', text, null],
  ['city', text, null],
  ['', text, null],
  ['remarks', text, null],
];
const NAMES = [
  'Müller GmbH',
  ' Åse Østergård ',
  'O’Brien & Sons, "the bakers"',
  '株式会社サンプル',
  'Zoë 🥐',
];
const CITIES = ['Köln', 'São Paulo', 'Reykjavík', 'Paris'];

export function previewOf(name: string, size: number): TablePreview {
  return {
    name,
    size,
    format: {
      kind: 'delimited',
      runnerUp: null,
      dialect: {
        encoding: 'windows-1252',
        bom: false,
        delimiter: ';',
        quote: '"',
        escape: null,
        newline: 'mixed',
        preambleLines: 3,
        hasHeader: true,
      },
    },
    container: null,
    columns: COLUMNS.map(([column, type, note]) => ({ name: column, type, note })),
    rows: Array.from({ length: 50 }, (_, row) => [
      String(100_234 + row),
      NAMES[row % NAMES.length] ?? '',
      row % 3 === 0 ? `${10 + (row % 18)}.03.2026` : `2026-03-${10 + (row % 18)}`,
      `${(row * 7919) % 9}.${String((row * 104_729) % 1000).padStart(3, '0')},${row % 10}0`,
      row % 4 === 0 ? 'nein' : 'ja',
      row % 5 === 0 ? '' : 'lorem ipsum dolor sit amet, consectetur adipiscing elit sed do',
      CITIES[row % CITIES.length] ?? '',
      row % 7 === 0 ? null : 'x',
      row % 6 === 0 ? 'first line\nsecond line' : '',
    ]),
    rowsEstimated: 1_284_000,
    rowsExact: false,
    warnings: [
      {
        code: 'preamble-skipped',
        sentence: 'Three lines before the header do not belong to the table.',
        count: 3,
      },
      { code: 'encoding-guessed', sentence: 'It is not UTF-8; it was read as Windows-1252.', count: null },
      { code: 'ragged-rows', sentence: 'Some rows have more cells than the header.', count: 12 },
    ],
    tookMs: 312,
  };
}

/** A table with very many columns. */
export function widePreview(name: string): TablePreview {
  const narrow = previewOf(name, 1000);
  return {
    ...narrow,
    columns: Array.from({ length: 2000 }, (_, index) => ({ name: `c${index}`, type: integer, note: null })),
    rows: Array.from({ length: 50 }, (_, row) =>
      Array.from({ length: 2000 }, (_, index) => String(row * index)),
    ),
    warnings: [],
  };
}

export function profileOf(): TableProfile {
  const rows = 1_284_113;
  return {
    rows,
    rejected: 12,
    duplicates: 3106,
    warnings: [],
    tookMs: 4210,
    columns: COLUMNS.map(([name, type], index) => ({
      name,
      type,
      empty: index % 3 === 0 ? 0 : 1 + index * 11_213,
      misfits: type.kind === 'decimal' ? 41 : 0,
      distinct: index === 0 ? rows : 4 * (index + 1) ** 5,
      min: type.kind === 'text' ? 'Aachen' : type.kind === 'date' ? '2026-01-01' : '1',
      max: type.kind === 'text' ? 'Zwolle' : type.kind === 'date' ? '2026-03-31' : '9.999,90',
      mean: type.kind === 'decimal' ? 4711.234 : null,
      quantiles: type.kind === 'decimal' ? { q25: '1.204,00', q50: '3.998,50', q75: '7.110,00' } : null,
      longest: 12 + index * 4,
      top: [
        { value: 'Köln', count: 412_000 },
        { value: 'Paris', count: 288_000 },
        { value: '', count: 9000 },
      ],
      histogram:
        type.kind === 'decimal' || type.kind === 'integer'
          ? Array.from({ length: 24 }, (_, bin) => Math.round(1000 * Math.exp(-((bin - 9) ** 2) / 40)))
          : [],
    })),
  };
}

export const rejects: readonly RejectedRow[] = [
  {
    line: 1042,
    byte: 88_120,
    column: null,
    reason: '11 cells where the header has 9',
    raw: '1041;Müller;;;;;;;;;x',
  },
  {
    line: 90_311,
    byte: 7_120_400,
    column: 'remarks',
    reason: 'a quote that is never closed',
    raw: '90310;"Åse;2026-03-01;12,00;ja;;Köln;x;"',
  },
];

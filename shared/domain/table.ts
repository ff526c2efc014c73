import { z } from 'zod';
import { encodingName } from './reading.ts';

/** How a text file is cut into rows and cells. */
export const dialect = z.object({
  /** As detected, or `utf-8` for plain ASCII. */
  encoding: encodingName,
  /** Whether a byte order mark leads. */
  bom: z.boolean(),
  delimiter: z.string(),
  /** null: cells are never quoted. */
  quote: z.string().nullable(),
  /** null: the quote is escaped by doubling it. */
  escape: z.string().nullable(),
  newline: z.enum(['lf', 'crlf', 'cr', 'mixed']),
  /** Lines before the header that do not belong to the table. */
  preambleLines: z.number().int().nonnegative(),
  hasHeader: z.boolean(),
});
export type Dialect = z.infer<typeof dialect>;

/** What a file is, told by its content, and what there was to choose in it. */
export const tableFormat = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('delimited'),
    dialect,
    /** Another way to cut it that is nearly as likely, or null. */
    runnerUp: dialect.nullable(),
    /** Where the encoding is a guess: others it may be, the likeliest first, and how each reads one line of the file. */
    encodings: z.array(z.object({ name: encodingName, sample: z.string() })).optional(),
  }),
  z.object({
    kind: z.literal('workbook'),
    /** In the order of the workbook. */
    sheets: z.array(z.object({ name: z.string(), hidden: z.boolean() })),
    /** The one that was read. */
    sheet: z.string(),
  }),
  /** One object a line, one array of objects, or one object that holds such an array under a name. */
  z.object({
    kind: z.literal('json'),
    shape: z.enum(['lines', 'array', 'object']),
    /** The name of the array in the object, else null. */
    member: z.string().nullable(),
  }),
  z.object({ kind: z.literal('parquet') }),
]);
export type TableFormat = z.infer<typeof tableFormat>;

/** What a table was packed in. */
export const tableContainer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('gzip') }),
  z.object({ kind: z.literal('zstd') }),
  z.object({
    kind: z.literal('zip'),
    /** Files in it that can hold a table, with what they unpack to, bytes. */
    entries: z.array(z.object({ name: z.string(), size: z.number() })),
    /** The one that was read. */
    entry: z.string(),
  }),
]);
export type TableContainer = z.infer<typeof tableContainer>;

/** A currency or `%` before or behind each number or some; negative ones in brackets or with their sign behind. */
const aroundNumbers = { unit: z.string().min(1).optional(), accounting: z.boolean().optional() };
/** The language of the names of months, where it is not the full English ones. */
const monthNames = {
  months: z.enum(['en', 'de', 'fr', 'es', 'it', 'pt', 'nl', 'sv', 'da', 'pl', 'cs', 'tr', 'ru']).optional(),
};
/** Words, in small letters, that stand for nothing in this column besides those that do everywhere. */
const ownNulls = { nulls: z.array(z.string()).optional() };

/** What a column's text can be read as without losing anything. */
export const columnType = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text') }),
  z.object({ kind: z.literal('integer'), thousands: z.string().nullable(), ...aroundNumbers, ...ownNulls }),
  z.object({
    kind: z.literal('decimal'),
    point: z.enum(['.', ',']),
    thousands: z.string().nullable(),
    ...aroundNumbers,
    ...ownNulls,
  }),
  z.object({ kind: z.literal('boolean'), yes: z.array(z.string()), no: z.array(z.string()) }),
  /** strptime patterns that between them read every value; more than one where the file mixes forms. */
  z.object({ kind: z.literal('date'), formats: z.array(z.string()).min(1), ...monthNames, ...ownNulls }),
  z.object({ kind: z.literal('timestamp'), formats: z.array(z.string()).min(1), ...monthNames, ...ownNulls }),
]);
export type ColumnType = z.infer<typeof columnType>;

export const column = z.object({
  name: z.string(),
  type: columnType,
  /** Said aloud where the reading is a choice, e.g. that 01/02/2024 was read day first; else null. */
  note: z.string().nullable(),
});
export type Column = z.infer<typeof column>;

/** Something the person should know about the file before trusting it. */
export const tableWarning = z.object({
  code: z.enum([
    'encoding-guessed',
    'ragged-rows',
    'preamble-skipped',
    'duplicate-names',
    'ambiguous-dates',
    'mixed-newlines',
    'no-header',
    'header-only',
    'unclosed-quote',
    'single-column',
    'several-tables',
    'values-do-not-fit',
    'mixed-types',
    'broken-records',
    'repeated-keys',
    'cut-short',
    'other-content',
    'cell-errors',
  ]),
  sentence: z.string(),
  /** Rows it concerns, where they were counted. */
  count: z.number().nullable(),
});
export type TableWarning = z.infer<typeof tableWarning>;

/** The head of a table: what is shown at once. Cells are the file's own text; null is an absent cell. */
export const tablePreview = z.object({
  name: z.string(),
  size: z.number(),
  format: tableFormat,
  container: tableContainer.nullable(),
  columns: z.array(column),
  rows: z.array(z.array(z.string().nullable())),
  /** From the size and the mean row length of the sample; exact where the whole file was read. */
  rowsEstimated: z.number(),
  rowsExact: z.boolean(),
  warnings: z.array(tableWarning),
  /** How long it took, ms. */
  tookMs: z.number(),
});
export type TablePreview = z.infer<typeof tablePreview>;

export const columnProfile = z.object({
  name: z.string(),
  type: columnType,
  /** Cells that are absent or empty. */
  empty: z.number(),
  /** Cells that do not fit the type. */
  misfits: z.number(),
  /** Approximate above a few thousand. */
  distinct: z.number(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  mean: z.number().nullable(),
  quantiles: z.object({ q25: z.string(), q50: z.string(), q75: z.string() }).nullable(),
  longest: z.number(),
  top: z.array(z.object({ value: z.string(), count: z.number() })),
  /** Equal-width counts between min and max of a numeric column; empty for others. */
  histogram: z.array(z.number()),
});
export type ColumnProfile = z.infer<typeof columnProfile>;

export const tableProfile = z.object({
  rows: z.number(),
  /** Rows that were cut wrong and kept aside: too long or broken. */
  rejected: z.number(),
  duplicates: z.number(),
  columns: z.array(columnProfile),
  warnings: z.array(tableWarning),
  tookMs: z.number(),
});
export type TableProfile = z.infer<typeof tableProfile>;

/** A line that could not be read as a row, kept for the person to see. */
export const rejectedRow = z.object({
  line: z.number(),
  byte: z.number(),
  column: z.string().nullable(),
  reason: z.string(),
  raw: z.string(),
});
export type RejectedRow = z.infer<typeof rejectedRow>;

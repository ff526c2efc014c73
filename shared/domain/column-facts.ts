import { z } from 'zod';
import { columnIndex } from './rows.ts';
import { columnType, tablePreview, tableProfile } from './table.ts';

/** A cell that something is said of. */
export const citedCell = z.object({
  /** Of the table, from 1. */
  row: z.number(),
  /** Of the file, from 1; null where rows and lines are not the same and nobody counted. */
  line: z.number().nullable(),
  value: z.string(),
});
export type CitedCell = z.infer<typeof citedCell>;

/** Something to know of a column before trusting it. */
export const columnFinding = z.object({
  code: z.enum([
    'misfits',
    'empty',
    'nearly-empty',
    'constant',
    'unique',
    'outliers',
    'case-differs',
    'blanks-around',
    'number-forms',
    'date-forms',
  ]),
  sentence: z.string(),
  /** Cells, or values where it is about values. */
  count: z.number(),
  /** The first of them. */
  cells: z.array(citedCell),
});
export type ColumnFinding = z.infer<typeof columnFinding>;

/** What a closer look at one column brings, beside its profile. */
export const columnFacts = z.object({
  column: columnIndex,
  name: z.string(),
  type: columnType,
  rows: z.number(),
  values: z.number(),
  /** Exact. */
  distinct: z.number(),
  /** Of the sample; of numbers only. */
  deviation: z.number().nullable(),
  /** At 1, 5, 25, 50, 75, 95 and 99 of a hundred; of numbers and times. */
  quantiles: z.array(z.object({ at: z.number(), value: z.string() })),
  /** Letters of the cells with something in them; null where there are none. */
  length: z.object({ least: z.number(), mean: z.number(), most: z.number() }).nullable(),
  /** The forms of the cells, the most common first: A and a for letters, 9 for digits, + for more than four of them. */
  patterns: z.array(z.object({ shape: z.string(), share: z.number(), example: z.string() })),
  findings: z.array(columnFinding),
});
export type ColumnFacts = z.infer<typeof columnFacts>;

/** How far one column tells another. */
export const relation = z.object({
  column: columnIndex,
  name: z.string(),
  measure: z.enum(['pearson', 'spearman', 'eta', 'cramers-v']),
  /** From -1 to 1 of the first two, else from 0. */
  value: z.number(),
  /** Whether it tells so much that it may only be known afterwards. */
  suspect: z.boolean(),
});
export type Relation = z.infer<typeof relation>;

export const relations = z.object({
  target: columnIndex,
  name: z.string(),
  /** Rows it was worked out from: all, or a choice by chance. */
  rows: z.number(),
  /** The strongest first; columns that cannot be compared are left out. */
  relations: z.array(relation),
});
export type Relations = z.infer<typeof relations>;

/** Columns that between them tell rows apart, or nearly. */
export const keyCandidate = z.object({
  columns: z.array(columnIndex).min(1),
  names: z.array(z.string()),
  /** Rows that have the same values as one before them. */
  duplicates: z.number(),
});
export type KeyCandidate = z.infer<typeof keyCandidate>;

/** All there is to say of a table: what the report is made of. */
export const tableReport = z.object({
  version: z.literal(1),
  preview: tablePreview.omit({ rows: true, tookMs: true }),
  profile: tableProfile,
  /** Of the first columns, as many as there is time for. */
  facts: z.array(columnFacts),
  keys: z.array(keyCandidate),
  relations: relations.nullable(),
});
export type TableReport = z.infer<typeof tableReport>;

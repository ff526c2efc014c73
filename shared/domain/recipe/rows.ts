import { z } from 'zod';
import { columnName, columnNames, noted } from './columns.ts';
import { condition } from './condition.ts';

/** The name under which a run is given another file. */
export const inputName = z.string().min(1).max(200);
const seed = z.number().int().min(0).max(4_294_967_295).default(1);

/** How the values of a group become one. */
export const measure = z.enum([
  'count',
  'count-present',
  'count-distinct',
  'sum',
  'mean',
  'median',
  'smallest',
  'largest',
  'deviation',
  'first',
  'last',
]);
export type Measure = z.infer<typeof measure>;

/** Steps that change which rows there are, and what a row is. */
export const rowSteps = [
  z.strictObject({
    kind: z.literal('drop-missing'),
    columns: columnNames,
    when: z.enum(['any', 'all']).default('any'),
    ...noted,
  }),
  /** Rows equal to an earlier one in every column go. */
  z.strictObject({ kind: z.literal('drop-exact-duplicates'), ...noted }),
  z.strictObject({
    kind: z.literal('drop-duplicates'),
    keys: columnNames,
    keep: z.enum(['first', 'last']).default('first'),
    ...noted,
  }),
  /** Rows for which it is true stay. */
  z.strictObject({ kind: z.literal('filter'), where: condition, ...noted }),
  /** One row for each different combination of `by`, in their order; one row in all where `by` is empty. */
  z.strictObject({
    kind: z.literal('group'),
    by: z.array(columnName).max(100),
    measures: z
      .array(z.strictObject({ measure, column: columnName.nullable().default(null), into: columnName }))
      .max(200),
    ...noted,
  }),
  /** One column for each value of `column`; what stands in it is measured over the rows of that value. */
  z.strictObject({
    kind: z.literal('pivot'),
    rows: z.array(columnName).max(100),
    column: columnName,
    measure,
    value: columnName.nullable().default(null),
    limit: z.number().int().min(1).max(500).default(100),
    ...noted,
  }),
  /** Columns become rows: one with the column's name, one with its value. */
  z.strictObject({
    kind: z.literal('unpivot'),
    columns: columnNames,
    name: columnName,
    value: columnName,
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('join'),
    with: inputName,
    how: z.enum(['inner', 'left', 'right', 'full', 'anti']),
    keys: z
      .array(z.strictObject({ left: columnName, right: columnName }))
      .min(1)
      .max(20),
    /** At the end of names of the other file that are taken. */
    suffix: z.string().min(1).max(50).default('_2'),
    /** The most rows it may make; where left out, a million or ten times the larger table. */
    maxRows: z.number().int().positive().optional(),
    ...noted,
  }),
  /** The rows of another file below, column by column of the same name. */
  z.strictObject({ kind: z.literal('append'), with: inputName, ...noted }),
  z.strictObject({
    kind: z.literal('sort'),
    by: z
      .array(z.strictObject({ column: columnName, descending: z.boolean().default(false) }))
      .min(1)
      .max(100),
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('limit'),
    rows: z.number().int().nonnegative(),
    skip: z.number().int().nonnegative().default(0),
    ...noted,
  }),
  /** Rows by lot, always the same for the same seed; they keep their order. */
  z.strictObject({
    kind: z.literal('sample'),
    size: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('rows'), rows: z.number().int().positive() }),
      z.strictObject({ kind: z.literal('share'), share: z.number().gt(0).max(1) }),
    ]),
    seed,
    ...noted,
  }),
  /** A column that says `train` or `test`, by lot; every value of `target` in both in the same share. */
  z.strictObject({
    kind: z.literal('split-train-test'),
    /** How much of the rows is for the test. */
    share: z.number().gt(0).lt(1).default(0.2),
    target: columnName.nullable().default(null),
    into: columnName.default('split'),
    seed,
    ...noted,
  }),
  /** One SELECT over the table `data`, which holds the rows so far. */
  z.strictObject({ kind: z.literal('sql'), sql: z.string().min(1).max(20_000), ...noted }),
] as const;

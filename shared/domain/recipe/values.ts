import { z } from 'zod';
import { columnName, columnNames, noted } from './columns.ts';
import { plainValue } from './condition.ts';

/**
 * Which rows tell the statistics of a step. `train` takes the training rows of the split before it, so that nothing of the
 * test rows leaks into what is learnt.
 */
export const fit = z.enum(['all', 'train']);
export type Fit = z.infer<typeof fit>;
const fitted = { fit: fit.default('all') };

/** All columns of text where none are named. */
const maybeColumns = { columns: columnNames.optional() };
const word = z.string().min(1).max(100);

/** Steps that change values one by one. */
export const valueSteps = [
  /** White space off both ends of every text cell. */
  z.strictObject({ kind: z.literal('trim'), ...maybeColumns, ...noted }),
  z.strictObject({ kind: z.literal('empty-to-null'), ...maybeColumns, ...noted }),
  z.strictObject({
    kind: z.literal('change-case'),
    columns: columnNames,
    to: z.enum(['upper', 'lower']),
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('replace-text'),
    columns: columnNames,
    /** The text as it stands, a whole cell, or a regular expression with `\1` for its groups. */
    match: z.enum(['text', 'whole-cell', 'pattern']).default('text'),
    find: z.string().min(1).max(10_000),
    with: z.string().max(10_000),
    ignoreCase: z.boolean().default(false),
    ...noted,
  }),
  /** Cuts a text at a separator; the last new column takes what is left. */
  z.strictObject({
    kind: z.literal('split-column'),
    column: columnName,
    separator: z.string().min(1).max(100),
    into: z.array(columnName).min(2).max(100),
    keep: z.boolean().default(false),
    ...noted,
  }),
  /** Missing values are left out with their separator. */
  z.strictObject({
    kind: z.literal('merge-columns'),
    columns: columnNames,
    separator: z.string().max(100),
    into: columnName,
    keep: z.boolean().default(false),
    ...noted,
  }),
  /** Columns whose every value reads as a number, date or boolean become one; what does not fit is counted. */
  z.strictObject({ kind: z.literal('real-types'), ...noted }),
  z.strictObject({
    kind: z.literal('parse-number'),
    columns: columnNames,
    whole: z.boolean().default(false),
    point: z.enum(['.', ',']).default('.'),
    thousands: z.enum([',', '.', ' ', "'", '\u00a0', '\u202f', '’']).nullable().default(null),
    ...noted,
  }),
  /** strptime patterns such as `%d.%m.%Y`, tried in their order; one with `%H` makes a time of day. */
  z.strictObject({
    kind: z.literal('parse-date'),
    columns: columnNames,
    formats: z.array(z.string().min(2).max(100)).min(1).max(20),
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('parse-boolean'),
    columns: columnNames,
    yes: z.array(word).min(1).max(100),
    no: z.array(word).min(1).max(100),
    ...noted,
  }),
  z.strictObject({ kind: z.literal('to-text'), columns: columnNames, ...noted }),
  z.strictObject({
    kind: z.literal('fill-missing'),
    columns: columnNames,
    with: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('constant'), value: plainValue }),
      z.strictObject({ kind: z.literal('mean') }),
      z.strictObject({ kind: z.literal('median') }),
      /** The value that comes most often; of equally frequent ones the smallest. */
      z.strictObject({ kind: z.literal('mode') }),
      /** The value of the row above, as far up as need be. */
      z.strictObject({ kind: z.literal('previous') }),
    ]),
    ...fitted,
    ...noted,
  }),
  /** A new column from an SQL expression over the columns of the same row. */
  z.strictObject({
    kind: z.literal('derive'),
    name: columnName,
    expression: z.string().min(1).max(4000),
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('outliers'),
    columns: columnNames,
    /** iqr: beyond `factor` times the distance of the quartiles from them; z: beyond `factor` standard deviations. */
    by: z.enum(['iqr', 'z']),
    factor: z.number().positive().max(100),
    /** `clip` puts them at the edge, `drop` takes their rows out. */
    action: z.enum(['clip', 'drop']),
    ...fitted,
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('bucket'),
    column: columnName,
    into: columnName,
    by: z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('equal-width'), count: z.number().int().min(2).max(1000) }),
      z.strictObject({ kind: z.literal('quantile'), count: z.number().int().min(2).max(1000) }),
      /** Rising. A value belongs to the bucket whose lower edge it has reached. */
      z.strictObject({ kind: z.literal('edges'), edges: z.array(z.number()).min(1).max(1000) }),
    ]),
    ...fitted,
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('encode'),
    columns: columnNames,
    as: z.discriminatedUnion('kind', [
      /** A column of 0 and 1 for each of the most frequent categories; the rest have 0 in all of them. */
      z.strictObject({
        kind: z.literal('one-hot'),
        limit: z.number().int().min(1).max(200).default(20),
      }),
      /** Numbers from 0 in the order given, else of the alphabet; -1 for categories that were not there to learn from. */
      z.strictObject({
        kind: z.literal('ordinal'),
        order: z.array(z.string().max(10_000)).min(1).max(10_000).nullable().default(null),
      }),
    ]),
    ...fitted,
    ...noted,
  }),
  z.strictObject({
    kind: z.literal('scale'),
    columns: columnNames,
    /** min-max: from 0 to 1; standard: mean 0 and standard deviation 1. */
    to: z.enum(['min-max', 'standard']),
    ...fitted,
    ...noted,
  }),
] as const;

import { z } from 'zod';
import { columnName } from './columns.ts';

/** A value as a person writes it down; dates and times as text in ISO 8601. */
export const plainValue = z.union([z.string().max(10_000), z.number(), z.boolean()]);
export type PlainValue = z.infer<typeof plainValue>;

const text = z.string().min(1).max(10_000);

/** One question asked of one column. A missing value is neither equal nor unequal to anything. */
export const comparison = z.discriminatedUnion('is', [
  z.strictObject({ column: columnName, is: z.literal('equal'), value: plainValue }),
  z.strictObject({ column: columnName, is: z.literal('not-equal'), value: plainValue }),
  z.strictObject({ column: columnName, is: z.literal('less'), value: plainValue }),
  z.strictObject({ column: columnName, is: z.literal('at-most'), value: plainValue }),
  z.strictObject({ column: columnName, is: z.literal('more'), value: plainValue }),
  z.strictObject({ column: columnName, is: z.literal('at-least'), value: plainValue }),
  /** Both ends belong to it. */
  z.strictObject({ column: columnName, is: z.literal('between'), low: plainValue, high: plainValue }),
  z.strictObject({
    column: columnName,
    is: z.literal('one-of'),
    values: z.array(plainValue).min(1).max(1000),
  }),
  z.strictObject({ column: columnName, is: z.literal('contains'), value: text }),
  z.strictObject({ column: columnName, is: z.literal('starts-with'), value: text }),
  z.strictObject({ column: columnName, is: z.literal('ends-with'), value: text }),
  /** A regular expression that matches somewhere in the text. */
  z.strictObject({ column: columnName, is: z.literal('matches'), value: text }),
  z.strictObject({ column: columnName, is: z.literal('missing') }),
  z.strictObject({ column: columnName, is: z.literal('present') }),
]);
export type Comparison = z.infer<typeof comparison>;

export type Condition =
  | Comparison
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition };

/** Conditions stand in one another at most so deep. */
const DEPTH = 5;

function within(inner: z.ZodType<Condition>): z.ZodType<Condition> {
  const several = z.array(inner).min(1).max(100);
  return z.union([
    comparison,
    z.strictObject({ all: several }),
    z.strictObject({ any: several }),
    z.strictObject({ not: inner }),
  ]);
}

export const condition: z.ZodType<Condition> = Array.from({ length: DEPTH }).reduce<z.ZodType<Condition>>(
  (inner) => within(inner),
  comparison,
);

import type { ColumnType, Measure } from '#shared/domain';
import type { NumberFacts } from '../types/index.ts';

/** What values of a column are, whatever an engine stores them as. */
export type ValueType = ColumnType['kind'];

/** A value of a row. The tree knows no engine: generators turn it into the SQL of theirs. */
export type Expression =
  | { readonly op: 'column'; readonly name: string }
  | { readonly op: 'literal'; readonly value: string | number | boolean; readonly type: ValueType }
  | { readonly op: 'missing'; readonly type: ValueType }
  /** White space off both ends. */
  | { readonly op: 'trim'; readonly of: Expression }
  | { readonly op: 'null-if-empty'; readonly of: Expression }
  /** Reads text as a type; null where it does not fit. White space around it does not matter. */
  | {
      readonly op: 'parse';
      readonly of: Expression;
      readonly type: ColumnType;
      readonly numbers: NumberFacts | null;
    }
  | { readonly op: 'to-text'; readonly of: Expression }
  | { readonly op: 'to-double'; readonly of: Expression }
  | { readonly op: 'change-case'; readonly of: Expression; readonly to: 'upper' | 'lower' }
  | {
      readonly op: 'replace';
      readonly of: Expression;
      /** `pattern` is a regular expression, replaced wherever it matches. */
      readonly match: 'text' | 'whole-cell' | 'pattern';
      readonly find: string;
      readonly with: string;
      readonly ignoreCase: boolean;
    }
  /** The piece at an index from 1 of a text cut at a separator; null where there are fewer. `rest` takes all that follows. */
  | {
      readonly op: 'piece';
      readonly of: Expression;
      readonly separator: string;
      readonly index: number;
      readonly rest: boolean;
    }
  /** Texts put together; missing ones are left out. Null where all are missing. */
  | { readonly op: 'concat'; readonly of: readonly Expression[]; readonly separator: string }
  | { readonly op: 'if-missing'; readonly of: Expression; readonly instead: Expression }
  /** The value, or that of the nearest row above that has one. */
  | { readonly op: 'previous'; readonly of: Expression }
  | { readonly op: 'clamp'; readonly of: Expression; readonly low: number; readonly high: number }
  /** (value - offset) / divisor; the divisor is never 0. */
  | { readonly op: 'scale'; readonly of: Expression; readonly offset: number; readonly divisor: number }
  /** The number of the interval a value falls in: 0 below the first edge, as many as there are edges above the last. */
  | { readonly op: 'interval'; readonly of: Expression; readonly edges: readonly number[] }
  /** 1 where it is true, else 0. */
  | { readonly op: 'indicator'; readonly when: Predicate }
  /** The place of a value in a list, from 0; -1 where it is none of them, null where it is missing. */
  | { readonly op: 'place-in'; readonly of: Expression; readonly values: readonly string[] };

/** True or not; a missing value makes it neither, and the row does not count as true. */
export type Predicate =
  | {
      readonly op: 'compare';
      readonly how: 'equal' | 'not-equal' | 'less' | 'at-most' | 'more' | 'at-least';
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly op: 'is-missing'; readonly of: Expression }
  | {
      readonly op: 'text-match';
      readonly how: 'contains' | 'starts-with' | 'ends-with' | 'matches';
      readonly of: Expression;
      readonly value: string;
    }
  | { readonly op: 'all'; readonly of: readonly Predicate[] }
  | { readonly op: 'any'; readonly of: readonly Predicate[] }
  /** True where it is not true. */
  | { readonly op: 'not'; readonly of: Predicate };

export interface NamedExpression {
  readonly name: string;
  readonly value: Expression;
}

export interface Measured {
  readonly name: string;
  readonly measure: Measure;
  /** Null counts rows. */
  readonly of: string | null;
  /** Whether it is measured in whole numbers, which are added exactly. */
  readonly whole: boolean;
  /** Only over rows where this column, as text, has this value; null takes missing ones. */
  readonly where: { readonly column: string; readonly value: string | null } | null;
}

/** A table made of another. Rows have an order, that of the file, which every operation keeps unless it says so. */
export type Operation =
  /** The rows of a file. */
  | { readonly op: 'source'; readonly input: string | null; readonly columns: readonly string[] }
  | { readonly op: 'project'; readonly from: Operation; readonly columns: readonly NamedExpression[] }
  | { readonly op: 'filter'; readonly from: Operation; readonly where: Predicate }
  /** Of rows equal in these columns the first, or last. */
  | {
      readonly op: 'distinct';
      readonly from: Operation;
      readonly keys: readonly string[];
      readonly keep: 'first' | 'last';
    }
  /** One row for each combination of the columns `by`, in their order. */
  | {
      readonly op: 'aggregate';
      readonly from: Operation;
      readonly by: readonly string[];
      readonly measures: readonly Measured[];
    }
  | {
      readonly op: 'unpivot';
      readonly from: Operation;
      readonly keep: readonly string[];
      readonly columns: readonly string[];
      readonly name: string;
      readonly value: string;
      /** Whether values have to become text to stand in one column. */
      readonly asText: boolean;
    }
  /** Ordered by the rows of the left, then of the right; rows of the right alone come last. */
  | {
      readonly op: 'join';
      readonly from: Operation;
      readonly with: Operation;
      readonly how: 'inner' | 'left' | 'right' | 'full' | 'anti';
      readonly keys: readonly { readonly left: string; readonly right: string }[];
      /** Of the right, with the names they get. */
      readonly take: readonly { readonly column: string; readonly as: string }[];
    }
  | {
      readonly op: 'append';
      readonly from: Operation;
      readonly with: Operation;
      /** Null where one side has none of that name. */
      readonly columns: readonly {
        readonly name: string;
        readonly above: Expression;
        readonly below: Expression;
      }[];
    }
  /** Rows that are equal in it keep their order; missing values come last. */
  | {
      readonly op: 'sort';
      readonly from: Operation;
      readonly by: readonly { readonly column: string; readonly descending: boolean }[];
    }
  | { readonly op: 'limit'; readonly from: Operation; readonly rows: number; readonly skip: number }
  /** By lot: rows ordered by the hash of seed and place, the first of them, in their order. */
  | {
      readonly op: 'sample';
      readonly from: Operation;
      readonly size:
        | { readonly kind: 'rows'; readonly rows: number }
        | { readonly kind: 'share'; readonly share: number };
      readonly seed: number;
    }
  /** By lot within each stratum; the column says `train` or `test`. */
  | {
      readonly op: 'split';
      readonly from: Operation;
      readonly into: string;
      readonly share: number;
      readonly stratum: string | null;
      readonly seed: number;
    }
  /** An expression in SQL that a person wrote, of columns of the same row. */
  | {
      readonly op: 'derive';
      readonly from: Operation;
      readonly name: string;
      readonly expression: string;
    }
  /** A query that a person wrote, over `data`. */
  | { readonly op: 'query'; readonly from: Operation; readonly sql: string };

export type OperationOf<K extends Operation['op']> = Extract<Operation, { op: K }>;

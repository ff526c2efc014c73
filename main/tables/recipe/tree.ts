import type { ColumnType } from '#shared/domain';
import { assertNever } from '#shared/lib';
import type { NumberFacts } from '../types/index.ts';

/** A value of a row. The tree knows no engine: generators turn it into the SQL of theirs. */
export type Expression =
  | { readonly op: 'column'; readonly name: string }
  /** White space off both ends. */
  | { readonly op: 'trim'; readonly of: Expression }
  | { readonly op: 'null-if-empty'; readonly of: Expression }
  /** Reads text as a type; null where it does not fit. White space around it does not matter. */
  | {
      readonly op: 'parse';
      readonly of: Expression;
      readonly type: ColumnType;
      readonly numbers: NumberFacts | null;
    };

/** A table made of another. */
export type Operation =
  /** The rows of the file, all text. */
  | { readonly op: 'source'; readonly columns: readonly string[] }
  | { readonly op: 'project'; readonly from: Operation; readonly columns: readonly NamedExpression[] }
  /** Of rows equal in every column the first, in the order of the file. */
  | { readonly op: 'first-of-equals'; readonly from: Operation };

export interface NamedExpression {
  readonly name: string;
  readonly value: Expression;
}

export function columnsOf(operation: Operation): readonly string[] {
  switch (operation.op) {
    case 'source':
      return operation.columns;
    case 'project':
      return operation.columns.map(({ name }) => name);
    case 'first-of-equals':
      return columnsOf(operation.from);
    default:
      return assertNever(operation);
  }
}

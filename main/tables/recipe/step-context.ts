import { sluiceError, type SluiceError } from '#shared/errors';
import type { Fit } from '#shared/domain';
import type { Facts, RowsAsked } from './facts.ts';
import {
  folded,
  inWords,
  isNumber,
  nearest,
  type Schema,
  type SchemaColumn,
  type TypedColumn,
} from './schema.ts';
import type { Expression, NamedExpression, Operation, ValueType } from './tree.ts';

/** What a step is compiled to. */
export interface Compiled {
  readonly operation: Operation;
  readonly schema: Schema;
  readonly warnings: readonly string[];
}

/** A step in its place: what stands before it, and how it says that it cannot be done. */
export class StepContext {
  /** From 1. */
  readonly number: number;
  readonly from: Operation;
  readonly schema: Schema;
  readonly target: string | null;
  readonly facts: Facts;
  readonly inputs: ReadonlyMap<string, readonly TypedColumn[]>;

  constructor(place: Pick<StepContext, 'number' | 'from' | 'schema' | 'target' | 'facts' | 'inputs'>) {
    this.number = place.number;
    this.from = place.from;
    this.schema = place.schema;
    this.target = place.target;
    this.facts = place.facts;
    this.inputs = place.inputs;
  }

  refused(reason: string): SluiceError {
    return sluiceError('STEP_INVALID', { step: this.number, reason });
  }

  /** @throws STEP_COLUMN_MISSING, unless only the data can tell */
  column(name: string): SchemaColumn {
    const found = this.schema.columns.find((column) => column.name === name);
    if (found !== undefined) return found;
    if (this.schema.open) return { name, type: 'text', reading: null, unsure: true };
    throw sluiceError('STEP_COLUMN_MISSING', {
      step: this.number,
      column: name,
      nearest: nearest(
        name,
        this.schema.columns.map((column) => column.name),
      ),
    });
  }

  columns(names: readonly string[]): readonly SchemaColumn[] {
    if (new Set(names).size < names.length) throw this.refused('it names a column twice');
    return names.map((name) => this.column(name));
  }

  /** @throws STEP_INVALID where it is no number */
  numeric(name: string, what: string): SchemaColumn {
    const column = this.column(name);
    if (!isNumber(column.type) && column.unsure !== true)
      throw this.refused(`${what} needs numbers, and ${name} is ${inWords(column.type)}`);
    return column;
  }

  text(name: string, what: string): SchemaColumn {
    const column = this.column(name);
    if (column.type !== 'text' && column.unsure !== true)
      throw this.refused(`${what} needs text, and ${name} is ${inWords(column.type)}`);
    return column;
  }

  /** @throws STEP_INVALID where a column of that name would stand beside another */
  free(name: string, others: readonly string[]): void {
    if (name.trim() === '') throw this.refused('a new column has no name');
    const taken = others.find((other) => folded(other) === folded(name));
    if (taken !== undefined) throw this.refused(`there is a column named ${taken} already`);
  }

  rows(fit: Fit): RowsAsked {
    if (fit === 'all') return { kind: 'all' };
    if (this.schema.split === null)
      throw this.refused('it is to learn from the training rows, and no step before it splits the table');
    return { kind: 'train', split: this.schema.split };
  }

  /** Changes values of some columns in place. */
  change(
    changes: ReadonlyMap<
      string,
      { readonly value: Expression; readonly type: ValueType; readonly raw?: boolean }
    >,
    warnings: readonly string[] = [],
  ): Compiled {
    const columns = this.schema.columns.map((column): SchemaColumn => {
      const change = changes.get(column.name);
      if (change === undefined) return column;
      return { name: column.name, type: change.type, reading: change.raw === true ? column.reading : null };
    });
    return this.project(
      columns.map(({ name }) => ({ name, value: changes.get(name)?.value ?? { op: 'column', name } })),
      columns,
      warnings,
    );
  }

  project(
    columns: readonly NamedExpression[],
    schema: readonly SchemaColumn[],
    warnings: readonly string[] = [],
  ): Compiled {
    if (columns.length === 0) throw this.refused('no column would be left');
    return {
      operation: { op: 'project', from: this.from, columns },
      schema: { ...this.schema, columns: schema },
      warnings,
    };
  }

  /** The same columns, other rows. */
  same(operation: Operation, warnings: readonly string[] = []): Compiled {
    return { operation, schema: this.schema, warnings };
  }
}

export const columnOf = (name: string): Expression => ({ op: 'column', name });
export const asIs = ({ name }: { readonly name: string }): NamedExpression => ({
  name,
  value: columnOf(name),
});

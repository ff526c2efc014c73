import { RECIPE_VERSION, type ColumnProfile, type Recipe, type RecipeStep } from '#shared/domain';
import { freeName } from './steps/index.ts';

/** What is known of a table before it is prepared. */
export interface ProfiledTable {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
  /** How well each column alone tells the target, 0 to 1, where that was measured. */
  readonly predicts: ReadonlyMap<string, number>;
}

/** From so many values on, a column becomes numbers instead of a column for each. */
const ONE_HOT_UP_TO = 20;
const MOSTLY_EMPTY = 0.95;
const NEARLY_ALL_DIFFERENT = 0.95;
const GIVES_AWAY = 0.995;
/** So many classes a target of whole numbers may have. */
const CLASSES_UP_TO = 20;

type Kind = ColumnProfile['type']['kind'];
const isNumeric = (kind: Kind): boolean => kind === 'integer' || kind === 'decimal';

/**
 * A recipe that makes a table fit for learning to predict a column. Everything it does is a step that says why. The table is
 * split before anything is learnt of it, and what is learnt comes from the training rows alone.
 */
export function prepareForModelling(table: ProfiledTable, target: string): Recipe {
  const features = table.columns.filter(({ name }) => name !== target);
  const left = leftOut(table, features);
  const gone = new Set(left.flatMap((step) => (step.kind === 'drop-columns' ? step.columns : [])));
  const kept = features.filter(({ name }) => !gone.has(name));
  const goal = table.columns.find(({ name }) => name === target);
  return {
    version: RECIPE_VERSION,
    name: 'Prepare for modelling',
    target,
    steps: [
      { kind: 'trim' },
      { kind: 'empty-to-null' },
      { kind: 'real-types' },
      {
        kind: 'drop-missing',
        columns: [target],
        when: 'any',
        note: `A row without ${target} teaches nothing.`,
      },
      ...left,
      split(table, target, goal !== undefined && hasClasses(goal)),
      ...fills(kept),
      ...encodings(kept),
      ...scaling(kept),
    ],
  };
}

function hasClasses({ type, distinct }: ColumnProfile): boolean {
  return (
    type.kind === 'text' || type.kind === 'boolean' || (type.kind === 'integer' && distinct <= CLASSES_UP_TO)
  );
}

/** Columns that teach nothing, or too much; each once, for the first reason. */
function leftOut(
  { rows, predicts }: ProfiledTable,
  features: readonly ColumnProfile[],
): readonly RecipeStep[] {
  const seen = new Set<string>();
  const drop = (why: (column: ColumnProfile) => string | null): RecipeStep[] => {
    const found = features.flatMap((column) => {
      const note = seen.has(column.name) ? null : why(column);
      return note === null ? [] : [{ column, note }];
    });
    for (const { column } of found) seen.add(column.name);
    return found.map(({ column, note }) => ({ kind: 'drop-columns', columns: [column.name], note }));
  };
  const missing = ({ empty, misfits }: ColumnProfile): number => (rows === 0 ? 0 : (empty + misfits) / rows);
  return [
    ...drop(({ name, distinct }) => (distinct <= 1 ? `${name} has the same value everywhere.` : null)),
    ...drop((column) =>
      missing(column) > MOSTLY_EMPTY
        ? `${column.name} is missing in ${Math.round(missing(column) * 100)} % of the rows.`
        : null,
    ),
    ...drop(({ name, type, distinct, longest }) => {
      if (rows < 20 || type.kind === 'decimal' || distinct < rows * NEARLY_ALL_DIFFERENT) return null;
      if (type.kind === 'date' || type.kind === 'timestamp') return null;
      return type.kind === 'text' && longest > 60
        ? `${name} is free text: nearly every value is different.`
        : `${name} looks like an id: nearly every value is different, so that it could only be learnt by heart.`;
    }),
    ...drop(({ name }) => {
      const certainty = predicts.get(name) ?? 0;
      return certainty >= GIVES_AWAY
        ? `${name} alone tells the target in ${Math.floor(certainty * 1000) / 10} % of the rows, which suspects that it is known only afterwards (leakage). Take this step out if it is known beforehand.`
        : null;
    }),
    ...drop(({ name, type }) =>
      type.kind === 'date' || type.kind === 'timestamp'
        ? `${name} is a date, which is no number. Derive from it what matters, such as the month, before this step.`
        : null,
    ),
    ...drop(({ name, type, distinct }) =>
      type.kind === 'text' && rows >= 20 && distinct > rows / 2
        ? `${name} has too many different values to be categories.`
        : null,
    ),
  ];
}

function split({ columns }: ProfiledTable, target: string, stratified: boolean): RecipeStep {
  return {
    kind: 'split-train-test',
    share: 0.2,
    target: stratified ? target : null,
    into: freeName(
      'split',
      columns.map(({ name }) => name),
    ),
    seed: 1,
    note: 'Before anything is learnt, so that nothing of the test rows is.',
  };
}

function fills(kept: readonly ColumnProfile[]): readonly RecipeStep[] {
  const holes = kept.filter(({ empty, misfits }) => empty + misfits > 0);
  const numbers = holes.filter(({ type }) => isNumeric(type.kind)).map(({ name }) => name);
  const others = holes.filter(({ type }) => !isNumeric(type.kind)).map(({ name }) => name);
  return [
    ...when(numbers, (columns) => ({
      kind: 'fill-missing' as const,
      columns,
      with: { kind: 'median' as const },
      fit: 'train' as const,
      note: 'The median bears outliers better than the mean.',
    })),
    ...when(others, (columns) => ({
      kind: 'fill-missing' as const,
      columns,
      with: { kind: 'mode' as const },
      fit: 'train' as const,
    })),
  ];
}

function encodings(kept: readonly ColumnProfile[]): readonly RecipeStep[] {
  const of = (wanted: (column: ColumnProfile) => boolean): string[] =>
    kept.filter(wanted).map(({ name }) => name);
  const isText = ({ type }: ColumnProfile): boolean => type.kind === 'text';
  return [
    ...when(
      of(({ type }) => type.kind === 'boolean'),
      (columns) => ({
        kind: 'encode' as const,
        columns,
        as: { kind: 'ordinal' as const, order: ['false', 'true'] },
        fit: 'all' as const,
      }),
    ),
    ...when(
      of((column) => isText(column) && column.distinct > ONE_HOT_UP_TO),
      (columns) => ({
        kind: 'encode' as const,
        columns,
        as: { kind: 'ordinal' as const, order: null },
        fit: 'train' as const,
        note: `More than ${ONE_HOT_UP_TO} categories: a number for each, in the order of the alphabet, which means nothing in itself.`,
      }),
    ),
    ...when(
      of((column) => isText(column) && column.distinct <= ONE_HOT_UP_TO),
      (columns) => ({
        kind: 'encode' as const,
        columns,
        as: { kind: 'one-hot' as const, limit: ONE_HOT_UP_TO },
        fit: 'train' as const,
      }),
    ),
  ];
}

function scaling(kept: readonly ColumnProfile[]): readonly RecipeStep[] {
  const numbers = kept.filter(({ type }) => isNumeric(type.kind)).map(({ name }) => name);
  return when(numbers, (columns) => ({
    kind: 'scale' as const,
    columns,
    to: 'standard' as const,
    fit: 'train' as const,
  }));
}

function when<T>(columns: string[], make: (columns: string[]) => T): T[] {
  return columns.length === 0 ? [] : [make(columns)];
}

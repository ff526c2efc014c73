import type { StepOf } from '#shared/domain';
import type { StepDraft, StepKind } from '../draft/index.ts';

/** What a column has to be for a field; `new` is one that is not there yet. */
export type Accepts = 'any' | 'text' | 'number';

interface Base<K extends string> {
  /** Of the step, or of the item or the way the field stands in. */
  readonly key: K;
  readonly label: string;
  readonly description?: string;
}
export interface Option<V extends string = string> {
  readonly value: V;
  readonly label: string;
}

/** One thing a step is told. What is not here cannot be asked for in a form. */
export type Field<K extends string = string> =
  | (Base<K> & {
      readonly kind: 'columns';
      readonly accepts?: Accepts;
      /** What holds where none are chosen; without it, one must be. */
      readonly none?: string;
      /** Whether none may be chosen and that is written as an empty list. */
      readonly emptyList?: true;
    })
  | (Base<K> & {
      readonly kind: 'column';
      readonly accepts?: Accepts;
      /** What holds where none is chosen. */
      readonly none?: string;
      /** A column of the other file of the step. */
      readonly ofOther?: true;
    })
  | (Base<K> & {
      readonly kind: 'text';
      readonly placeholder?: string;
      readonly mono?: true;
      readonly long?: true;
      readonly maybeEmpty?: true;
    })
  | (Base<K> & {
      readonly kind: 'number';
      readonly min: number;
      readonly max?: number;
      readonly whole?: true;
      /** Shown in hundredths. */
      readonly percent?: true;
      /** What holds where nothing is written. */
      readonly none?: string;
    })
  | (Base<K> & { readonly kind: 'choice'; readonly options: readonly Option[]; readonly none?: string })
  | (Base<K> & { readonly kind: 'flag' })
  | (Base<K> & {
      readonly kind: 'words';
      readonly placeholder?: string;
      readonly options?: readonly Option[];
      readonly none?: string;
    })
  | (Base<K> & { readonly kind: 'numbers'; readonly placeholder?: string })
  | (Base<K> & { readonly kind: 'value' })
  | (Base<K> & { readonly kind: 'condition' })
  | (Base<K> & { readonly kind: 'file' })
  | (Base<K> & { readonly kind: 'tester' })
  /** One of some ways, each with fields of its own. */
  | (Base<K> & { readonly kind: 'ways'; readonly ways: readonly Way[] })
  /** Some of the same. */
  | (Base<K> & {
      readonly kind: 'list';
      readonly item: readonly Field[];
      readonly blank: Readonly<Record<string, unknown>>;
      readonly add: string;
    });
export type FieldOf<N extends Field['kind']> = Extract<Field, { kind: N }>;

export interface Way {
  readonly kind: string;
  readonly label: string;
  readonly blank?: Readonly<Record<string, unknown>>;
  readonly fields?: readonly Field[];
}

export const GROUPS = [
  'Columns',
  'Text',
  'Types',
  'Missing values',
  'Rows',
  'Duplicates',
  'Outliers',
  'Encode and scale',
  'Group and pivot',
  'Combine files',
  'Sample and split',
  'SQL',
] as const;
export type Group = (typeof GROUPS)[number];

/** How a kind of step is offered and asked for. */
export interface StepForm {
  readonly kind: StepKind;
  readonly group: Group;
  readonly title: string;
  /** What it is for, in a sentence. */
  readonly about: string;
  /** Other words people look for it by. */
  readonly also?: string;
  readonly blank: StepDraft;
  readonly fields: readonly Field[];
}

type KeyOf<K extends StepKind> = Exclude<keyof StepOf<K>, 'kind' | 'note'> & string;

/** A form whose fields are those of the kind's schema. */
export function form<const K extends StepKind>(
  kind: K,
  of: Omit<StepForm, 'kind' | 'blank' | 'fields'> & {
    readonly blank?: Partial<Record<KeyOf<K>, unknown>>;
    readonly fields?: readonly Field<KeyOf<K>>[];
  },
): StepForm {
  const { blank, fields = [], ...rest } = of;
  return { ...rest, kind, fields, blank: { kind, ...blank } };
}

/** Which rows a statistic is taken of. */
export const FIT = {
  kind: 'choice',
  key: 'fit',
  label: 'Learn from',
  options: [
    { value: 'all', label: 'All rows' },
    { value: 'train', label: 'The training rows only' },
  ],
} as const satisfies Field<'fit'>;

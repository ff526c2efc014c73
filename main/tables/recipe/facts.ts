/** What a step has to know of the data before it can be compiled. The tree holds the answers as plain values. */
export type Question =
  /** Mean, deviation, smallest and largest of a numeric column. */
  | { readonly ask: 'summary'; readonly column: string; readonly rows: RowsAsked }
  /** Of a numeric column, by linear interpolation. */
  | {
      readonly ask: 'quantiles';
      readonly column: string;
      readonly at: readonly number[];
      readonly rows: RowsAsked;
    }
  /** The values of a column as text, most frequent first, then by the value. Null stands for missing ones where asked. */
  | {
      readonly ask: 'frequent';
      readonly column: string;
      readonly limit: number;
      readonly missing: boolean;
      readonly rows: RowsAsked;
    }
  /** How many rows a join makes, and both sides have. */
  | {
      readonly ask: 'join-size';
      readonly input: string;
      readonly how: 'inner' | 'left' | 'right' | 'full' | 'anti';
      readonly keys: readonly { readonly left: string; readonly right: string }[];
    }
  /** Whether a regular expression can be read. */
  | { readonly ask: 'pattern'; readonly pattern: string };

/** All, or those that say `train` in a column. */
export type RowsAsked = { readonly kind: 'all' } | { readonly kind: 'train'; readonly split: string };

export interface Answers {
  readonly summary: {
    readonly mean: number | null;
    readonly deviation: number | null;
    readonly min: number | null;
    readonly max: number | null;
  };
  readonly quantiles: readonly (number | null)[];
  readonly frequent: readonly (string | null)[];
  readonly pattern: { readonly problem: string | null };
  readonly 'join-size': { readonly rows: number; readonly left: number; readonly right: number };
}

export type AnswerTo<Q extends Question> = Answers[Q['ask']];

/** Gives what is known; null while only the form of a recipe is looked at. */
export type Facts = <Q extends Question>(question: Q) => AnswerTo<Q> | null;

export const NO_FACTS: Facts = () => null;

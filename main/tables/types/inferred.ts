import type { ColumnType } from '#shared/domain';

export interface Inferred {
  readonly type: ColumnType;
  readonly note: string | null;
  /** Whether day and month were told apart by nothing but habit. */
  readonly ambiguousDates: boolean;
}

/** What the rest of the file says about how values are written. */
export interface Habits {
  readonly commaIsPoint: boolean;
  /** Which of day and month comes first in columns that leave no doubt. */
  readonly dateOrder: 'dmy' | 'mdy' | null;
  /** What is meant where the file leaves doubt, and by whom. */
  readonly assumed?: { readonly order: 'dmy' | 'mdy'; readonly by: 'person' | 'locale' } | null;
}

/** Of the values that are there, so many have to fit a type. */
export const FITTING = 0.99;

/** What reads no value otherwise than it stands. */
export const TEXT: Inferred = { type: { kind: 'text' }, note: null, ambiguousDates: false };

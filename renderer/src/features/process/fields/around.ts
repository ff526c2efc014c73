import { createContext, useContext } from 'react';
import type { RecipePreview } from '#shared/domain';

export type PlacedColumn = RecipePreview['columns'][number];

/** What is known of the place a step stands in. */
export interface Around {
  /** The columns before the step; null while they are being asked for. */
  readonly columns: readonly PlacedColumn[] | null;
  /** The first rows before the step. */
  readonly rows: RecipePreview['rows'];
  /** Other files of the session, by the names a recipe has for them. */
  readonly files: readonly { readonly name: string; readonly transferId: string }[];
  /** The columns of the step's other file; null while they are being asked for, or none was chosen. */
  readonly otherColumns: readonly string[] | null;
}

export const AroundContext = createContext<Around>({
  columns: null,
  rows: [],
  files: [],
  otherColumns: null,
});
export const useAround = (): Around => useContext(AroundContext);

export const TYPE_WORDS: Readonly<Record<string, string>> = {
  text: 'text',
  integer: 'whole number',
  decimal: 'number',
  boolean: 'yes or no',
  date: 'date',
  timestamp: 'date and time',
};

export const isNumber = (type: string): boolean => type === 'integer' || type === 'decimal';

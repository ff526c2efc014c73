/** How a text is cut into rows and cells. Wider than the dialect shown to people: it also knows runs of blanks. */
export interface CutDialect {
  /** One sign or several; empty for a table of one column. */
  readonly delimiter: string;
  /** Null: cells are never quoted. */
  readonly quote: string | null;
  /** Null: a quote inside a quoted cell is doubled. */
  readonly escape: string | null;
  /** A run of delimiters counts as one, and those before the first cell as none. */
  readonly collapse: boolean;
  /** Whether a carriage return with no line feed ends a row; where not, it is part of the cell. */
  readonly loneCr: boolean;
  /** Blanks around a cell, also inside its quotes, only align it. */
  readonly trim?: boolean;
  /** A delimiter that begins a line, or that and one that ends it, part no cells. */
  readonly framed?: 'left' | 'both';
  /** Where columns begin, in signs, where nothing but their place parts cells; the first is 0. */
  readonly fixed?: readonly number[];
  /** What stands at the beginning and at the end of every line, and is no part of its cells. */
  readonly edge?: string;
  /** Lists and objects of JSON in a cell are whole, though they are not quoted as a cell should be. */
  readonly nested?: boolean;
  /** A row may be one quoted cell that holds all others, its quotes doubled. */
  readonly wrapped?: boolean;
}

/**
 * How forgiving one cut is. `standard` is RFC 4180 with every slip that has only one sensible reading.
 * `closing` takes a doubled quote before a delimiter as a stray quote and the end of the cell; `one-line` takes an
 * opening quote that does not close in its line as an ordinary sign; `apart` one that another quote follows behind a
 * delimiter. They are for rows that come out wrong otherwise.
 */
export type CutMode = 'standard' | 'closing' | 'one-line' | 'apart';

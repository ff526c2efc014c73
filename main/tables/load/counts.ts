/** What became of the lines that were read. */
export interface ReaderCounts {
  /** Rows of the table, without the rejected. */
  rows: number;
  rejected: number;
  /** Rows with fewer cells than columns. */
  short: number;
  /** Rows with more, that were made to fit. */
  fitted: number;
  /** Lines of another table, and how many lines of what was read stand above the first. */
  foreign: number;
  foreignFrom: number | null;
  /** Rows with nothing in them. */
  dropped: number;
  /** Rows that could be cut only by taking a quote that does not fit as an ordinary sign. */
  repaired: number;
  lf: number;
  crlf: number;
  cr: number;
}

export function countsOf(rows: number): ReaderCounts {
  return {
    rows,
    rejected: 0,
    short: 0,
    fitted: 0,
    foreign: 0,
    foreignFrom: null,
    dropped: 0,
    repaired: 0,
    lf: 0,
    crlf: 0,
    cr: 0,
  };
}

import type { Cell, CsvCut, Newline, Row } from './csv-read.ts';

/** How rows are written into a target: as those that are there. */
export interface TargetDialect extends CsvCut {
  readonly newline: Newline;
}

/** @returns one row with its line end, such that reading it with the same dialect gives the same cells */
export function writeRow(row: Row, dialect: TargetDialect): string {
  const only = row.length === 1;
  return row.map((cell) => writeCell(cell, dialect, only)).join(dialect.delimiter) + dialect.newline;
}

function writeCell({ text, quoted }: Cell, { delimiter, quote }: CsvCut, only: boolean): string {
  // A line that is empty would not be read as a row.
  const needed = text === '' ? quoted || only : needsQuotes(text, delimiter, quote);
  return needed ? quote + text.replaceAll(quote, quote + quote) + quote : text;
}

function needsQuotes(text: string, delimiter: string, quote: string): boolean {
  return (
    text.includes(quote) ||
    text.includes(delimiter) ||
    text.includes('\n') ||
    text.includes('\r') ||
    // Readers differ in what they do with white space at the ends of a bare cell.
    text.trim() !== text
  );
}

import type { Cell, CsvCut, Newline, Row } from './csv-read.ts';

/** How rows are written into a target: as those that are there. */
export interface TargetDialect extends CsvCut {
  readonly newline: Newline;
}

/** @returns what writes one row with its line end, such that reading it with the same dialect gives the same cells */
export function rowWriter(dialect: TargetDialect): (row: Row) => string {
  const { delimiter, quote, newline } = dialect;
  // White space at the ends of a bare cell is read differently by different programs.
  const special = new RegExp(`[${quote}${delimiter}\\r\\n]|^\\s|\\s$`, 'u');
  const write = ({ text, quoted }: Cell, only: boolean): string => {
    // A line that is empty would not be read as a row.
    const needed = text === '' ? quoted || only : special.test(text);
    return needed ? quote + text.replaceAll(quote, quote + quote) + quote : text;
  };
  return (row) => {
    let line = '';
    for (let at = 0; at < row.length; at += 1) {
      const cell = row[at];
      if (at > 0) line += delimiter;
      if (cell !== undefined) line += write(cell, row.length === 1);
    }
    return line + newline;
  };
}

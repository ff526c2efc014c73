import { hashText, type Truth } from '../../support/messy-csv.ts';

/** What there is in a clean table, counted the same way as its generator does. */
export type Found = Pick<
  Truth,
  | 'columns'
  | 'rowsOut'
  | 'idHash'
  | 'amountCents'
  | 'quantitySum'
  | 'paid'
  | 'rowsByYear'
  | 'rowsByCity'
  | 'nulls'
  | 'examples'
>;

/** The part of the truth that the clean table itself can be held against. */
export function expected(truth: Truth): Found {
  const { columns, rowsOut, idHash, amountCents, quantitySum, paid, rowsByYear, rowsByCity, nulls } = truth;
  const examples = truth.examples.map(({ row, cells }) => ({ row, cells: cells.map((cell) => cell ?? '') }));
  return {
    columns,
    rowsOut,
    idHash,
    amountCents,
    quantitySum,
    paid,
    rowsByYear,
    rowsByCity,
    nulls,
    examples,
  };
}

/** Reads a clean table to its end. @param wanted the rows to keep as examples, by their place */
export async function tally(
  rows: AsyncIterable<readonly string[]>,
  wanted: readonly number[],
): Promise<Found> {
  const examplesAt = new Set(wanted);
  let header: readonly string[] | null = null;
  let nulls: Record<string, number> = {};
  const rowsByYear: Record<string, number> = {};
  const rowsByCity: Record<string, number> = {};
  const examples: { row: number; cells: readonly string[] }[] = [];
  const paid = { yes: 0, no: 0 };
  const sums = { rowsOut: 0, idHash: 0, amountCents: 0, quantitySum: 0 };
  let place: Readonly<Record<string, number>> = {};
  for await (const cells of rows) {
    if (header === null) {
      header = cells;
      place = Object.fromEntries(cells.map((name, index) => [name, index]));
      nulls = Object.fromEntries(cells.map((name) => [name, 0]));
      continue;
    }
    if (cells.length !== header.length) throw new Error(`Row ${sums.rowsOut} has ${cells.length} cells`);
    const cell = (name: string): string => cells[place[name] ?? -1] ?? '';
    if (examplesAt.has(sums.rowsOut)) examples.push({ row: sums.rowsOut, cells });
    sums.rowsOut += 1;
    sums.idHash = (sums.idHash + hashText(cell('Order ID'))) >>> 0;
    sums.amountCents += centsOf(cell('Amount'));
    sums.quantitySum += Number(cell('Quantity'));
    if (cell('Paid') === 'true') paid.yes += 1;
    if (cell('Paid') === 'false') paid.no += 1;
    count(rowsByCity, cell('City'));
    if (cell('Date') !== '') count(rowsByYear, cell('Date').slice(0, 4));
    for (const [index, name] of header.entries()) if (cells[index] === '') count(nulls, name);
  }
  return { columns: header ?? [], ...sums, paid, rowsByYear, rowsByCity, nulls, examples };
}

function count(into: Record<string, number>, name: string): void {
  into[name] = (into[name] ?? 0) + 1;
}

function centsOf(amount: string): number {
  if (amount === '') return 0;
  const [, sign = '', units = '', part = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  if (units === '') throw new Error(`${amount} is no amount`);
  return (sign === '-' ? -1 : 1) * (Number(units) * 100 + Number(part.padEnd(2, '0')));
}

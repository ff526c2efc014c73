/** How near a table comes to what a careful person would have typed; each share is an F1, 0 to 1. */
export interface Score {
  /** Names of columns, each at its place. */
  readonly header: number;
  /** Whole rows. */
  readonly records: number;
  /** Cells at their column, in rows that are set beside each other in order. */
  readonly cells: number;
}

export type Rows = readonly (readonly string[])[];

/** @param got null where the file could not be read at all */
export function score(got: Rows | null, wanted: Rows): Score {
  const [header = [], ...rows] = got ?? [];
  const [wantedHeader = [], ...wantedRows] = wanted;
  const pairs = aligned(rows, wantedRows);
  let whole = 0;
  let cells = 0;
  for (const [a, b] of pairs) {
    const same = equalCells(a, b);
    cells += same;
    if (same === a.length && same === b.length) whole += 1;
  }
  const count = (of: Rows): number => of.reduce((sum, row) => sum + row.length, 0);
  return {
    header: f1(equalCells(header, wantedHeader), header.length, wantedHeader.length),
    records: f1(whole, rows.length, wantedRows.length),
    cells: f1(cells, count(rows), count(wantedRows)),
  };
}

export function mean(scores: readonly Score[]): Score {
  const of = (name: keyof Score): number =>
    scores.reduce((sum, each) => sum + each[name], 0) / Math.max(1, scores.length);
  return { header: of('header'), records: of('records'), cells: of('cells') };
}

/** Nothing found where nothing is wanted is right. */
function f1(same: number, got: number, wanted: number): number {
  return got + wanted === 0 ? 1 : (2 * same) / (got + wanted);
}

function equalCells(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  for (let index = 0; index < Math.min(a.length, b.length); index += 1) if (a[index] === b[index]) same += 1;
  return same;
}

type Row = readonly string[];

/** Rows in order, set beside each other so that most cells are equal; rows of one side alone are left out. */
function aligned(got: Rows, wanted: Rows): [Row, Row][] {
  const width = wanted.length + 1;
  const best = new Float64Array((got.length + 1) * width);
  for (let at = got.length - 1; at >= 0; at -= 1) {
    for (let of = wanted.length - 1; of >= 0; of -= 1) {
      const both = equalCells(got[at] ?? [], wanted[of] ?? []) + (best[(at + 1) * width + of + 1] ?? 0);
      best[at * width + of] = Math.max(
        both,
        best[(at + 1) * width + of] ?? 0,
        best[at * width + of + 1] ?? 0,
      );
    }
  }
  const pairs: [Row, Row][] = [];
  for (let at = 0, of = 0; at < got.length && of < wanted.length;) {
    const here = best[at * width + of] ?? 0;
    if (here === best[(at + 1) * width + of]) at += 1;
    else if (here === best[at * width + of + 1]) of += 1;
    else {
      pairs.push([got[at] ?? [], wanted[of] ?? []]);
      at += 1;
      of += 1;
    }
  }
  return pairs;
}

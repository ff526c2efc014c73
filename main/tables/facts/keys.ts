import type { KeyCandidate } from '#shared/domain';
import type { FactSource } from './source.ts';

/** Columns that could be a key have at least this share of different values. */
const NEARLY = 0.95;
/** Pairs are tried of so many columns. */
const PAIRED = 5;
const MOST_COLUMNS = 200;

/** Columns, or else pairs of them, that tell all rows apart or all but a few; what tells most first. */
export async function keysOf({ query, rows, columns, cell, total }: FactSource): Promise<KeyCandidate[]> {
  if (total < 2 || columns.length === 0) return [];
  const looked = columns.slice(0, MOST_COLUMNS);
  const rough = await query(
    `SELECT ${looked.map((_, index) => `approx_count_distinct(${cell(index)})`).join(', ')} FROM (${rows})`,
  );
  const guessed = looked
    .map((_, index) => ({ index, distinct: Number(rough[0]?.[index] ?? 0) }))
    .sort((a, b) => b.distinct - a.distinct);
  const count = async (chosen: readonly number[]): Promise<KeyCandidate> => {
    const cells = chosen.map(cell);
    // What is absent tells nothing apart.
    const [[distinct] = [0]] = await query(
      `SELECT count(*) FROM (SELECT DISTINCT ${cells.join(', ')} FROM (${rows}) WHERE ${cells.map((one) => `${one} IS NOT NULL`).join(' AND ')})`,
    );
    return {
      columns: [...chosen],
      names: chosen.map((index) => columns[index]?.name ?? ''),
      duplicates: total - Number(distinct),
    };
  };
  const found: KeyCandidate[] = [];
  // The rough count is off by a few in a hundred.
  for (const { index } of guessed.filter(({ distinct }) => distinct >= total * (NEARLY - 0.1)).slice(0, 10))
    found.push(await count([index]));
  const single = found.filter(({ duplicates }) => duplicates <= total * (1 - NEARLY));
  if (single.length > 0) return sorted(single);
  const [first, ...rest] = guessed.slice(0, PAIRED);
  const pairs: KeyCandidate[] = [];
  const paired = first === undefined ? [] : [first, ...rest];
  for (const [place, one] of paired.entries())
    for (const other of paired.slice(place + 1))
      pairs.push(await count([one.index, other.index].sort((a, b) => a - b)));
  return sorted(pairs.filter(({ duplicates }) => duplicates <= total * (1 - NEARLY))).slice(0, 5);
}

function sorted(keys: readonly KeyCandidate[]): KeyCandidate[] {
  return [...keys].sort((a, b) => a.duplicates - b.duplicates);
}

import { cellClass, isValueClass } from './cell-class.ts';

/** A name above several columns of a header with several rows stands over the first of them only. */
export function spread(header: readonly (readonly string[])[]): (readonly string[])[] {
  return header.map((row, at) => {
    const below = header[at + 1];
    if (below === undefined) return row;
    let name = '';
    return Array.from({ length: Math.max(row.length, below.length) }, (_, index) => {
      const cell = (row[index] ?? '').trim();
      if (cell !== '') name = cell;
      return cell === '' && (below[index] ?? '').trim() !== '' ? name : cell;
    });
  });
}

/** Where rows have names and their column has none, as R writes tables, the header is one cell short at its beginning. */
export function withRowNames(
  header: readonly (readonly string[])[],
  body: readonly (readonly string[])[],
  width: number,
): readonly (readonly string[])[] {
  const [only] = header;
  if (header.length !== 1 || only === undefined || only.length !== width - 1 || body.length < 2)
    return header;
  const first = body.map((cells) => cells[0] ?? '');
  if (new Set(first).size < first.length || body.some((cells) => cells.length !== width)) return header;
  const counted = first.every((cell, index) => cell === String(index + 1) || cell === String(index));
  const shifted = ['', ...only];
  // Names above their own columns tell: a word for a column of numbers the one way and of texts the other.
  const isText = (index: number): boolean =>
    body.every((cells) => !isValueClass(cellClass(cells[index] ?? '')));
  const named = !counted && isText(0) && !isText(width - 1) && !only.some((cell) => /name|id$/i.test(cell));
  // Where the second column counts or tells apart too, the first is beside what is called an id.
  const second = body.map((cells) => cells[1] ?? '');
  const tellsApart = new Set(second).size === second.length && second.every((cell) => /^\d+$/.test(cell));
  const isIdentity =
    !tellsApart &&
    (counted
      ? /^(?:id|nr|no|num|number|index|key|code|#)\b/i
      : /^(?:id|nr|no|num|number|index|key|name|code|#)\b/i
    ).test((only[0] ?? '').trim());
  return (counted && !isIdentity) || (named && !isIdentity) ? [shifted] : header;
}

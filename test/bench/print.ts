import type { Row } from './row.ts';

/** A table for people; a miss says so. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map(({ name, value, unit, bar, met, peers }) => [
    name,
    value === null ? 'not measured' : `${value} ${unit}`.trim(),
    bar ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
    Object.entries(peers)
      .map(([peer, of]) => `${peer} ${of}`)
      .join(', '),
  ]);
  const all = [['what', 'value', 'bar', '', 'beside'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

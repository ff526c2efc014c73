import type { Row } from './row.ts';

/** A table for people; a miss says so. Notes stand below it, once each. */
export function table(rows: readonly Row[]): string {
  const notes = [...new Set(rows.flatMap((row) => row.notes))];
  const cells = rows.map(({ name, value, unit, bar, met, peers, notes: own }) => [
    name,
    value === null ? 'not measured' : `${value} ${unit}`.trim(),
    bar ?? '',
    met === null ? '' : met ? 'met' : 'MISSED',
    [
      Object.entries(peers)
        .map(([peer, of]) => `${peer} ${of}`)
        .join(', '),
      ...own.map((note) => `[${notes.indexOf(note) + 1}]`),
    ]
      .filter((text) => text !== '')
      .join(' '),
  ]);
  const all = [['what', 'value', 'bar', '', 'beside'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const lines = all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, ...notes.map((note, index) => `[${index + 1}] ${note}`)].join('\n');
}

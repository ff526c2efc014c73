import type { ChartData, ChartField, ChartKey } from '#shared/domain';
import { assertNever, formatCount } from '#shared/lib';

type Cell = ChartData['rows'][number][number];

const number = (value: number): string =>
  value.toLocaleString('en-US', { maximumSignificantDigits: 6, useGrouping: true });

const shown = (cell: Cell | undefined): string =>
  typeof cell === 'number' ? number(cell) : cell === null || cell === undefined ? 'nothing' : `“${cell}”`;

/** What a chart shows, in a few sentences, for who cannot see it. */
export function describeChart(data: ChartData): string {
  const { rows, title, leftOut, notes } = data;
  const parts = [`${title}.`];
  if (rows.length === 0) parts.push('There is nothing to draw.');
  else parts.push(...extremes(data));
  if (leftOut > 0)
    parts.push(`${formatCount(leftOut)} of ${formatCount(data.total)} rows have no value here.`);
  return [...parts, ...notes].join(' ');
}

function extremes({ spec, fields, rows }: ChartData): string[] {
  const at = (key: ChartKey): number => fields.findIndex((field) => field.key === key);
  const name = (row: readonly Cell[]): string => {
    const x = shown(row[at('x')]);
    const to = at('x_to') === -1 ? null : row[at('x_to')];
    const y = at('y') === -1 || spec.kind !== 'heatmap' ? '' : ` and ${shown(row[at('y')])}`;
    const group = at('group') === -1 ? '' : ` of ${shown(row[at('group')])}`;
    return `${to === null || to === undefined ? x : `${x} to ${shown(to)}`}${y}${group}`;
  };
  switch (spec.kind) {
    case 'histogram':
    case 'bar':
    case 'line':
    case 'heatmap': {
      const value = at('value');
      const sorted = rows
        .filter((row) => typeof row[value] === 'number')
        .sort((a, b) => Number(b[value]) - Number(a[value]));
      const [most, least] = [sorted[0], sorted.at(-1)];
      if (most === undefined || least === undefined) return [];
      const what = { histogram: 'ranges', bar: 'bars', line: 'points', heatmap: 'fields' }[spec.kind];
      return [
        `${formatCount(rows.length)} ${what}: the largest is ${shown(most[value])} at ${name(most)}, the smallest ${shown(least[value])} at ${name(least)}.`,
      ];
    }
    case 'scatter':
      return [
        `${formatCount(rows.length)} points: ${range(rows, fields, 'x')}, ${range(rows, fields, 'y')}.`,
      ];
    case 'box':
      return rows
        .slice(0, 10)
        .map((row) =>
          at('x') === -1
            ? `Half of the values are from ${shown(row[at('q25')])} to ${shown(row[at('q75')])}, the median is ${shown(row[at('q50')])}.`
            : `${shown(row[at('x')])}: median ${shown(row[at('q50')])}, half of it from ${shown(row[at('q25')])} to ${shown(row[at('q75')])}.`,
        );
    default:
      return assertNever(spec.kind);
  }
}

function range(rows: ChartData['rows'], fields: readonly ChartField[], key: ChartKey): string {
  const at = fields.findIndex((field) => field.key === key);
  const values = rows.map((row) => row[at] ?? null).filter((cell) => cell !== null);
  const sorted = values.sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  );
  return `${fields[at]?.title ?? key} from ${shown(sorted[0])} to ${shown(sorted.at(-1))}`;
}

/** What is drawn, as CSV by RFC 4180 with a header of the fields' titles. */
export function chartCsv({ fields, rows }: ChartData): string {
  const field = (cell: Cell): string => {
    const text = cell === null ? '' : String(cell);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return (
    [fields.map(({ title }) => title), ...rows].map((row) => row.map(field).join(',')).join('\r\n') + '\r\n'
  );
}

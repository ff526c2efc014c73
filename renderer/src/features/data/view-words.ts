import { type Column, type RowFilter } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { nameOf } from './grid/index.ts';

const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 39)}…` : text}”`;

/** @returns a filter as one says it, e.g. `city is not “Köln”` */
export function describeFilter(filter: RowFilter, columns: readonly Column[]): string {
  const column = columns[filter.column];
  const name = column === undefined ? `column ${filter.column + 1}` : nameOf(column, filter.column);
  switch (filter.kind) {
    case 'contains':
      return `${name} ${filter.not ? 'does not contain' : 'contains'} ${quoted(filter.text)}`;
    case 'equals': {
      const [first = '', ...others] = filter.values;
      const among = others.length === 0 ? quoted(first) : `one of ${filter.values.length} values`;
      return `${name} is ${filter.not ? 'not ' : ''}${among}`;
    }
    case 'range':
      if (filter.to === null) return `${name} is at least ${filter.from ?? ''}`;
      if (filter.from === null) return `${name} is at most ${filter.to}`;
      return `${name} is from ${filter.from} to ${filter.to}`;
    case 'empty':
      return `${name} is ${filter.not ? 'not ' : ''}empty`;
    case 'fits':
      return `${name} ${filter.not ? 'does not fit' : 'fits'} its type`;
    default:
      return assertNever(filter);
  }
}

import type { ChartSpec, Column } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { Query } from '../profile/index.ts';
import { isNumber, isTime, type Role } from './axis.ts';

export interface Axis {
  readonly column: Column;
  readonly index: number;
  readonly role: Role;
}

/** What is drawn, with its columns as the chart takes them in a table of its own. */
export interface Drawing {
  readonly query: Query;
  readonly spec: ChartSpec;
  readonly x: Axis | null;
  readonly y: Axis | null;
  readonly group: Axis | null;
}

/** What the columns of a chart are to it. Throws INPUT_INVALID. */
export function axesOf(columns: readonly Column[], spec: ChartSpec): Pick<Drawing, 'x' | 'y' | 'group'> {
  const at = (index: number | null): { column: Column; index: number } | null => {
    if (index === null) return null;
    const column = columns[index];
    if (column === undefined) throw invalid(`there is no column ${index + 1}`);
    return { column, index };
  };
  const scale = (index: number | null, what: string): Axis => {
    const found = at(index);
    if (found === null) throw invalid(`the chart needs ${what}`);
    if (isNumber(found.column)) return { ...found, role: 'number' };
    if (isTime(found.column)) return { ...found, role: 'time' };
    throw invalid(`${found.column.name} holds no numbers or dates, which ${what} has to`);
  };
  const number = (index: number | null): Axis => {
    const axis = scale(index, 'a column of numbers');
    if (axis.role !== 'number') throw invalid(`${axis.column.name} holds no numbers`);
    return axis;
  };
  const any = (index: number | null): Axis => {
    const found = at(index);
    if (found === null) throw invalid('the chart needs a column');
    return isNumber(found.column) || isTime(found.column)
      ? scale(index, 'a column')
      : { ...found, role: 'category' };
  };
  const named = (index: number | null): Axis | null => {
    const found = at(index);
    return found === null ? null : { ...found, role: 'category' };
  };
  const group = named(spec.group);
  const measured = spec.measure === 'count' ? null : number(spec.y);
  switch (spec.kind) {
    case 'histogram':
      return { x: scale(spec.x, 'the axis'), y: null, group };
    case 'bar': {
      const x = any(spec.x);
      return { x: x.role === 'number' ? { ...x, role: 'category' } : x, y: measured, group };
    }
    case 'line':
      return { x: scale(spec.x, 'the axis'), y: measured, group };
    case 'scatter':
      return { x: scale(spec.x, 'the first axis'), y: scale(spec.y, 'the second axis'), group };
    case 'heatmap':
      return { x: any(spec.x), y: any(spec.y), group: null };
    case 'box': {
      const x = spec.x === null ? null : any(spec.x);
      return { x: x?.role === 'number' ? { ...x, role: 'category' } : x, y: number(spec.y), group: null };
    }
    default:
      return assertNever(spec.kind);
  }
}

export function invalid(what: string) {
  return sluiceError('INPUT_INVALID', { what });
}

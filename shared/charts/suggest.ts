import type { ChartKind, ChartSpec, ColumnType } from '#shared/domain';
import { assertNever } from '#shared/lib';

/** A column as far as a chart of it can be told by. */
export interface ChartColumn {
  /** Its place in the table. */
  readonly index: number;
  readonly name: string;
  readonly type: ColumnType;
  /** Different values; null where nobody counted. */
  readonly distinct: number | null;
  /** Rows with a value; null where nobody counted. */
  readonly values: number | null;
}

type Role = 'number' | 'time' | 'category';

/** Whole numbers of fewer different values than this are drawn as what they are, not by ranges. */
const FEW = 13;
/** More points than these hide one another. */
const MOST_SEEN = 5000;

export function roleOf({ type, distinct }: ChartColumn): Role {
  switch (type.kind) {
    case 'integer':
      return distinct !== null && distinct < FEW ? 'category' : 'number';
    case 'decimal':
      return 'number';
    case 'date':
    case 'timestamp':
      return 'time';
    case 'text':
    case 'boolean':
      return 'category';
    default:
      return assertNever(type);
  }
}

/**
 * The chart that suits a column, or the pair of two, by their types and how many values they have. Of more than two, the
 * third tells the colours apart where it can. Null of none.
 */
export function suggestChart(columns: readonly ChartColumn[]): ChartSpec | null {
  const [first, second, third] = columns;
  if (first === undefined) return null;
  if (second === undefined) return ofOne(first);
  const pair = ofTwo(first, second);
  const isFree = pair.group === null && pair.kind !== 'heatmap' && pair.kind !== 'box';
  return third !== undefined && isFree && roleOf(third) === 'category'
    ? { ...pair, group: third.index }
    : pair;
}

function ofOne(column: ChartColumn): ChartSpec {
  const alone = { x: column.index, y: null, group: null, measure: 'count' } as const;
  const role = roleOf(column);
  switch (role) {
    case 'number':
      return { kind: 'histogram', ...alone };
    case 'time':
      return { kind: 'line', ...alone };
    case 'category':
      return { kind: 'bar', ...alone };
    default:
      return assertNever(role);
  }
}

function ofTwo(a: ChartColumn, b: ChartColumn): ChartSpec {
  const [first, second] = [roleOf(a), roleOf(b)];
  const pair = { x: a.index, y: b.index, group: null } as const;
  const turned = { x: b.index, y: a.index, group: null } as const;
  if (first === 'time' && second === 'number') return { kind: 'line', ...pair, measure: 'mean' };
  if (first === 'number' && second === 'time') return { kind: 'line', ...turned, measure: 'mean' };
  if (first === 'category' && second === 'number') return { kind: 'box', ...pair, measure: 'count' };
  if (first === 'number' && second === 'category') return { kind: 'box', ...turned, measure: 'count' };
  if (first === 'time' && second === 'category')
    return { kind: 'line', x: a.index, y: null, group: b.index, measure: 'count' };
  if (first === 'category' && second === 'time')
    return { kind: 'line', x: b.index, y: null, group: a.index, measure: 'count' };
  if (first === 'category' && second === 'category')
    return { kind: 'bar', x: a.index, y: null, group: b.index, measure: 'count' };
  const many = Math.min(a.values ?? Infinity, b.values ?? Infinity) > MOST_SEEN;
  return { kind: many ? 'heatmap' : 'scatter', ...pair, measure: 'count' };
}

/** The chart a table opens with: of a column that says something, and no number of its rows. */
export function firstChart(columns: readonly ChartColumn[]): ChartSpec | null {
  const telling = columns.filter((column) => !isKey(column));
  const of = (role: Role): ChartColumn | undefined => telling.find((column) => roleOf(column) === role);
  const chosen = of('number') ?? of('time') ?? of('category') ?? columns[0];
  return chosen === undefined ? null : suggestChart([chosen]);
}

/** Whether hardly a value comes twice, or the name says so. */
function isKey({ name, type, distinct, values }: ChartColumn): boolean {
  if (distinct === 1) return true;
  if (type.kind !== 'integer' && type.kind !== 'text') return false;
  if (distinct !== null && values !== null) return values > 20 && distinct > values * 0.95;
  return /(?:^|[^a-z])(?:id|no|nr|number|key|index|row)$/i.test(name.trim());
}

/** The kinds of charts there are over a column. */
export function chartKindsFor(x: ChartColumn | null): readonly ChartKind[] {
  if (x === null) return ['box'];
  switch (x.type.kind) {
    case 'integer':
      return ['histogram', 'bar', 'line', 'scatter', 'heatmap', 'box'];
    case 'decimal':
      return ['histogram', 'line', 'scatter', 'heatmap', 'bar', 'box'];
    case 'date':
    case 'timestamp':
      return ['line', 'bar', 'histogram', 'scatter', 'heatmap', 'box'];
    case 'text':
    case 'boolean':
      return ['bar', 'box', 'heatmap'];
    default:
      return assertNever(x.type);
  }
}

const isScale = ({ type }: ChartColumn): boolean => type.kind !== 'text' && type.kind !== 'boolean';
const isNumber = ({ type }: ChartColumn): boolean => type.kind === 'integer' || type.kind === 'decimal';

/**
 * The chart nearest to what was asked that can be drawn: kinds that a column does not have, and columns that a kind cannot
 * use, give way.
 */
export function fitChart(asked: ChartSpec, columns: readonly ChartColumn[]): ChartSpec {
  const at = (index: number | null): ChartColumn | null => columns.find((one) => one.index === index) ?? null;
  const x = at(asked.x) ?? columns[0] ?? null;
  const kinds = chartKindsFor(x);
  const kind = kinds.includes(asked.kind) ? asked.kind : (kinds[0] ?? 'bar');
  const y = at(asked.y);
  const group = at(asked.group)?.index ?? null;
  const others = columns.filter((column) => column !== x);
  const base = { kind, x: x?.index ?? null, group } as const;
  switch (kind) {
    case 'histogram':
      return { ...base, y: null, measure: 'count' };
    case 'bar':
    case 'line': {
      const measured = y !== null && isNumber(y) ? y : null;
      if (asked.measure === 'count') return { ...base, y: null, measure: 'count' };
      const chosen = measured ?? others.find(isNumber) ?? null;
      return chosen === null
        ? { ...base, y: null, measure: 'count' }
        : { ...base, y: chosen.index, measure: asked.measure };
    }
    case 'scatter': {
      const other = y !== null && isScale(y) ? y : (others.find(isNumber) ?? others.find(isScale) ?? x);
      return { ...base, y: other?.index ?? null, measure: 'count' };
    }
    case 'heatmap': {
      const other = y ?? others.find(isScale) ?? others[0] ?? x;
      return { ...base, group: null, y: other?.index ?? null, measure: 'count' };
    }
    case 'box': {
      const other = y !== null && isNumber(y) ? y : (others.find(isNumber) ?? null);
      const own = x !== null && isNumber(x) ? x : null;
      if (other === null) return { ...base, x: null, group: null, y: own?.index ?? null, measure: 'count' };
      return { ...base, group: null, y: other.index, measure: 'count' };
    }
    default:
      return assertNever(kind);
  }
}

/** The same columns as another kind of chart: what was measured stays so. */
export function changeKind(spec: ChartSpec, kind: ChartKind, columns: readonly ChartColumn[]): ChartSpec {
  const sums = (one: ChartKind): boolean => one === 'bar' || one === 'line';
  const brings = spec.y !== null && sums(kind) && !sums(spec.kind);
  return fitChart({ ...spec, kind, ...(brings ? { measure: 'mean' } : {}) }, columns);
}

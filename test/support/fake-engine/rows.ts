import type {
  Fix,
  LoadFrame,
  RejectsPage,
  RowFilter,
  ShownRow,
  TablePreview,
  TableView,
} from '#shared/domain';
import { rejects } from './table.ts';

/** Rows of the pretended table, more than a page could ever hold. */
export const ROWS = 10_000_000;
/** Sorted and filtered rows are looked for among so many. */
const LOOKED = 20_000;

type Cells = readonly (string | null)[];

export interface FakeRows {
  readonly total: number;
  readonly at: (offset: number) => ShownRow;
}

/** @returns the cells of a row, made of those that are shown first */
export function cellsOf({ columns, rows }: TablePreview, position: number): Cells {
  const like = rows[position % rows.length] ?? [];
  return columns.map((_, index) => (index === 0 ? String(100_234 + position) : (like[index] ?? null)));
}

/** Every view works on its first rows only; the plain one has all of them. */
export function viewOf(preview: TablePreview, { sort, filters }: TableView, fixes: readonly Fix[]): FakeRows {
  const shown = (position: number): ShownRow => {
    const fixed = fixes[position - ROWS];
    const cells = fixed?.cells ?? cellsOf(preview, position);
    return { position, cells: [...cells], misfits: position % 9 === 4 ? [3] : [] };
  };
  if (sort.length === 0 && filters.length === 0) {
    const total = ROWS + fixes.length;
    return { total, at: shown };
  }
  const places = Array.from({ length: LOOKED }, (_, position) => position).filter((position) =>
    filters.every((filter) => holds(cellsOf(preview, position), filter)),
  );
  for (const { column, descending } of [...sort].reverse()) {
    const text = (position: number): string => cellsOf(preview, position)[column] ?? '';
    places.sort((a, b) => text(a).localeCompare(text(b), 'en', { numeric: true }) * (descending ? -1 : 1));
  }
  return { total: places.length, at: (offset) => shown(places[offset] ?? 0) };
}

function holds(cells: Cells, filter: RowFilter): boolean {
  const cell = cells[filter.column] ?? null;
  switch (filter.kind) {
    case 'contains':
      return (cell ?? '').toLowerCase().includes(filter.text.toLowerCase()) !== filter.not;
    case 'equals':
      return (cell !== null && filter.values.includes(cell)) !== filter.not;
    case 'empty':
      return ((cell ?? '').trim() === '') !== filter.not;
    case 'range':
      return (
        (filter.from === null || (cell ?? '') >= filter.from) &&
        (filter.to === null || (cell ?? '') <= filter.to)
      );
    case 'fits':
      return !filter.not;
    default:
      return filter satisfies never;
  }
}

export async function* loading(pause: (ms: number) => Promise<void>): AsyncGenerator<LoadFrame, void> {
  yield { rows: 0, ready: false, fraction: null };
  await pause(100);
  for (const fraction of [0.1, 0.4, 0.7]) {
    yield { rows: 100_000, ready: false, fraction };
    await pause(150);
  }
  yield { rows: ROWS, ready: true, fraction: 1 };
}

export function rejectsOf(fixes: readonly Fix[], offset: number, limit: number): RejectsPage {
  return {
    total: rejects.length,
    kept: rejects.length,
    fixed: fixes.length,
    rejects: rejects.slice(offset, offset + limit).map((reject) => ({
      ...reject,
      fixed: fixes.find(({ byte }) => byte === reject.byte)?.cells ?? null,
    })),
    lost: [],
  };
}

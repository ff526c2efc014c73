import { cellClass, groupOf, type CellClass, type CellGroup } from '../detect/index.ts';

/** What the cells of a column are, from rows that fit. */
export interface ColumnHabit {
  readonly of: number;
  readonly groups: ReadonlyMap<CellGroup, number>;
  readonly classes: ReadonlyMap<CellClass, number>;
  /** How often each of its texts stood there. */
  readonly values: ReadonlyMap<string, number>;
  /** Cells with a delimiter in them. */
  readonly cuts: number;
  /** Cells with a decimal point or comma. */
  readonly decimals: number;
  /** Cells that begin with a blank. */
  readonly spaced: number;
}

export function habitOf(cells: readonly string[], delimiter: string): ColumnHabit {
  const groups = new Map<CellGroup, number>();
  const classes = new Map<CellClass, number>();
  const values = new Map<string, number>();
  let spaced = 0;
  for (const cell of cells) {
    const found = cellClass(cell);
    const group = groupOf(found);
    groups.set(group, (groups.get(group) ?? 0) + 1);
    classes.set(found, (classes.get(found) ?? 0) + 1);
    if (cell.startsWith(' ')) spaced += 1;
    if (cell.length < 100) values.set(cell, (values.get(cell) ?? 0) + 1);
  }
  const cuts = delimiter === '' ? 0 : cells.filter((cell) => cell.includes(delimiter)).length;
  const decimals = cells.filter((cell) => /\d[.,]\d/.test(cell)).length;
  return { of: cells.length, groups, classes, values, cuts, decimals, spaced };
}

/** Whether nearly all cells that hold something are numbers, dates or times. */
export function holdsValues({ of, groups }: ColumnHabit): boolean {
  const empty = groups.get('empty') ?? 0;
  const text = (groups.get('text') ?? 0) + (groups.get('broken') ?? 0);
  return of - empty > 1 && text <= (of - empty) * 0.2;
}

/** Rows longer than this by more are no slips. */
const MOST_EXTRA = 24;
/** Less likely than this, cell for cell, a row is none of the table. A logarithm. */
const LIKELY = -1.6;
const DROPPED_EMPTY = -0.6;
/** A cell behind the last column, where digits beside each other may be one number. */
const WITHOUT_PLACE = -0.6;

interface Way {
  readonly score: number;
  readonly cells: readonly string[];
}

/**
 * Fits a row with too many cells to the columns: a delimiter that stood in a text or a number is put back, or an empty cell
 * too many is dropped, whichever makes the cells most like their columns.
 *
 * @param quoted whether a cell was quoted, and so is whole
 * @returns null where no way makes a row that is like the others, or where the row is like them but for what stands behind
 * it: that has no place, and nothing is left out of a row
 */
export function fitRow(
  cells: readonly string[],
  quoted: (index: number) => boolean,
  habits: readonly ColumnHabit[],
  delimiter: string,
): readonly string[] | null {
  const width = habits.length;
  const extra = cells.length - width;
  if (width < 2 || extra < 1 || extra > MOST_EXTRA || (habits[0]?.of ?? 0) < 2) return null;
  // The best way to place the first cells, by how many of them, in the first columns.
  let ways = new Map<number, Way>([[0, { score: 0, cells: [] }]]);
  for (const [column, habit] of habits.entries()) {
    const next = new Map<number, Way>();
    const offer = (at: number, way: Way): void => {
      const known = next.get(at);
      // Of ways that are as good the later one: free text stands more often towards the end.
      if (known === undefined || way.score >= known.score) next.set(at, way);
    };
    for (const [at, way] of ways) {
      const most = Math.min(extra + 1, cells.length - at - (width - column - 1));
      for (let taken = 1; taken <= most; taken += 1) {
        const parts = cells.slice(at, at + taken);
        if (taken === 1 || !parts.some((_, index) => quoted(at + index))) {
          const joined = parts.join(delimiter);
          const score = way.score + likeness(joined, habit) + joining(parts, joined, habit);
          offer(at + taken, { score, cells: [...way.cells, joined] });
        }
        const held = parts.filter((part) => part.trim() !== '');
        if (taken === 1 || held.length > 1) continue;
        const kept = held[0] ?? parts[0] ?? '';
        const dropped = way.score + likeness(kept, habit) + DROPPED_EMPTY * (taken - 1);
        offer(at + taken, { score: dropped, cells: [...way.cells, kept] });
      }
    }
    ways = next;
  }
  const best = ways.get(cells.length);
  if (best === undefined || best.score / width < LIKELY) return null;
  const likely = habits.reduce((sum, habit, index) => sum + likeness(cells[index] ?? '', habit), 0);
  const grouped = cells.some(
    (cell, at) => /^[-+(]?\D{0,4}[1-9]\d{0,2}$/.test(cell) && /^\d{3}(?:\.\d+)?$/.test(cells[at + 1] ?? ''),
  );
  const asItIs = likely + (grouped ? WITHOUT_PLACE * extra : 0);
  return asItIs >= best.score ? null : best.cells;
}

/** A row with this much more likely cells elsewhere has them there. A logarithm. */
const SURELY = 2.5;
const LONGEST_SHORT = 400;

/**
 * Places the cells of a row that lacks some where they are most like their columns.
 *
 * @returns the cells at their columns, empty ones between them; null where they may as well stand at its beginning
 */
export function placeRow(cells: readonly string[], habits: readonly ColumnHabit[]): readonly string[] | null {
  const width = habits.length;
  const missing = width - cells.length;
  if (cells.length < 2 || missing < 1 || width > LONGEST_SHORT || (habits[0]?.of ?? 0) < 5) return null;
  // More cells lacking than there are: nothing tells which.
  if (missing > Math.max(2, width * 0.4)) return null;
  // The best way to have placed the first cells, by how many columns were left empty before them.
  let ways: (Way | null)[] = [{ score: 0, cells: [] }];
  for (const [column, habit] of habits.entries()) {
    const next: (Way | null)[] = [];
    for (const [left, way] of ways.entries()) {
      if (way === null) continue;
      const cell = cells[column - left];
      if (cell !== undefined) better(next, left, way, cell, fine(cell, habit));
      if (left < missing) better(next, left + 1, way, '', fine('', habit));
    }
    ways = Array.from(next, (way) => way ?? null);
  }
  const best = ways[missing];
  if (best === undefined || best === null || best.score / width < LIKELY) return null;
  const asItIs = habits.reduce((sum, habit, index) => sum + fine(cells[index] ?? '', habit), 0);
  return best.score - asItIs < SURELY ? null : best.cells;
}

function better(ways: (Way | null)[], left: number, way: Way, cell: string, likely: number): void {
  const score = way.score + likely;
  const known = ways[left];
  if (known === undefined || known === null || score > known.score)
    ways[left] = { score, cells: [...way.cells, cell] };
}

/** How likely a cell is in a column by its group, its class, and whether it stood there before. */
function fine(cell: string, habit: ColumnHabit): number {
  const { of, classes, values } = habit;
  const byClass = Math.log(((classes.get(cellClass(cell)) ?? 0) + 0.5) / (of + 3));
  const known = cell !== '' && (values.get(cell) ?? 0) > 0 ? 1 : 0;
  return likeness(cell, habit) + (cell === '' ? 0 : byClass * 0.4) + known;
}

/** @returns how likely a cell is in a column, as a logarithm */
export function likeness(cell: string, { of, groups }: ColumnHabit): number {
  const group = groupOf(cellClass(cell));
  const likely = Math.log(((groups.get(group) ?? 0) + 0.1) / (of + 0.6));
  // A cell may be empty where none was before.
  return group === 'empty' ? Math.max(likely, -3) : likely;
}

/** What speaks against several cells having been one, or for it. */
function joining(parts: readonly string[], joined: string, habit: ColumnHabit): number {
  const usual = habit.cuts > habit.of * 0.8;
  // Where all values hold the sign, one without it is none.
  if (parts.length === 1) return usual ? -1 : 0;
  if (usual && likeness(joined, habit) > -0.5) return -0.1;
  let score = 0;
  for (let index = 1; index < parts.length; index += 1) {
    const [before = '', after = ''] = [parts[index - 1], parts[index]];
    if (after.trim() === '' || before.trim() === '') score -= 2;
    else if (holdsValues(habit)) score -= isNumberCut(before, after, habit.decimals > 0) ? 0.3 : 3;
    // In prose a blank follows the sign.
    else if (/^\s/.test(after)) score += 0.5;
    else score -= habit.cuts > 0 ? 0.8 : 2.3;
  }
  return score;
}

function isNumberCut(before: string, after: string, decimals: boolean): boolean {
  const thousands = /^\s*[-+(]?\D{0,4}\d{1,3}$/.test(before) && /^\d{3}(?:[.,]\d+)?\D{0,5}$/.test(after);
  return thousands || (decimals && /\d$/.test(before) && /^\d{1,2}\s*\D{0,5}$/.test(after));
}

/** A cell by row and shown column; row -1 is the header. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Cells from an anchor to where the keyboard is. */
export interface Selection {
  readonly anchor: Place;
  readonly at: Place;
}

export interface Area {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export function areaOf({ anchor, at }: Selection): Area {
  return {
    top: Math.max(0, Math.min(anchor.row, at.row)),
    bottom: Math.max(anchor.row, at.row),
    left: Math.min(anchor.column, at.column),
    right: Math.max(anchor.column, at.column),
  };
}

export const cellsIn = ({ top, bottom, left, right }: Area): number =>
  Math.max(0, bottom - top + 1) * (right - left + 1);

interface Extent {
  readonly rows: number;
  readonly columns: number;
  /** Rows that are seen at once. */
  readonly page: number;
}

interface Key {
  readonly key: string;
  readonly ctrl: boolean;
}

/** @returns where a key goes to, within the table; null where it goes nowhere */
export function goes(
  { row, column }: Place,
  { key, ctrl }: Key,
  { rows, columns, page }: Extent,
): Place | null {
  const to = ((): Place | null => {
    switch (key) {
      case 'ArrowRight':
        return { row, column: ctrl ? columns - 1 : column + 1 };
      case 'ArrowLeft':
        return { row, column: ctrl ? 0 : column - 1 };
      case 'ArrowDown':
        return { row: ctrl ? rows - 1 : row + 1, column };
      case 'ArrowUp':
        return { row: ctrl ? 0 : row - 1, column };
      case 'Home':
        return { row: ctrl ? 0 : row, column: 0 };
      case 'End':
        return { row: ctrl ? rows - 1 : row, column: columns - 1 };
      case 'PageDown':
        return { row: row + page, column };
      case 'PageUp':
        return { row: row < 0 ? -1 : Math.max(0, row - page), column };
      default:
        return null;
    }
  })();
  if (to === null) return null;
  return {
    row: Math.max(-1, Math.min(rows - 1, to.row)),
    column: Math.max(0, Math.min(columns - 1, to.column)),
  };
}

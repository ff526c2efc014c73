import { IconAlertTriangle } from '@tabler/icons-react';
import { memo } from 'react';
import { formatCount } from '#shared/lib';
import { type ShownCell } from '../row-source.ts';
import { type Area } from './selection.ts';

/** A column where it is drawn. */
export interface Slot {
  /** Among the columns that are shown. */
  readonly place: number;
  /** In the table. */
  readonly index: number;
  readonly left: number;
  readonly width: number;
  readonly isNumber: boolean;
}

interface Props {
  readonly id: string;
  readonly row: number;
  /** Its place in the table, from 0; undefined until it is known. */
  readonly position: number | undefined;
  readonly slots: readonly Slot[];
  readonly cells: readonly (ShownCell | undefined)[];
  readonly y: number;
  readonly width: number;
  /** The shown column the keyboard is at, -1 where it is in another row. */
  readonly active: number;
  readonly area: Area | null;
  /** What is searched for, in lower case; empty for nothing. */
  readonly sought: string;
}

/** One row: only its columns in sight. */
export const GridRow = memo(function GridRow(props: Props) {
  const { id, row, position, slots, cells, y, width, active, area, sought } = props;
  const inArea = area !== null && row >= area.top && row <= area.bottom;
  return (
    <div
      className="grid-row"
      role="row"
      aria-rowindex={row + 2}
      aria-busy={position === undefined || undefined}
      style={{ width, transform: `translateY(${y}px)` }}
    >
      <div className="cell-number number" role="rowheader" aria-colindex={1} data-row={row}>
        {position === undefined ? '' : formatCount(position + 1)}
      </div>
      {slots.map(({ place, left, width: wide, isNumber }, at) => (
        <GridCell
          key={place}
          id={`${id}-${row}-${place}`}
          place={place}
          row={row}
          cell={cells[at]}
          left={left}
          width={wide}
          isNumber={isNumber}
          active={active === place}
          selected={inArea && place >= area.left && place <= area.right}
          sought={sought}
        />
      ))}
    </div>
  );
}, isSame);

function isSame(a: Props, b: Props): boolean {
  if (a.cells.length !== b.cells.length) return false;
  for (const key of Object.keys(a) as (keyof Props)[]) {
    if (key !== 'cells' && a[key] !== b[key]) return false;
  }
  return a.cells.every(
    (cell, at) => cell?.text === b.cells[at]?.text && cell?.misfit === b.cells[at]?.misfit,
  );
}

interface CellProps {
  readonly id: string;
  readonly place: number;
  readonly row: number;
  readonly cell: ShownCell | undefined;
  readonly left: number;
  readonly width: number;
  readonly isNumber: boolean;
  readonly active: boolean;
  readonly selected: boolean;
  readonly sought: string;
}

const LONGEST_SHOWN = 400;

function GridCell({ id, place, row, cell, left, width, isNumber, active, selected, sought }: CellProps) {
  const text = cell?.text ?? null;
  const isEmpty = text === null || text === '';
  const lines = text === null ? -1 : text.search(/[\r\n]/);
  const hit = sought !== '' && text !== null && text.toLowerCase().includes(sought);
  const names = ['cell', 'cut'];
  if (isNumber) names.push('number');
  if (isEmpty) names.push('cell-none');
  if (cell === undefined) names.push('cell-coming');
  return (
    <div
      id={id}
      role="gridcell"
      tabIndex={-1}
      className={names.join(' ')}
      aria-colindex={place + 2}
      aria-selected={selected}
      data-row={row}
      data-place={place}
      data-active={active || undefined}
      data-misfit={cell?.misfit === true || undefined}
      data-hit={hit || undefined}
      style={{ left, width }}
    >
      {cell?.misfit === true && (
        <span className="cell-misfit" title="Does not fit the type of its column">
          <IconAlertTriangle size={12} aria-label="does not fit:" role="img" />
        </span>
      )}
      {cell === undefined ? (
        <span className="cell-bar" aria-label="loading" role="img" />
      ) : text === null ? (
        'absent'
      ) : text === '' ? (
        'empty'
      ) : lines < 0 ? (
        text.slice(0, LONGEST_SHOWN)
      ) : (
        <>
          {text.slice(0, Math.min(lines, LONGEST_SHOWN))}
          <span className="cell-lines" title="More lines: Enter shows them">
            ↵
          </span>
        </>
      )}
    </div>
  );
}

import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { type TablePreview } from '#shared/domain';
import { isNumeric, TYPE_WORDS, TypeMark } from './type-words.tsx';

const NARROWEST = 72;
const WIDEST = 280;
const SIGN_WIDTH = 8.4;
const HEAD_WIDTH = 9.2;
const PADDING = 24;
/** The sign before the name of a type. */
const MARK = 18;
const ROW_NUMBER = 44;

interface Props {
  readonly table: TablePreview;
  readonly column: string | null;
  readonly onColumn: (name: string | null) => void;
}

interface Place {
  readonly row: number;
  readonly column: number;
}

/**
 * The head of a table as the file has it. Columns out of sight do not exist, for a file may have thousands; the grid
 * holds the focus and names its active cell.
 */
export function PreviewGrid({ table, column, onColumn }: Props) {
  'use no memo';
  const { columns, rows, name } = table;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Place>({ row: -1, column: 0 });
  const widths = useMemo(() => measure(table), [table]);
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    horizontal: true,
    count: columns.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => widths[index] ?? NARROWEST,
    scrollPaddingStart: ROW_NUMBER,
    scrollPaddingEnd: ROW_NUMBER,
    overscan: 3,
  });
  const shown = virtual.getVirtualItems();

  const chosen = column === null ? -1 : columns.findIndex((one) => one.name === column);
  // The details that open beside the grid must not cover the column they are of.
  useEffect(() => {
    if (chosen < 0) return undefined;
    const frame = requestAnimationFrame(() => virtual.scrollToIndex(chosen));
    return () => cancelAnimationFrame(frame);
  }, [chosen, virtual]);

  const move = (to: Place) => {
    const next = {
      row: Math.max(-1, Math.min(rows.length - 1, to.row)),
      column: Math.max(0, Math.min(columns.length - 1, to.column)),
    };
    setAt(next);
    virtual.scrollToIndex(next.column);
    requestAnimationFrame(() => {
      document.getElementById(`${id}-${next.row}-${next.column}`)?.scrollIntoView({ block: 'nearest' });
    });
  };
  const keys = (event: KeyboardEvent) => {
    const steps: Partial<Record<string, Place>> = {
      ArrowRight: { ...at, column: at.column + 1 },
      ArrowLeft: { ...at, column: at.column - 1 },
      ArrowDown: { ...at, row: at.row + 1 },
      ArrowUp: { ...at, row: at.row - 1 },
      Home: { ...at, column: 0 },
      End: { ...at, column: columns.length - 1 },
      PageDown: { ...at, row: at.row + 10 },
      PageUp: { ...at, row: at.row - 10 },
    };
    const step = steps[event.key];
    if (step !== undefined) move(step);
    else if (event.key === 'Enter') onColumn(columns[at.column]?.name ?? null);
    else if (event.key === 'Escape') onColumn(null);
    else return;
    event.preventDefault();
  };

  const cells = (row: number) =>
    shown.map(({ index, start, size }) => {
      const spec = columns[index];
      if (spec === undefined) return null;
      const active = at.row === row && at.column === index;
      const common = {
        id: `${id}-${row}-${index}`,
        'aria-colindex': index + 2,
        'data-active': active || undefined,
        style: { left: start + ROW_NUMBER, width: size },
      };
      if (row < 0) {
        return (
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={index}
            role="columnheader"
            tabIndex={-1}
            className={isNumeric(spec.type) ? 'cell cell-head cell-head-number' : 'cell cell-head'}
            {...common}
            data-chosen={spec.name === column || undefined}
            title={spec.note ?? spec.name}
            onClick={() => {
              setAt({ row, column: index });
              onColumn(spec.name === column ? null : spec.name);
            }}
          >
            <span className="cut">{spec.name === '' ? `column ${index + 1}` : spec.name}</span>
            <TypeMark type={spec.type} />
          </div>
        );
      }
      const value = rows[row]?.[index] ?? null;
      return (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
        <div
          key={index}
          role="gridcell"
          tabIndex={-1}
          className={`cell cut${isNumeric(spec.type) ? ' number' : ''}${value === null || value === '' ? ' cell-none' : ''}`}
          {...common}
          title={value ?? undefined}
          onClick={() => setAt({ row, column: index })}
        >
          {value === null ? 'absent' : value === '' ? 'empty' : value}
        </div>
      );
    });

  const width = virtual.getTotalSize() + ROW_NUMBER;
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={`First rows of ${name}`}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
      aria-activedescendant={`${id}-${at.row}-${at.column}`}
      onKeyDown={keys}
    >
      <div className="grid-head" role="row" aria-rowindex={1} style={{ width }}>
        <div className="cell-number" role="columnheader" aria-colindex={1}>
          <span className="unseen">Row</span>
        </div>
        {cells(-1)}
      </div>
      {rows.map((_, row) => (
        // A row of a file has no name but its place.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={row} className="grid-row" role="row" aria-rowindex={row + 2} style={{ width }}>
          <div className="cell-number number" role="rowheader" aria-colindex={1}>
            {row + 1}
          </div>
          {cells(row)}
        </div>
      ))}
    </div>
  );
}

/** As wide as what most cells hold, within bounds. */
function measure({ columns, rows }: TablePreview): readonly number[] {
  return columns.map(({ name, type }, index) => {
    const lengths = rows.map((row) => row[index]?.length ?? 0).sort((a, b) => a - b);
    const usual = lengths[Math.floor(lengths.length * 0.9)] ?? 0;
    const mark = TYPE_WORDS[type.kind].length * SIGN_WIDTH + MARK;
    const wide = Math.max(usual * SIGN_WIDTH, name.length * HEAD_WIDTH);
    return Math.round(Math.max(NARROWEST, mark + PADDING, Math.min(WIDEST, wide + PADDING)));
  });
}

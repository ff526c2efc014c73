import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
  useEffect,
  useId,
  useImperativeHandle,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { type Column, type TableView } from '#shared/domain';
import { type RowSource } from '../row-source.ts';
import { isNumeric } from '../type-words.tsx';
import { GridHead, type HeadActions } from './grid-head.tsx';
import { GridRow, type Slot } from './grid-row.tsx';
import { ROW_HEIGHT } from './scroll-map.ts';
import { type Area, areaOf, goes, type Place, type Selection } from './selection.ts';
import { useScroll } from './use-scroll.ts';
import { fittingWidth } from './widths.ts';
import './grid.css';

const HEAD = 46;
const OVERSCAN = 4;
const WIDTH_STEP = 16;
const MARK_ROWS = 1000;

export interface GridHandle {
  /** Goes to a cell, by its offset in the view and its column in the table. */
  readonly goTo: (row: number, index: number) => void;
  readonly focus: () => void;
}

interface Props {
  readonly ref: Ref<GridHandle>;
  readonly label: string;
  readonly columns: readonly Column[];
  /** Indexes of the columns that are shown, in order. */
  readonly shown: readonly number[];
  readonly widths: readonly number[];
  readonly source: RowSource;
  readonly view: TableView;
  readonly sought: string;
  /** The column whose details are open, by its index. */
  readonly chosen: number | null;
  readonly actions: HeadActions;
  /** Whether columns have no menu: there is nothing to sort or filter. */
  readonly bare: boolean;
  readonly onCell: (row: number, index: number) => void;
  readonly onEscape: () => void;
  readonly onSearch: () => void;
  /** Columns by their index. */
  readonly onCopy: (area: Area, columns: readonly number[]) => void;
}

/**
 * Any number of rows and columns, of which only those in sight exist. The grid holds the focus and names its active
 * cell, so that the focus survives rows that come and go.
 */
export function DataGrid(props: Props) {
  'use no memo';
  const { ref, label, columns, shown, widths, source, view, sought, chosen, actions } = props;
  const id = useId();
  useSyncExternalStore(source.subscribe, source.version);
  const rows = source.total;
  const [{ anchor, at }, setSelection] = useState<Selection>({
    anchor: { row: 0, column: 0 },
    at: { row: 0, column: 0 },
  });
  const [menu, setMenu] = useState<number | null>(null);
  const numberWidth = Math.max(44, String(rows).length * 9 + 20);
  const { scroller, top, view: height, height: tall, onScroll, reveal } = useScroll(rows, HEAD);

  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    horizontal: true,
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (place) => widths[shown[place] ?? 0] ?? 120,
    scrollPaddingStart: numberWidth,
    scrollPaddingEnd: numberWidth,
    overscan: 4,
  });
  useEffect(() => virtual.measure(), [virtual, widths, shown]);
  const items = virtual.getVirtualItems();
  const slots = useMemo(
    () =>
      items.flatMap(({ index: place, start, size }): Slot[] => {
        const index = shown[place];
        const column = index === undefined ? undefined : columns[index];
        if (index === undefined || column === undefined) return [];
        return [{ place, index, left: start + numberWidth, width: size, isNumber: isNumeric(column.type) }];
      }),
    [items, shown, columns, numberWidth],
  );

  const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN);
  const last = Math.min(rows - 1, Math.ceil((top + height) / ROW_HEIGHT) + OVERSCAN);
  const [left, right] = [slots[0]?.index ?? 0, slots.at(-1)?.index ?? 0];
  const [low, high] = [Math.min(left, right), Math.max(left, right)];
  useEffect(() => {
    source.look({ top: first, bottom: Math.max(first, last), left: low, right: high });
  }, [source, first, last, low, high]);

  const move = (to: Place, extend: boolean) => {
    setSelection({ anchor: extend ? anchor : to, at: to });
    if (to.row >= 0) reveal(to.row);
    virtual.scrollToIndex(to.column);
  };
  useImperativeHandle(ref, () => ({
    goTo: (row, index) => move({ row, column: Math.max(0, shown.indexOf(index)) }, false),
    focus: () => scroller.current?.focus({ preventScroll: true }),
  }));

  // A view with fewer rows keeps the keyboard within it.
  const here: Place = {
    row: Math.min(at.row, Math.max(0, rows - 1)),
    column: Math.min(at.column, shown.length - 1),
  };
  const area = useMemo(
    () => areaOf({ anchor, at: { row: here.row, column: here.column } }),
    [anchor, here.row, here.column],
  );
  // Rows are placed from a mark that seldom moves: scrolling moves their common layer, not each of them.
  const mark = Math.floor(first / MARK_ROWS) * MARK_ROWS * ROW_HEIGHT;
  const isOne = area.top === area.bottom && area.left === area.right;
  const indexAt = (place: number): number => shown[place] ?? 0;

  const headKeys = (event: KeyboardEvent): boolean => {
    const index = indexAt(here.column);
    if (event.altKey && (event.key === 'ArrowRight' || event.key === 'ArrowLeft')) {
      const step = event.key === 'ArrowRight' ? WIDTH_STEP : -WIDTH_STEP;
      actions.onWidth(index, Math.max(56, (widths[index] ?? 120) + step));
    } else if (!props.bare && ((event.altKey && event.key === 'ArrowDown') || event.key === 'ContextMenu'))
      setMenu(index);
    else return false;
    return true;
  };
  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const page = Math.max(1, Math.floor(height / ROW_HEIGHT) - 1);
    const to = event.altKey
      ? null
      : goes(here, { key: event.key, ctrl: mod }, { rows, columns: shown.length, page });
    if (headKeys(event)) event.preventDefault();
    else if (to !== null) move(to, event.shiftKey);
    else if (mod && key === 'a') {
      setSelection({ anchor: { row: 0, column: 0 }, at: { row: rows - 1, column: shown.length - 1 } });
    } else if (mod && key === 'c') {
      props.onCopy(area, shown.slice(area.left, area.right + 1));
    } else if ((mod && key === 'f') || (event.key === '/' && !mod)) props.onSearch();
    else if (event.key === 'Enter' && here.row < 0) actions.onAbout(indexAt(here.column));
    else if (event.key === 'Enter' && rows > 0) props.onCell(here.row, indexAt(here.column));
    else if (event.key === 'Escape') {
      setSelection({ anchor: here, at: here });
      props.onEscape();
    } else return;
    event.preventDefault();
  };

  const point = (event: MouseEvent<HTMLDivElement>) => {
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (cell === null || event.button !== 0) return;
    const row = Number(cell.dataset['row']);
    const place = cell.dataset['place'];
    scroller.current?.focus({ preventScroll: true });
    if (place === undefined) {
      // Its number stands for the whole row.
      const from = event.shiftKey ? { ...anchor, column: 0 } : { row, column: 0 };
      setSelection({ anchor: from, at: { row, column: shown.length - 1 } });
      return;
    }
    const to = { row, column: Number(place) };
    setSelection({ anchor: event.shiftKey ? anchor : to, at: to });
  };
  const drag = (event: MouseEvent<HTMLDivElement>) => {
    if ((event.buttons & 1) === 0) return;
    const cell = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-place]') : null;
    if (cell === null) return;
    const to = { row: Number(cell.dataset['row']), column: Number(cell.dataset['place']) };
    setSelection((now) => ({ anchor: now.anchor, at: to }));
  };

  const width = virtual.getTotalSize() + numberWidth;
  const isHere = here.row === -1 || (here.row >= first && here.row <= last);
  const isDrawn = isHere && slots.some(({ place }) => place === here.column);
  return (
    <div
      ref={scroller}
      className="grid"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-multiselectable
      style={{ ['--number-width' as string]: `${numberWidth}px` }}
      aria-rowcount={rows + 1}
      aria-colcount={shown.length + 1}
      aria-activedescendant={isDrawn ? `${id}-${here.row}-${here.column}` : undefined}
      onScroll={onScroll}
      onKeyDown={keys}
      onMouseDown={point}
      onMouseMove={drag}
      onDoubleClick={(event) => {
        const cell = event.target instanceof Element ? event.target.closest('[data-place]') : null;
        if (cell !== null) props.onCell(here.row, indexAt(here.column));
      }}
    >
      <div className="grid-head" role="row" aria-rowindex={1} style={{ width }}>
        <div className="cell-number" role="columnheader" aria-colindex={1}>
          <span className="unseen">Row</span>
        </div>
        {slots.map(({ place, index, left: x, width: wide }) => {
          const column = columns[index];
          return column === undefined ? null : (
            <GridHead
              key={place}
              id={`${id}--1-${place}`}
              column={column}
              index={index}
              place={place}
              left={x}
              width={wide}
              active={here.row === -1 && here.column === place}
              chosen={chosen === index}
              view={view}
              menu={menu === index}
              canHide={shown.length > 1}
              bare={props.bare}
              onMenu={(open) => {
                setMenu((now) => (open ? index : now === index ? null : now));
                if (!open) requestAnimationFrame(() => scroller.current?.focus({ preventScroll: true }));
              }}
              onActive={() => {
                move({ row: -1, column: place }, false);
                scroller.current?.focus({ preventScroll: true });
              }}
              actions={{ ...actions, onFit: fit }}
            />
          );
        })}
      </div>
      <div className="grid-body" role="presentation" style={{ height: tall, width }}>
        <div className="grid-rows" role="rowgroup" style={{ width, top: HEAD }}>
          <div role="presentation" style={{ transform: `translateY(${mark - top}px)` }}>
            {Array.from({ length: Math.max(0, last - first + 1) }, (_, step) => {
              const row = first + step;
              return (
                <GridRow
                  key={row % (Math.ceil(height / ROW_HEIGHT) + 2 * OVERSCAN + 2)}
                  id={id}
                  row={row}
                  position={source.position(row)}
                  slots={slots}
                  cells={slots.map(({ index }) => source.cell(row, index))}
                  y={row * ROW_HEIGHT - mark}
                  width={width}
                  active={here.row === row ? here.column : -1}
                  area={isOne || row < area.top || row > area.bottom ? null : area}
                  sought={sought}
                />
              );
            })}
          </div>
        </div>
      </div>
    </div>
  );

  /** By the rows that are there and near. */
  function fit(index: number): void {
    const column = columns[index];
    if (column === undefined) return;
    const cells: (string | null)[] = [];
    for (let row = Math.max(0, first - 100); row <= Math.min(rows - 1, last + 100); row += 1) {
      cells.push(source.cell(row, index)?.text ?? null);
    }
    actions.onWidth(index, fittingWidth(column, cells));
  }
}

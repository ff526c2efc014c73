import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { find, type Sought, useTypeAhead } from './type-ahead.ts';
import './row-list.css';

interface Props {
  readonly label: string;
  readonly count: number;
  readonly rowHeight: number;
  /** Index of the row the keyboard is at; -1 for none. */
  readonly active: number;
  readonly onActive: (index: number) => void;
  /** Enter or a double click. */
  readonly onOpen?: (index: number) => void;
  /** Other keys, with the active row. @returns whether it was used */
  readonly onKey?: (event: KeyboardEvent, index: number) => boolean;
  /** What type-ahead looks at. */
  readonly textAt?: (index: number) => string | undefined;
  /** Type-ahead of a list whose rows are not all here. */
  readonly seek?: (sought: Sought) => Promise<number | null>;
  /** The rows in sight, so that they can be read. */
  readonly onRange?: (from: number, to: number) => void;
  readonly header?: ReactNode;
  readonly children: (index: number) => ReactNode;
  readonly className?: string;
}

const OVERSCAN = 6;

/**
 * A list that may have a hundred thousand rows: only those in sight exist. The list itself holds the focus and names
 * its active row, so the focus survives rows that come and go.
 */
export function RowList(props: Props) {
  'use no memo';
  const {
    label,
    count,
    rowHeight,
    active,
    onActive,
    onOpen,
    onKey,
    textAt,
    seek,
    onRange,
    header,
    children,
  } = props;
  const lastSought = useRef<Sought>(null);
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  const items = virtual.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const to = items.at(-1)?.index ?? 0;
  // Rows are given to the next that come into sight instead of being made anew: a long jump costs no more than a short one.
  const slots = Math.ceil((virtual.scrollRect?.height ?? 0) / rowHeight) + 2 * OVERSCAN + 2;
  const typeAhead = useTypeAhead();

  useEffect(() => onRange?.(from, to), [onRange, from, to, count]);

  const move = (index: number) => {
    if (count === 0) return;
    const next = Math.max(0, Math.min(count - 1, index));
    onActive(next);
    virtual.scrollToIndex(next);
  };

  /** What was typed last counts, whatever is found first. */
  const follow = async (sought: Sought) => {
    lastSought.current = sought;
    const found = textAt === undefined ? await seek?.(sought) : find(sought, count, textAt);
    if (typeof found === 'number' && lastSought.current === sought) move(found);
  };

  const keys = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.target !== event.currentTarget) return;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Partial<Record<string, number>> = {
      ArrowDown: active + 1,
      ArrowUp: active < 0 ? count - 1 : active - 1,
      Home: 0,
      End: count - 1,
      PageDown: active + page,
      PageUp: active - page,
    };
    const step = event.ctrlKey || event.metaKey || event.altKey ? undefined : steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      move(step);
    } else if (event.key === 'Enter' && active >= 0) {
      event.preventDefault();
      onOpen?.(active);
    } else if (active >= 0 && onKey?.(event, active) === true) event.preventDefault();
    else {
      const sought = typeAhead(event, active);
      if (sought !== null) void follow(sought);
    }
  };

  return (
    <div className={`rows ${props.className ?? ''}`}>
      <div
        ref={scroller}
        className="rows-scroll"
        role="grid"
        tabIndex={0}
        aria-label={label}
        aria-rowcount={count + (header === undefined ? 0 : 1)}
        aria-activedescendant={active >= from && active <= to && count > 0 ? `${id}-${active}` : undefined}
        onKeyDown={keys}
      >
        {header !== undefined && (
          <div className="rows-head" role="row" aria-rowindex={1}>
            {header}
          </div>
        )}
        <div className="rows-body" role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map(({ index, start }) => (
            // Keys go to the grid above, which holds the focus.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={index % slots}
              id={`${id}-${index}`}
              role="row"
              tabIndex={-1}
              aria-rowindex={index + (header === undefined ? 1 : 2)}
              aria-selected={index === active}
              className="row"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              onClick={() => {
                onActive(index);
                scroller.current?.focus({ preventScroll: true });
              }}
              onDoubleClick={() => onOpen?.(index)}
            >
              {children(index)}
            </div>
          ))}
        </div>
      </div>
    </div>
  );
}

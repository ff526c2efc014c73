import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ROW_HEIGHT, scrollFor, scrollMap } from './scroll-map.ts';

interface Scrolling {
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Where the table is scrolled to, px of the table. */
  readonly top: number;
  /** Of the rows that are seen, px. */
  readonly view: number;
  /** Of the element that is scrolled, px. */
  readonly height: number;
  readonly onScroll: () => void;
  /** Brings a row into sight. */
  readonly reveal: (row: number) => void;
}

/**
 * Scrolls rows of any number: the scroll bar stands for them by scale where they are too many, and the wheel and the
 * keyboard still move by pixels and rows.
 */
export function useScroll(rows: number, head: number): Scrolling {
  const scroller = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [view, setView] = useState(0);
  const map = useMemo(() => scrollMap(rows, view), [rows, view]);
  const exact = useRef(0);
  /** Where the scroll bar was put by us: that it moved there says nothing new. */
  const put = useRef(-1);
  const frame = useRef(0);

  const show = useCallback(() => {
    if (frame.current !== 0) return;
    frame.current = requestAnimationFrame(() => {
      frame.current = 0;
      setTop(exact.current);
    });
  }, []);

  const goTo = useCallback(
    (to: number) => {
      const element = scroller.current;
      if (element === null) return;
      exact.current = Math.max(0, Math.min(map.furthest, to));
      element.scrollTo({ top: exact.current / map.scale, behavior: 'instant' });
      put.current = element.scrollTop;
      show();
    },
    [map, show],
  );

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (element === null || Math.abs(element.scrollTop - put.current) < 1) return;
    put.current = -1;
    exact.current = Math.min(map.furthest, element.scrollTop * map.scale);
    show();
  }, [map, show]);

  // React listens to the wheel without a say in it.
  useEffect(() => {
    const element = scroller.current;
    if (element === null || map.scale === 1) return undefined;
    const turn = (event: WheelEvent) => {
      if (event.ctrlKey || event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? ROW_HEIGHT : 1;
      goTo(exact.current + event.deltaY * step);
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [goTo, map.scale]);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const measure = () => setView(Math.max(0, element.clientHeight - head));
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [head]);

  // Rows that come or go leave the first one in sight where it is.
  useLayoutEffect(() => goTo(exact.current), [goTo]);
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const reveal = useCallback(
    (row: number) => {
      const to = scrollFor(row, exact.current, view);
      if (to !== exact.current) goTo(to);
    },
    [goTo, view],
  );
  return { scroller, top: Math.min(top, map.furthest), view, height: map.height, onScroll, reveal };
}

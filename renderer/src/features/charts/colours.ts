import { useSyncExternalStore } from 'react';
import { type ChartColours } from './spec.ts';

/** A drawing holds colours of its own, so it must hear when light turns to dark. */
const listeners = new Set<() => void>();
let known: ChartColours | null = null;

new MutationObserver(() => {
  known = null;
  for (const listener of listeners) listener();
}).observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const PALETTE = [1, 2, 3, 4, 5, 6, 7, 8, 9];

function read(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(`--${name}`).trim();
  return {
    surface: of('surface'),
    text: of('text'),
    dim: of('dim'),
    line: of('line'),
    accent: of('accent'),
    soft: of('chart-soft'),
    palette: PALETTE.map((place) => of(`chart-${place}`)),
    font: of('mantine-font-family'),
  };
}

const now = (): ChartColours => (known ??= read());

export const useChartColours = (): ChartColours => useSyncExternalStore(subscribe, now);

import { useSyncExternalStore } from 'react';

/** Canvases hold colours of their own, so they must hear when light turns to dark. */
const listeners = new Set<() => void>();
const cache = new Map<string, string>();
let version = 0;

function changed(): void {
  version += 1;
  cache.clear();
  for (const listener of listeners) listener();
}

new MutationObserver(changed).observe(document.documentElement, {
  attributeFilter: ['data-mantine-color-scheme'],
});

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useSchemeVersion = (): number => useSyncExternalStore(subscribe, () => version);

/** @returns the value of a custom property, read once a scheme: reading styles in a paint costs a layout */
export function token(name: string): string {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  cache.set(name, value);
  return value;
}

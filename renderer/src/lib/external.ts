import { useSyncExternalStore } from 'react';

/** A value that lives outside React and wakes only those who read it. */
export interface External<T> {
  readonly get: () => T;
  readonly set: (next: T | ((now: T) => T)) => void;
  readonly subscribe: (listener: () => void) => () => void;
}

export function external<T>(initial: T): External<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set: (next) => {
      const now = typeof next === 'function' ? (next as (now: T) => T)(value) : next;
      if (Object.is(now, value)) return;
      value = now;
      for (const listener of listeners) listener();
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useExternal<T>(source: Pick<External<T>, 'get' | 'subscribe'>): T {
  return useSyncExternalStore(source.subscribe, source.get);
}

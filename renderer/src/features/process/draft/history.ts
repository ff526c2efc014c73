import type { Draft } from './draft.ts';

/** A draft with what it was before, so that every change can be taken back. */
export interface History {
  readonly past: readonly Draft[];
  readonly now: Draft;
  readonly future: readonly Draft[];
  /** What the last change was to, and when, ms: writing a word is one change. */
  readonly last: { readonly to: string; readonly at: number } | null;
}

const MOST = 200;
const PAUSE_MS = 1500;

export const begin = (draft: Draft): History => ({ past: [], now: draft, future: [], last: null });

/** @param to names what is being changed where further changes to it belong to the same */
export function change(history: History, draft: Draft, to: string | null, at: number): History {
  if (draft === history.now) return history;
  const { last, past, now } = history;
  const joined = to !== null && last !== null && last.to === to && at - last.at < PAUSE_MS;
  return {
    past: joined ? past : [...past, now].slice(-MOST),
    now: draft,
    future: [],
    last: to === null ? null : { to, at },
  };
}

export function undo(history: History): History {
  const { past, now, future } = history;
  const before = past.at(-1);
  if (before === undefined) return history;
  return { past: past.slice(0, -1), now: before, future: [now, ...future], last: null };
}

export function redo(history: History): History {
  const { past, now, future } = history;
  const [after, ...rest] = future;
  if (after === undefined) return history;
  return { past: [...past, now], now: after, future: rest, last: null };
}

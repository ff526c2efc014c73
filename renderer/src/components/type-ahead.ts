import { type KeyboardEvent, useRef } from 'react';

const FORGET_MS = 800;
/** Rows looked at for one key; a list may be endless. */
const LOOKED_AT = 20_000;

export interface Sought {
  readonly text: string;
  /** The row to begin with. */
  readonly from: number;
}

type Typed = (event: KeyboardEvent, active: number) => Sought | null;

/** @returns a function that takes a key and gives what is sought by now, or null where it is no letter */
export function useTypeAhead(): Typed {
  const typed = useRef({ text: '', at: 0 });
  return (event, active) => {
    if (event.ctrlKey || event.metaKey || event.altKey || Array.from(event.key).length !== 1) return null;
    const now = event.timeStamp;
    const fresh = now - typed.current.at > FORGET_MS;
    if (event.key === ' ' && fresh) return null;
    const text = (fresh ? '' : typed.current.text) + event.key.toLocaleLowerCase();
    typed.current = { text, at: now };
    event.preventDefault();
    return sought(text, Math.max(0, active));
  };
}

/** The same letter again and again goes from match to match; more letters narrow it down from where one is. */
export function sought(text: string, active: number): Sought {
  const signs = Array.from(text);
  const [first = ''] = signs;
  const next = signs.every((sign) => sign === first);
  return next ? { text: first, from: active + 1 } : { text, from: active };
}

/** @returns the next row that begins so, round and round; null where none does */
export function find(
  { text, from }: Sought,
  count: number,
  textAt: (index: number) => string | undefined,
): number | null {
  for (let step = 0; step < Math.min(count, LOOKED_AT); step += 1) {
    const index = (from + step) % count;
    if (textAt(index)?.toLocaleLowerCase().startsWith(text) === true) return index;
  }
  return null;
}

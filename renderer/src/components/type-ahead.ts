import { type KeyboardEvent, useRef } from 'react';

const FORGET_MS = 800;
/** Rows looked at for one key; a list may be endless. */
const LOOKED_AT = 20_000;

type Find = (
  event: KeyboardEvent,
  count: number,
  active: number,
  textAt: (index: number) => string | undefined,
) => number | null;

/** @returns a function that takes a key and gives the row it leads to, or null where it is no letter or leads nowhere */
export function useTypeAhead(): Find {
  const typed = useRef({ text: '', at: 0 });
  return (event, count, active, textAt) => {
    if (event.ctrlKey || event.metaKey || event.altKey || Array.from(event.key).length !== 1) return null;
    const now = event.timeStamp;
    const fresh = now - typed.current.at > FORGET_MS;
    if (event.key === ' ' && fresh) return null;
    const text = (fresh ? '' : typed.current.text) + event.key.toLocaleLowerCase();
    typed.current = { text, at: now };
    event.preventDefault();
    return find(text, count, Math.max(0, active), textAt);
  };
}

/** The same letter again and again goes from match to match; more letters narrow it down from where one is. */
export function find(
  text: string,
  count: number,
  active: number,
  textAt: (index: number) => string | undefined,
): number | null {
  const signs = Array.from(text);
  const [first] = signs;
  const same = signs.length > 1 && signs.every((sign) => sign === first);
  const wanted = same || signs.length === 1 ? (first ?? '') : text;
  const offset = same || signs.length === 1 ? 1 : 0;
  for (let step = 0; step < Math.min(count, LOOKED_AT); step += 1) {
    const index = (active + offset + step) % count;
    if (textAt(index)?.toLocaleLowerCase().startsWith(wanted) === true) return index;
  }
  return null;
}

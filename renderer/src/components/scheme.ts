import { useSyncExternalStore } from 'react';
import { type StripColours } from './strip-paint.ts';

/** Canvases hold colours of their own, so they must hear when light turns to dark. */
const listeners = new Set<() => void>();
let plain: StripColours | null = null;
let calm: StripColours | null = null;

new MutationObserver(() => {
  plain = null;
  calm = null;
  for (const listener of listeners) listener();
}).observe(document.documentElement, { attributeFilter: ['data-mantine-color-scheme'] });

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Read once a scheme: to read styles while painting would cost a layout for each strip. */
function read(verified: string): StripColours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(`--strip-${name}`).trim();
  return {
    waiting: of('waiting'),
    flying: of('flying'),
    sent: of('sent'),
    kept: of('kept'),
    resent: of('resent'),
    verified: of(verified),
  };
}

const readPlain = () => (plain ??= read('verified'));
const readCalm = () => (calm ??= read('calm'));

export const useStripColours = (isCalm: boolean): StripColours =>
  useSyncExternalStore(subscribe, isCalm ? readCalm : readPlain);

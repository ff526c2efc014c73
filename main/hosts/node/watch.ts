import { networkInterfaces } from 'node:os';
import type { Network, Power } from '#main/ports';

const LOOK_MS = 5000;
/** Time that passed without this process: the machine slept, or the process was stopped. */
const GAP_MS = 15_000;

export interface Look {
  /** ms since the epoch; goes on while the machine sleeps. */
  readonly now: number;
  /** Addresses other than loopback, in a fixed order. */
  readonly addresses: string;
}

/** @returns what happened between two looks */
export function compareLooks(before: Look, after: Look): { readonly woke: boolean; readonly moved: boolean } {
  return {
    woke: after.now - before.now > LOOK_MS + GAP_MS,
    // An address that only went away is no reason to try anything.
    moved: after.addresses !== before.addresses && after.addresses !== '',
  };
}

function look(): Look {
  const addresses = Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .filter(({ internal }) => !internal)
    .map(({ address }) => address)
    .sort();
  return { now: Date.now(), addresses: addresses.join(' ') };
}

/** Sleep and network changes, noticed by looking: plain Node has no word from the system. Looks only while someone listens. */
export function watchMachine(): Pick<Power, 'onWake'> & Network {
  const wake = new Set<() => void>();
  const online = new Set<() => void>();
  let timer: NodeJS.Timeout | null = null;
  let last = look();
  const tick = (): void => {
    const now = look();
    const { woke, moved } = compareLooks(last, now);
    last = now;
    if (woke) for (const listener of wake) listener();
    if (moved) for (const listener of online) listener();
  };
  const listen =
    (to: Set<() => void>) =>
    (listener: () => void): (() => void) => {
      to.add(listener);
      if (timer === null) {
        last = look();
        timer = setInterval(tick, LOOK_MS).unref();
      }
      return () => {
        to.delete(listener);
        if (timer === null || wake.size + online.size > 0) return;
        clearInterval(timer);
        timer = null;
      };
    };
  // Whether there is a way to the store, only trying it tells: a store may be on this very machine.
  return { onWake: listen(wake), online: () => true, onOnline: listen(online) };
}

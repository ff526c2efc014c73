import { net } from 'electron';
import type { Network } from '#main/ports';

/** The main process has no event for it, so that it is looked at while somebody waits for it. */
const LOOK_MS = 3000;

export function setupNetwork(): Network {
  return {
    online: () => net.isOnline(),
    onOnline(listener) {
      let online = net.isOnline();
      const timer = setInterval(() => {
        const before = online;
        online = net.isOnline();
        if (online && !before) listener();
      }, LOOK_MS);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}

import { powerMonitor, powerSaveBlocker } from 'electron';
import type { Power } from '#main/ports';

/** Work keeps the machine awake, but lets its screen go dark. */
export function setupPower(): Power {
  const holds = new Set<symbol>();
  let blocker: number | null = null;

  const update = () => {
    if (holds.size > 0 && blocker === null) blocker = powerSaveBlocker.start('prevent-app-suspension');
    if (holds.size === 0 && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };

  return {
    keepAwake(why) {
      const hold = Symbol(why);
      holds.add(hold);
      update();
      return () => {
        holds.delete(hold);
        update();
      };
    },
    onWake(listener) {
      powerMonitor.on('resume', listener);
      return () => void powerMonitor.off('resume', listener);
    },
  };
}

import { app } from 'electron';
import type { Log } from '#main/ports';

/** Longer than this nothing may keep a person from quitting: whatever was cut is recovered at the next start. */
const PATIENCE_MS = 8000;

/**
 * Quits in order: everything is closed, then the app ends.
 * @param close closes the engine and the log; called once
 */
export function setupQuit(close: () => Promise<void>, log: Log): void {
  let state: 'running' | 'closing' | 'closed' = 'running';
  app.on('before-quit', (event) => {
    if (state === 'closed') return;
    event.preventDefault();
    if (state === 'closing') return;
    state = 'closing';
    void closeInTime(close, log).then(() => {
      state = 'closed';
      app.quit();
    });
  });
  // On macOS an app without windows lives on, and comes back by its icon.
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

async function closeInTime(close: () => Promise<void>, log: Log): Promise<void> {
  const { promise: late, resolve: giveUp } = Promise.withResolvers<void>();
  const timer = setTimeout(giveUp, PATIENCE_MS);
  try {
    await Promise.race([close(), late]);
  } catch (error) {
    log.error('closing failed', error);
  } finally {
    clearTimeout(timer);
  }
}

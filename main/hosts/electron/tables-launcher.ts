import { utilityProcess } from 'electron';
import type { ChildChannel, LaunchTables } from '#main/ports';

/** DuckDB in a process of its own: neither a crash nor a runaway query can touch the window or a transfer. */
export function setupTablesLauncher(entry: string): LaunchTables {
  return ({ bare } = { bare: false }): ChildChannel => {
    const child = utilityProcess.fork(entry, [], {
      serviceName: bare ? 'Sluice query' : 'Sluice tables',
      stdio: 'inherit',
      ...(bare && { env: {} }),
    });
    const listeners: ((how: string) => void)[] = [];
    let ended: string | null = null;
    let fatal: string | null = null;
    child.on('error', (type, location) => {
      fatal = `${type} at ${location}`;
    });
    child.once('exit', (code) => {
      ended = fatal ?? `code ${code}`;
      for (const listener of listeners) listener(ended);
    });
    return {
      send(message) {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
        if (ended === null) child.postMessage(message);
      },
      onMessage(listener) {
        child.on('message', listener);
      },
      onExit(listener) {
        if (ended === null) listeners.push(listener);
        else listener(ended);
      },
      kill() {
        // Electron's own kill asks politely, and a process deep in native code would not hear it.
        if (ended === null && child.pid !== undefined) killNow(child.pid);
        child.kill();
      },
      get pid() {
        return child.pid;
      },
    };
  };
}

function killNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // It ended in this very moment; anything else is a mistake of ours.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

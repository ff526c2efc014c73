import { fork } from 'node:child_process';
import type { ChildChannel, LaunchTables } from '#main/ports';

/** Of the environment only what a process needs to run at all: no key and no token goes to where files are read. */
const NEEDED = [
  'PATH',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SYSTEMROOT',
  'SystemRoot',
  'WINDIR',
  'LANG',
  'LC_ALL',
  'TZ',
  'ELECTRON_RUN_AS_NODE',
];

/** Without these nothing starts on Windows, and Electron's program would open a window. */
const BARE = ['SYSTEMROOT', 'SystemRoot', 'WINDIR', 'ELECTRON_RUN_AS_NODE'];

/**
 * @param modulePath the process entry: built, or the source itself where Node runs it
 * @returns a launcher that starts it as a child process
 */
export function launchTablesFrom(modulePath: string): LaunchTables {
  return ({ bare } = { bare: false }): ChildChannel => {
    const env: Record<string, string> = {};
    for (const name of bare ? BARE : NEEDED) {
      const value = process.env[name];
      if (value !== undefined) env[name] = value;
    }
    const child = fork(modulePath, [], {
      serialization: 'advanced',
      env,
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    return {
      pid: child.pid,
      send: (message) => {
        // A message to a process that is just ending is lost as its answer would be; its exit is told all the same.
        if (child.connected) child.send(message as object, () => undefined);
      },
      onMessage: (listener) => void child.on('message', listener),
      onExit: (listener) => {
        let told = false;
        const tell = (how: string): void => {
          if (!told) listener(how);
          told = true;
        };
        child.once('exit', (code, signal) => tell(signal ?? `code ${code ?? 'unknown'}`));
        child.once('error', (error) => tell(error.message));
      },
      kill: () => void child.kill('SIGKILL'),
    };
  };
}

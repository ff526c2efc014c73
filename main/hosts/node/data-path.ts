import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The data folder: what was asked for, `SLUICE_DATA`, or the system's place for such things. */
export function dataPath(asked: string | undefined): string {
  const wanted = asked ?? process.env['SLUICE_DATA'];
  if (wanted !== undefined && wanted !== '') return resolve(wanted);
  switch (process.platform) {
    case 'darwin':
      return join(homedir(), 'Library', 'Application Support', 'Sluice');
    case 'win32':
      return join(process.env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Sluice');
    default:
      return join(process.env['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'sluice');
  }
}

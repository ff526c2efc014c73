import Conf from 'conf';
import { isAbsolute } from 'node:path';
import type { Log, Ports } from '#main/ports';
import { launchTablesFrom } from '#main/tables';
import { sluiceError } from '#shared/errors';
import { createPreferenceStore, systemClock, type KeyValueFile } from '../shared/index.ts';
import { memorySecrets } from './memory-secrets.ts';
import { watchMachine } from './watch.ts';

const unsupported = (what: string) => sluiceError('UNSUPPORTED_HERE', { what });

export interface NodePortsOptions {
  readonly dataFolder: string;
  /** Entry of the process that DuckDB lives in. */
  readonly tablesProcess: string;
  readonly log: Log;
}

/** A host without a desktop: paths instead of dialogs, nothing to notify, secrets only as long as the process lives. */
export function nodePorts({ dataFolder, tablesProcess, log }: NodePortsOptions): Ports {
  const machine = watchMachine();
  return {
    clock: systemClock,
    power: { keepAwake: () => () => undefined, onWake: machine.onWake },
    network: machine,
    notifier: { notify: () => undefined },
    secrets: memorySecrets(),
    picker: {
      pick: async () => {
        throw unsupported('A file dialog');
      },
      resolve(ref) {
        if (ref.kind === 'handle') throw sluiceError('NOT_FOUND', { what: 'such file handle' });
        if (ref.path.includes('\0')) throw sluiceError('INPUT_INVALID', { what: 'a path cannot hold a NUL' });
        if (!isAbsolute(ref.path)) throw sluiceError('INPUT_INVALID', { what: 'a path must be absolute' });
        return ref.path;
      },
    },
    opener: {
      open: async () => {
        throw unsupported('Opening a file with another program');
      },
      reveal: async () => {
        throw unsupported('Showing a file in its folder');
      },
    },
    log,
    preferences: createPreferenceStore(preferenceFile(dataFolder), log),
    launchTables: launchTablesFrom(tablesProcess),
    capabilities: {
      nativePicker: false,
      hostPaths: true,
      droppedPaths: false,
      openLocally: false,
      keepsSecrets: false,
    },
  };
}

/** The file that the desktop app keeps through electron-store. */
function preferenceFile(cwd: string): KeyValueFile {
  const conf = new Conf({ cwd, configName: 'preferences', clearInvalidConfig: true });
  return {
    get store() {
      return conf.store;
    },
    set: (values) => conf.set({ ...values }),
  };
}

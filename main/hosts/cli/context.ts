import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataFolder } from '#main/data-folder';
import type { Engine } from '#main/engine';
import type { Log } from '#main/ports';
import type { Tables } from '#main/tables';
import type { Connection } from '#shared/domain';
import { connectionOfEnvironment, dataPath, nodePorts } from '../node/index.ts';
import { openLog } from '../shared/index.ts';
import type { Printer } from './printer.ts';

/** Where the parts of the built app are. */
export interface Places {
  readonly version: string;
  readonly tablesProcess: string;
  readonly page: string;
  readonly sampleFile: string;
}

export interface Context {
  readonly places: Places;
  readonly printer: Printer;
  /** Of `--data`. */
  readonly data: string | undefined;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** A store that never answers ends a command after about a minute without progress. */
const ATTEMPTS = 8;

/**
 * The engine over the data folder, for the length of a command. What other commands or windows left unfinished is
 * left alone.
 * @param bucket of the environment's store, where the command names one
 */
export async function withEngine<T>(
  context: Context,
  options: { readonly bucket?: string | null; readonly concurrency?: number | undefined },
  work: (engine: Engine, environment: Connection | null) => Promise<T>,
): Promise<T> {
  const { createEngine } = await import('#main/engine');
  const dataFolder = openDataFolder(dataPath(context.data)).path;
  const environment = connectionOfEnvironment(options.bucket ?? null);
  const log = openLog(join(dataFolder, 'logs'));
  const engine = await createEngine(
    nodePorts({ dataFolder, tablesProcess: context.places.tablesProcess, log }),
    {
      dataFolder,
      version: context.places.version,
      owner: `the command line, process ${process.pid}`,
      bucketListen: { port: 0 },
      pageOrigins: () => [],
      environment: environment === null ? [] : [environment],
      sampleFile: context.places.sampleFile,
      concurrency: options.concurrency,
      attempts: ATTEMPTS,
      takeUp: false,
    },
  );
  try {
    return await work(engine, environment);
  } finally {
    await engine.close();
    log.close();
  }
}

const silent: Log = { info: () => undefined, error: () => undefined };

/** The table engine alone, in a folder of its own that is gone afterwards: no state is touched. */
export async function withTables<T>(context: Context, work: (tables: Tables) => Promise<T>): Promise<T> {
  const { createTables, launchTablesFrom } = await import('#main/tables');
  const workFolder = await mkdtemp(join(tmpdir(), 'sluice-'));
  const tables = createTables({
    launch: launchTablesFrom(context.places.tablesProcess),
    workFolder,
    memoryLimitMb: 2048,
    threads: 2,
    log: silent,
  });
  try {
    return await work(tables);
  } finally {
    await tables.close();
    await rm(workFolder, { recursive: true, force: true });
  }
}

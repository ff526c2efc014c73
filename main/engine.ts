import { homedir, totalmem } from 'node:os';
import { join } from 'node:path';
import type { AnyRouter } from '@orpc/server';
import { ChangeHub, createDeliveries, createRouter, type Services } from '#main/api';
import { startBucketServer, type BucketServer } from '#main/bucket';
import { CustodyDesk } from '#main/custody';
import { lockFolder, openJournal } from '#main/journal';
import type { Log, Ports } from '#main/ports';
import {
  DropPlans,
  Drops,
  Flows,
  Leftovers,
  LocalCopies,
  Manifests,
  Outputs,
  Runs,
  Sessions,
} from '#main/sessions';
import { BUILTIN_CONNECTION, Connections, type BuiltinAccess } from '#main/storage';
import { createTables, type TableLimits } from '#main/tables';
import { Limits, readsAttributes, Transfers } from '#main/transfers';
import type { Connection, TablesSettings } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import {
  BUILTIN_BUCKET,
  BUILTIN_REGION,
  builtinKeys,
  openDataFolder,
  rememberedPort,
  rememberPort,
  type DataFolder,
} from './data-folder.ts';

/** What tables may take, where nobody said: two fifths of the memory, and 4 GB at most. */
function limitsOfTables({ memoryMb, spillMb }: TablesSettings): TableLimits {
  const memoryLimitMb = memoryMb ?? Math.min(4096, Math.round((totalmem() / 1024 / 1024) * 0.4));
  return { memoryLimitMb, spillLimitMb: spillMb };
}

const PORT_FILE = 'bucket-port';

export interface EngineOptions {
  readonly dataFolder: string;
  readonly version: string;
  /** How this Sluice is described to another that wants the same folder, e.g. `the desktop app, process 4711`. */
  readonly owner: string;
  /** Where the built-in bucket listens: a port of loopback (0 for the one of last time), or a socket no browser sees. */
  readonly bucketListen: { readonly port: number } | { readonly socketPath: string };
  /** Origins that pages of this app are served from. */
  readonly pageOrigins: () => readonly string[];
  /** Connections the environment describes. */
  readonly environment: readonly Connection[];
  readonly sampleFile: string;
  readonly downloads?: string;
  readonly concurrency?: number | undefined;
  /** Attempts without progress before an upload is called a failure; left out, it waits. */
  readonly attempts?: number | undefined;
  /** Whether to go on by itself with what an earlier process left unfinished; a single command leaves it alone. */
  readonly takeUp?: boolean;
}

export interface Engine {
  /** What carriers serve. */
  readonly router: AnyRouter;
  readonly services: Services;
  /** The built-in bucket, as other S3 clients reach it. */
  readonly bucket: BuiltinAccess;
  /** Stops everything where it is and gives the data folder back. The next start goes on from there. */
  close(): Promise<void>;
}

/**
 * Puts the rooms together over a data folder and takes up what an earlier process left.
 * @throws DATA_FOLDER_BUSY, DATA_FOLDER_UNUSABLE, JOURNAL_NEWER, JOURNAL_DAMAGED, PORT_IN_USE
 */
export async function createEngine(ports: Ports, options: EngineOptions): Promise<Engine> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const folder = openDataFolder(options.dataFolder);
    closers.push(lockFolder(folder.path, options.owner));
    const journal = openJournal(folder.path);
    closers.push(() => journal.close());

    const { server, access } = await startBuiltin(folder, options, ports.log);
    closers.push(() => server.close());

    const { clock, log } = ports;
    const connections = new Connections({
      journal,
      secrets: ports.secrets,
      clock,
      builtin: access,
      environment: options.environment,
      pageOrigins: options.pageOrigins,
    });
    closers.push(() => connections.close());

    const transfers = new Transfers({
      journal,
      clock,
      log,
      power: ports.power,
      network: ports.network,
      settings: journal.settings.transfers(),
      maxStreamsOf: (id) => connections.get(id).settings.maxStreams,
      storeOf: (id) => connections.store(id),
      spoolFolder: folder.spool,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.attempts === undefined ? {} : { patience: { attempts: options.attempts } }),
    });
    closers.push(() => transfers.close());

    const tables = createTables({
      launch: ports.launchTables,
      workFolder: folder.work,
      ...limitsOfTables(journal.settings.tables()),
      threads: 2,
      log,
    });
    closers.push(() => tables.close());

    const dropChanged = (sessionId: string): void => {
      changes.session(sessionId);
      manifests.look(sessionId);
    };
    const drops = new Drops({
      journal,
      clock,
      log,
      connections,
      transfers,
      changed: dropChanged,
    });
    closers.push(() => drops.close());
    const manifests = new Manifests({
      journal,
      clock,
      log,
      transfers,
      drops,
      connections,
      version: options.version,
    });
    closers.push(() => manifests.close());
    const sessions = new Sessions({ journal, clock, connections, transfers, drops });
    const leftovers = new Leftovers({ journal, clock, log, connections, transfers, sessions });
    const dropPlans = new DropPlans({
      journal,
      clock,
      log,
      connections,
      transfers,
      sessions,
      leftovers,
      changed: dropChanged,
    });
    const custody = new CustodyDesk({
      journal,
      clock,
      connections,
      transfers,
      sessionOf: (id) => sessions.record(id),
      manifestOf: (session, endpoint) => manifests.text(session, endpoint),
      version: options.version,
    });
    const copies = new LocalCopies(folder.copies, connections, clock);
    const outputs = new Outputs({ journal, clock, opener: ports.opener, connections, copies, tables });
    const runs = new Runs({
      journal,
      clock,
      log,
      notifier: ports.notifier,
      connections,
      sessions,
      transfers,
      copies,
      tables,
    });
    closers.push(() => runs.close());
    const flows = new Flows({ journal, clock, log, transfers, copies, tables, runs });
    closers.push(() => flows.close());

    const changes = new ChangeHub(clock, {
      transfer: (id) => lookUp(() => transfers.view(id)),
      session: (id) => lookUp(() => sessions.view(id)),
    });
    for (const { id, settings } of connections.list())
      transfers.bandwidth.setConnectionLimit(id, settings.bytesPerSecond);
    const limits = new Limits(clock, transfers.bandwidth, journal.settings.transfers(), () =>
      changes.limits({ settings: limits.settings, now: limits.now }),
    );
    closers.push(() => limits.close());
    const wake = (): void => {
      connections.dropSockets(); // from before; they look alive and are not
      limits.look();
      transfers.wake();
    };
    closers.push(ports.power.onWake(wake), ports.network.onOnline(wake));
    transfers.onChange((id) => {
      const record = transfers.record(id);
      const { sessionId, source } = record;
      if (source.kind === 'page' || transfers.isFetched(record)) changes.transfer(id, sessionId);
      else changes.session(sessionId);
      manifests.changed(sessionId);
      flows.changed(id);
    });
    runs.onChange((run) => changes.run(run));
    runs.onOutput((output, removed) => {
      if (removed) changes.outputRemoved(output);
      else changes.output(output);
    });
    const deliveries = createDeliveries({
      journal,
      clock,
      log,
      outputs,
      changes,
      folder: folder.deliveries,
    });

    const services: Services = {
      journal,
      clock,
      log,
      picker: ports.picker,
      opener: ports.opener,
      preferences: ports.preferences,
      connections,
      transfers,
      limits,
      sessions,
      dropPlans,
      leftovers,
      custody,
      drops,
      manifests,
      copies,
      runs,
      flows,
      outputs,
      deliveries,
      tables,
      limitsOfTables,
      changes,
      info: {
        version: options.version,
        dataFolder: folder.path,
        platform: process.platform,
        home: homedir(),
        downloads: options.downloads ?? join(homedir(), 'Downloads'),
        capabilities: ports.capabilities,
        keepsExtendedAttributes: readsAttributes(),
      },
      sampleFile: options.sampleFile,
    };

    const takeUp = options.takeUp ?? true;
    await transfers.restore(takeUp);
    if (takeUp) {
      drops.recover();
      manifests.recover();
      runs.restore();
      flows.recover();
      void leftovers
        .finishRemovals()
        .catch((error: unknown) => log.error('unfinished uploads are not deleted yet', error));
      void sessions
        .finishRemovals()
        .catch((error: unknown) => log.error('a session is not removed yet', error));
      void deliveries.recover().catch((error: unknown) => log.error('a delivery is not finished yet', error));
    }
    return { router: createRouter(services), services, bucket: access, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The bucket that always exists. Its port stays the same from start to start as long as nobody else takes it. */
async function startBuiltin(
  folder: DataFolder,
  options: EngineOptions,
  log: Log,
): Promise<{ server: BucketServer; access: BuiltinAccess }> {
  const keys = builtinKeys(folder);
  const listen = (where: EngineOptions['bucketListen']): Promise<BucketServer> =>
    startBucketServer({
      root: folder.bucket,
      credentials: keys,
      region: BUILTIN_REGION,
      listen: where,
      buckets: [BUILTIN_BUCKET],
      allowedOrigins: options.pageOrigins,
      log: (message, error) => log.error(message, error),
    });
  const wanted = options.bucketListen;
  const lastPort = 'port' in wanted && wanted.port === 0 ? rememberedPort(folder, PORT_FILE) : 0;
  const server =
    lastPort === 0
      ? await listen(wanted)
      : await listen({ port: lastPort }).catch((error: unknown) => {
          if (isSluiceError(error, 'PORT_IN_USE')) return listen(wanted);
          throw error;
        });
  if ('port' in wanted) rememberPort(folder, PORT_FILE, server.port);
  const access: BuiltinAccess = {
    // Over a socket the name is only what requests are signed for.
    endpoint: 'socketPath' in wanted ? 'http://localhost' : server.origin,
    region: BUILTIN_REGION,
    bucket: BUILTIN_BUCKET,
    keys,
    socketPath: 'socketPath' in wanted ? wanted.socketPath : undefined,
  };
  return { server, access };
}

/** What is gone by the time a page is told needs no telling. */
function lookUp<T>(find: () => T): T | null {
  try {
    return find();
  } catch (error) {
    if (isSluiceError(error, 'NOT_FOUND')) return null;
    throw error;
  }
}

export { BUILTIN_CONNECTION };

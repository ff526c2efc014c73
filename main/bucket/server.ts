/** Starting and stopping the built-in bucket. */
import { lstat, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import { handle, type Site } from './handle.ts';
import { HashPool } from '#main/hashing';
import { checkBucketName } from './operations/index.ts';
import { Store } from './store/index.ts';
import { isDiskFull } from './wire/index.ts';

export interface BucketServerOptions {
  /** Folder it keeps everything in; made if missing. */
  readonly root: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** The region clients have to sign for, e.g. `us-east-1`. */
  readonly region: string;
  readonly listen: { readonly port: number; readonly host?: string } | { readonly socketPath: string };
  /** Made at start if missing. */
  readonly buckets: readonly string[];
  /** Origins of pages that may use it from a browser; asked anew for every request. */
  readonly allowedOrigins: () => readonly string[];
  /** ms since the epoch. */
  readonly now?: () => number;
  /** Told of what went wrong inside, which clients see as InternalError or StorageFull. */
  readonly log?: (message: string, error: unknown) => void;
}

export interface BucketServer {
  /** E.g. `http://127.0.0.1:9000`; for a socket, `http+unix://` and its encoded path. */
  readonly origin: string;
  /** 0 for a socket. */
  readonly port: number;
  /** Lets what is being answered finish for a moment, then ends it: nothing unfinished was acknowledged. */
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
/** How long a connection may stand still. */
const IDLE = 120_000;
const GRACE = 2000;

/**
 * Throws PORT_IN_USE, DISK_FULL, DATA_FOLDER_UNUSABLE, DATA_FOLDER_BUSY (another server has this root or socket),
 * JOURNAL_NEWER (the root was written by a newer Sluice) or INPUT_INVALID (a bucket name, or a port it may not use).
 */
export async function startBucketServer(options: BucketServerOptions): Promise<BucketServer> {
  const { root, listen } = options;
  const now = options.now ?? Date.now;
  const hashes = new HashPool();
  let store: Store | null = null;
  const server = createServer({ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 60_000 });
  try {
    for (const name of options.buckets) checkName(name);
    store = await openStore(root, hashes, now);
    for (const name of options.buckets) await makeBucket(store, name, root);
    serve(server, {
      store,
      credentials: options.credentials,
      region: options.region,
      allowedOrigins: options.allowedOrigins,
      now,
      log: options.log ?? (() => undefined),
    });
    await start(server, listen, root);
  } catch (error) {
    await store?.close();
    await hashes.close();
    throw error;
  }

  const opened = store;
  let closing: Promise<void> | null = null;
  return {
    ...addressOf(server, listen),
    close: () => (closing ??= stop(server, opened, hashes)),
  };
}

function checkName(name: string): void {
  try {
    checkBucketName(name);
  } catch (error) {
    throw sluiceError('INPUT_INVALID', { what: `${name} is no name for a bucket` }, error);
  }
}

async function openStore(root: string, hashes: HashPool, now: () => number): Promise<Store> {
  try {
    return await Store.open(root, hashes, now);
  } catch (error) {
    throw folderError(root, error);
  }
}

async function makeBucket(store: Store, name: string, root: string): Promise<void> {
  try {
    await store.createBucket(name);
  } catch (error) {
    throw folderError(root, error);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'you have no right to write there',
  EPERM: 'you have no right to write there',
  EROFS: 'it is on a disk that cannot be written to',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it is not a folder',
};

function folderError(root: string, error: unknown): SluiceError {
  if (isSluiceError(error)) return error;
  if (isDiskFull(error)) return sluiceError('DISK_FULL', { path: root }, error);
  const { code, message } =
    error instanceof Error ? (error as NodeJS.ErrnoException) : { code: undefined, message: String(error) };
  return sluiceError('DATA_FOLDER_UNUSABLE', { folder: root, reason: REASONS[code ?? ''] ?? message }, error);
}

function serve(server: Server, site: Site): void {
  server.setTimeout(IDLE);
  server.on('request', (request, response) => void handle(site, request, response, false));
  server.on('checkContinue', (request, response) => void handle(site, request, response, true));
}

async function start(server: Server, listen: BucketServerOptions['listen'], root: string): Promise<void> {
  try {
    await bind(server, listen);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if ('socketPath' in listen) {
      if (code !== 'EADDRINUSE') throw folderError(listen.socketPath, error);
      const owner = `listening on ${listen.socketPath}`;
      if (await answers(listen.socketPath))
        throw sluiceError('DATA_FOLDER_BUSY', { folder: root, owner }, error);
      // Left behind by a server that was killed. Anything but a socket is somebody's and stays.
      if (!(await lstat(listen.socketPath)).isSocket()) throw folderError(listen.socketPath, error);
      await rm(listen.socketPath, { force: true });
      await bind(server, listen);
      return;
    }
    if (code === 'EADDRINUSE') throw sluiceError('PORT_IN_USE', { port: listen.port }, error);
    const what = `port ${listen.port} of ${listen.host ?? HOST} cannot be used (${code ?? 'unknown'})`;
    throw sluiceError('INPUT_INVALID', { what }, error);
  }
}

function bind(server: Server, listen: BucketServerOptions['listen']): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    server.once('error', failed);
    const address =
      'socketPath' in listen
        ? { path: listen.socketPath }
        : { port: listen.port, host: listen.host ?? HOST, exclusive: true };
    server.listen(address, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

function addressOf(
  server: Server,
  listen: BucketServerOptions['listen'],
): Pick<BucketServer, 'origin' | 'port'> {
  if ('socketPath' in listen) {
    return { origin: `http+unix://${encodeURIComponent(listen.socketPath)}`, port: 0 };
  }
  const { port } = server.address() as AddressInfo;
  const host = listen.host ?? HOST;
  return { origin: `http://${host.includes(':') ? `[${host}]` : host}:${port}`, port };
}

async function stop(server: Server, store: Store, hashes: HashPool): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), GRACE);
  await closed;
  clearTimeout(force);
  await hashes.close();
  await store.close();
}

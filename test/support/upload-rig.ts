import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import {
  GetObjectCommand,
  HeadObjectCommand,
  type HeadObjectCommandOutput,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { startBucketServer } from '#main/bucket';
import { openJournal, type Journal } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import { planFile, Sessions } from '#main/sessions';
import { BUILTIN_CONNECTION, Connections, type ObjectStore } from '#main/storage';
import { Transfers } from '#main/transfers';
import {
  mergeOptions,
  NO_OPTIONS,
  NO_SETTINGS,
  NOTHING_LEFT_OUT,
  type Capabilities,
  type Connection,
  type UploadOptionsChange,
} from '#shared/domain';
import {
  PASS,
  startFaultProxy,
  type Fate,
  type FaultProxy,
  type ProxiedRequest,
} from './fault-proxy/index.ts';

const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
const REGION = 'us-east-1';
const BUCKET = 'sluice';
const MiB = 1024 * 1024;

/** Real time, in which nobody waits long. */
const quickClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.min(ms, 5));
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      });
    }),
};

export interface RigOptions {
  /** How the store can prove a multipart upload; the best way where it is left out. */
  readonly checksum?: Capabilities['checksum'];
  /** What the store takes for the time, ms since the epoch. */
  readonly storeTime?: () => number;
  /** Attempts without progress before an upload fails; left out, it waits for ever. */
  readonly attempts?: number;
  /** How long a download lets a connection stand still, ms. */
  readonly stallMs?: number;
}

/** An unfinished upload in the bucket. */
export interface Leftover {
  readonly key: string;
  readonly uploadId: string;
}

/** Transfers over a real journal, a real bucket and a proxy that breaks what it is told to break. */
export interface UploadRig {
  readonly folder: string;
  readonly journal: Journal;
  readonly proxy: FaultProxy;
  readonly connection: Connection;
  /** Asks the store past the proxy. */
  readonly s3: S3Client;
  transfers: Transfers;
  /** What becomes of requests from now on. */
  decide: (request: ProxiedRequest) => Fate | Promise<Fate>;
  /** What the transfers log as going wrong. */
  readonly logged: readonly unknown[];
  /** Writes random bytes to a file. */
  file(name: string, bytes: number): { readonly path: string; readonly content: Buffer };
  /** Queues an upload. @returns its id */
  add(path: string, size: number, partSize?: number, options?: UploadOptionsChange): string;
  /** What the store says of the object of a transfer, past the proxy. */
  head(id: string): Promise<HeadObjectCommandOutput>;
  /** Queues several in one session, in one commit. @returns their ids */
  addAll(
    files: readonly { readonly path: string; readonly size: number }[],
    partSize?: number,
    options?: UploadOptionsChange,
  ): readonly string[];
  /** The store as uploads reach it. */
  store(): Promise<ObjectStore>;
  /** The bytes at the key of a transfer, past the proxy; null where there is no object. */
  stored(id: string): Promise<Buffer | null>;
  /** Unfinished uploads at the key of a transfer. */
  leftovers(id: string): Promise<number>;
  /** Everything unfinished in the bucket. */
  allLeftovers(): Promise<readonly Leftover[]>;
  /** What rooms above transfers are made of. */
  rooms(): {
    readonly journal: Journal;
    readonly connections: Connections;
    readonly transfers: Transfers;
    readonly sessions: Sessions;
    readonly clock: Clock;
    readonly log: Log;
  };
  /** The bucket past the proxy, as another program of ours would reach it. */
  straight(): Promise<ObjectStore>;
  /** Keys of all objects in the bucket. */
  keys(): Promise<readonly string[]>;
  /**
   * The process ends at this very moment: what the journal has on disk now is all that remains of it, and nothing more
   * of it reaches the store. Call it without waiting for anything before; then wait for it and `restart`.
   */
  crash(): Promise<void>;
  /** The folder that the journal of the process that runs, or starts next, is in. */
  life(): string;
  /** Another process starts on what is left. @param decide what becomes of its requests; all pass, where it is left out */
  restart(decide?: UploadRig['decide']): Promise<void>;
  crashAndRestart(): Promise<void>;
  close(): Promise<void>;
}

export async function startRig(options: RigOptions = {}): Promise<UploadRig> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-rig-'));
  const now = options.storeTime;
  const bucket = await startBucketServer({
    root: join(folder, 'bucket'),
    credentials: KEYS,
    region: REGION,
    listen: { port: 0 },
    buckets: [BUCKET],
    allowedOrigins: () => [],
    ...(now === undefined ? {} : { now }),
  });
  const proxy = await startFaultProxy(
    bucket.origin,
    (request) => (dead ? { kind: 'drop-before' } : rig.decide(request)),
    now === undefined ? {} : { now },
  );
  // The SDK puts its clock right by what the store says, and this client asks past the proxy, which says it.
  const s3 = new S3Client({
    endpoint: bucket.origin,
    region: REGION,
    forcePathStyle: true,
    credentials: KEYS,
    ...(now === undefined ? {} : { systemClockOffset: now() - Date.now() }),
  });
  const connection: Connection = {
    id: 'rig',
    kind: 's3',
    origin: 'environment',
    name: 'rig',
    endpoint: proxy.origin,
    region: REGION,
    bucket: BUCKET,
    prefix: '',
    credentials: { kind: 'keys', accessKeyId: KEYS.accessKeyId },
    capabilities: null,
    settings: NO_SETTINGS,
  };

  let dead = false;
  let lives = 0;
  const lifeFolder = (): string => join(folder, `life-${lives}`);
  mkdirSync(lifeFolder());
  let journal = openJournal(lifeFolder());
  journal.connections.saveCapabilities(`${proxy.origin}/${BUCKET}`, {
    checksum: options.checksum ?? 'full-object',
    conditional: true,
    learntAt: 0,
  });
  const logged: unknown[] = [];
  const log = { info: () => undefined, error: (_: string, error: unknown) => void logged.push(error) };

  const connect = (endpoint = proxy.origin): Connections =>
    new Connections({
      journal,
      secrets: {
        get: async () => JSON.stringify({ secretAccessKey: KEYS.secretAccessKey }),
        set: async () => undefined,
        remove: async () => undefined,
      },
      clock: quickClock,
      builtin: { endpoint, region: REGION, bucket: BUCKET, keys: KEYS },
      environment: [connection],
      pageOrigins: () => [],
    });
  let connections = connect();
  const others = connect(bucket.origin);

  const makeTransfers = (): Transfers =>
    new Transfers({
      journal,
      clock: quickClock,
      log,
      network: { online: () => true, onOnline: () => () => undefined },
      power: { keepAwake: () => () => undefined, onWake: () => () => undefined },
      storeOf: (id) => connections.store(id),
      spoolFolder: join(folder, 'spool'),
      concurrency: 2,
      ...(options.attempts === undefined ? {} : { patience: { attempts: options.attempts } }),
      ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
    });

  const makeSessions = (): Sessions =>
    new Sessions({
      journal,
      clock: quickClock,
      connections,
      transfers: rig.transfers,
      drops: { facts: () => ({ scanning: null, refused: 0, leftOut: NOTHING_LEFT_OUT }) },
    });

  const rig: UploadRig = {
    folder,
    proxy,
    connection,
    s3,
    logged,
    get journal() {
      return journal;
    },
    transfers: makeTransfers(),
    decide: () => PASS,
    file(name, bytes) {
      const content = randomBytes(bytes);
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return { path, content };
    },
    add: (path, size, partSize, options) => rig.addAll([{ path, size }], partSize, options)[0] ?? '',
    addAll(files, partSize = 5 * MiB, options = {}) {
      const session = makeSessions().create(connection, 'rig');
      const records = files.map(({ path, size }) => {
        const name = basename(path);
        const file = { name, relativePath: name, size };
        return planFile(file, { kind: 'path', path }, 'original', {
          session,
          connection,
          keys: 'session',
          partSize,
          clock: quickClock,
          options: mergeOptions(NO_OPTIONS, options),
        });
      });
      rig.transfers.add(records);
      return records.map(({ id }) => id);
    },
    head: (id) => s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key: rig.transfers.record(id).key })),
    store: () => connections.store(connection.id),
    async stored(id) {
      try {
        const Key = rig.transfers.record(id).key;
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        return Buffer.from((await Body?.transformToByteArray()) ?? []);
      } catch (error) {
        if ((error as Error).name === 'NoSuchKey') return null;
        throw error;
      }
    },
    async leftovers(id) {
      const { key } = rig.transfers.record(id);
      return (await rig.allLeftovers()).filter((leftover) => leftover.key === key).length;
    },
    async allLeftovers() {
      const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }));
      return Uploads.map(({ Key = '', UploadId = '' }) => ({ key: Key, uploadId: UploadId }));
    },
    rooms: () => ({
      journal,
      connections,
      transfers: rig.transfers,
      sessions: makeSessions(),
      clock: quickClock,
      log,
    }),
    straight: () => others.store(BUILTIN_CONNECTION),
    async keys() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      return Contents.map(({ Key = '' }) => Key);
    },
    async crash() {
      const before = lifeFolder();
      lives += 1;
      mkdirSync(lifeFolder());
      for (const name of ['journal.db', 'journal.db-wal']) {
        if (existsSync(join(before, name))) copyFileSync(join(before, name), join(lifeFolder(), name));
      }
      dead = true;
      proxy.cut();
      await rig.transfers.close();
      await connections.close();
      journal.close();
    },
    life: lifeFolder,
    async restart(decide = () => PASS) {
      journal = openJournal(lifeFolder());
      connections = connect();
      rig.transfers = makeTransfers();
      rig.decide = decide;
      dead = false;
      await rig.transfers.restore(true);
    },
    async crashAndRestart() {
      await rig.crash();
      await rig.restart();
    },
    async close() {
      dead = true;
      proxy.cut();
      await rig.transfers.close();
      await connections.close();
      await others.close();
      s3.destroy();
      await proxy.close();
      await bucket.close();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

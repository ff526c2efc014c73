import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { startBucketServer } from '#main/bucket';
import { openJournal, type Journal } from '#main/journal';
import type { Clock } from '#main/ports';
import { planFile, Sessions } from '#main/sessions';
import { BUILTIN_CONNECTION, Connections, type ObjectStore, type StoredObject } from '#main/storage';
import { Transfers } from '#main/transfers';
import { mergeOptions, NO_OPTIONS, type UploadOptionsChange } from '#shared/domain';
import { startFaultProxy, type Fate, type FaultProxy, type ProxiedRequest } from './fault-proxy.ts';

const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
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

/** Transfers over a real journal, a real bucket and a proxy that breaks what it is told to break. */
export interface UploadRig {
  readonly folder: string;
  readonly journal: Journal;
  readonly proxy: FaultProxy;
  transfers: Transfers;
  /** What becomes of requests from now on. */
  decide: (request: ProxiedRequest) => Fate;
  /** Writes random bytes to a file. */
  file(name: string, bytes: number): { readonly path: string; readonly content: Buffer };
  /** Queues an upload. @returns its id */
  add(path: string, size: number, partSize?: number, options?: UploadOptionsChange): string;
  /** What the store says of the object of a transfer, past the proxy. */
  head(id: string): Promise<StoredObject | null>;
  /** The bytes at the key of a transfer, past the proxy; null where there is no object. */
  stored(id: string): Promise<Buffer | null>;
  /** Unfinished uploads at the key of a transfer. */
  leftovers(id: string): Promise<number>;
  /** The process ends without a word and another starts on the same journal. */
  crashAndRestart(): Promise<void>;
  close(): Promise<void>;
}

export async function startRig(): Promise<UploadRig> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-rig-'));
  const bucket = await startBucketServer({
    root: join(folder, 'bucket'),
    credentials: KEYS,
    region: 'us-east-1',
    listen: { port: 0 },
    buckets: ['sluice'],
    allowedOrigins: () => [],
  });
  const journal = openJournal(folder);
  const log = { info: () => undefined, error: () => undefined };
  const proxy = await startFaultProxy(bucket.origin, (request) => rig.decide(request));

  const connect = (endpoint: string): Connections =>
    new Connections({
      journal,
      secrets: { get: async () => null, set: async () => undefined, remove: async () => undefined },
      clock: quickClock,
      builtin: { endpoint, region: 'us-east-1', bucket: 'sluice', keys: KEYS },
      environment: [],
      pageOrigins: () => [],
    });
  let connections = connect(proxy.origin);
  const direct = connect(bucket.origin);
  const straight = (): Promise<ObjectStore> => direct.store(BUILTIN_CONNECTION);

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
    });

  const rig: UploadRig = {
    folder,
    journal,
    proxy,
    transfers: makeTransfers(),
    decide: () => ({ kind: 'pass' }),
    file(name, bytes) {
      const content = randomBytes(bytes);
      const path = join(folder, name);
      writeFileSync(path, content);
      return { path, content };
    },
    add(path, size, partSize = 5 * MiB, options = {}) {
      const connection = connections.get(BUILTIN_CONNECTION);
      const sessions = new Sessions({ journal, clock: quickClock, connections, transfers: rig.transfers });
      const name = basename(path);
      const record = planFile({ name, relativePath: name, size }, { kind: 'path', path }, 'original', {
        session: sessions.create(connection, name),
        connection,
        keys: 'session',
        partSize,
        clock: quickClock,
        options: mergeOptions(NO_OPTIONS, options),
      });
      rig.transfers.add([record]);
      return record.id;
    },
    head: async (id) => (await straight()).head(rig.transfers.record(id).key),
    async stored(id) {
      const store = await straight();
      const { key } = rig.transfers.record(id);
      if ((await store.head(key)) === null) return null;
      const chunks: Buffer[] = [];
      for await (const chunk of await store.read(key, null, null)) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    leftovers: async (id) => (await (await straight()).listUploads(rig.transfers.record(id).key)).length,
    async crashAndRestart() {
      // Sockets are cut before anything can be said to the store or the journal.
      rig.decide = () => ({ kind: 'drop-before' });
      await rig.transfers.close();
      await connections.close();
      connections = connect(proxy.origin);
      rig.decide = () => ({ kind: 'pass' });
      rig.transfers = makeTransfers();
      rig.transfers.restore(true);
    },
    async close() {
      await rig.transfers.close();
      await connections.close();
      await direct.close();
      await proxy.close();
      await bucket.close();
      journal.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return rig;
}

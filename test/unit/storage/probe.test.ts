import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBucketServer, type BucketServer } from '#main/bucket';
import { openAccess } from '#internal/main/storage/access';
import { KeysSource } from '#internal/main/storage/credentials';
import { ObjectStore } from '#internal/main/storage/object-store';
import { learnChecksum, learnCondition } from '#internal/main/storage/probe';
import { NO_SETTINGS, type Connection } from '#shared/domain';
import { startFaultProxy, type Fate, type FaultProxy } from '../../support/fault-proxy.ts';

const KEYS = { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' };
let folder = '';
let bucket: BucketServer;
let proxy: FaultProxy;
let decide: (request: { readonly method: string; readonly url: string }) => Fate = () => ({ kind: 'pass' });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-probe-'));
  bucket = await startBucketServer({
    root: folder,
    credentials: KEYS,
    region: 'us-east-1',
    listen: { port: 0 },
    buckets: ['sluice'],
    allowedOrigins: () => [],
  });
  proxy = await startFaultProxy(bucket.origin, (request) => decide(request));
});
afterAll(async () => {
  await proxy.close();
  await bucket.close();
  rmSync(folder, { recursive: true, force: true });
});

async function learn(): Promise<readonly [string, boolean]> {
  const connection: Connection = {
    id: 'c',
    kind: 's3',
    origin: 'user',
    name: 'c',
    endpoint: proxy.origin,
    region: 'us-east-1',
    bucket: 'sluice',
    prefix: '',
    credentials: { kind: 'builtin' },
    capabilities: null,
    settings: NO_SETTINGS,
  };
  const now = (): number => Date.now();
  const access = openAccess(connection, {
    keys: new KeysSource(async () => KEYS, now),
    now,
    socketPath: undefined,
  });
  const store = new ObjectStore(connection, access, 'full-object');
  try {
    return [await learnChecksum(connection, access), await learnCondition(store)];
  } finally {
    store.close();
  }
}

test('a store is asked for the best proof it can give, and whether it keeps conditions', async () => {
  expect(await learn()).toEqual(['full-object', true]);
});

test('keys that may write but not delete learn the same', async () => {
  decide = ({ method, url }) =>
    method === 'POST' && url.includes('delete')
      ? { kind: 'answer', status: 403, code: 'AccessDenied' }
      : { kind: 'pass' };
  expect(await learn()).toEqual(['full-object', true]);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, type Journal } from '#main/journal';
import { BUILTIN_CONNECTION, Connections } from '#main/storage';
import { whyNotAccelerated } from '#internal/main/storage/acceleration';
import { NO_OPTIONS, NO_SETTINGS, type Connection } from '#shared/domain';

let folder = '';
let journal: Journal;
const secrets = new Map<string, string>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-connections-'));
  journal = openJournal(folder);
  secrets.clear();
});
afterEach(() => {
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

const environment: Connection = {
  id: 'environment:eu/research',
  kind: 's3',
  origin: 'environment',
  name: 'research',
  endpoint: null,
  region: 'eu-central-1',
  bucket: 'research',
  prefix: '',
  credentials: { kind: 'default-chain' },
  capabilities: null,
  settings: NO_SETTINGS,
};

const open = (): Connections =>
  new Connections({
    journal,
    secrets: {
      get: async (name) => secrets.get(name) ?? null,
      set: async (name, value) => void secrets.set(name, value),
      remove: async (name) => void secrets.delete(name),
    },
    clock: { now: () => 1, sleep: () => Promise.resolve() },
    builtin: {
      endpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      bucket: 'sluice',
      keys: { accessKeyId: 'a', secretAccessKey: 'b' },
    },
    environment: [environment],
    pageOrigins: () => [],
  });

const settings = { ...NO_SETTINGS, maxStreams: 4, upload: { ...NO_OPTIONS, compress: 'zstd' as const } };

test('settings of every kind of connection are kept from start to start, by its id', async () => {
  const first = open();
  const own = await first.add({
    name: 'mine',
    endpoint: 'http://127.0.0.1:9',
    region: 'r',
    bucket: 'bucket-1',
    prefix: 'p',
    credentials: { kind: 'keys', accessKeyId: 'AK', secretAccessKey: 'secret' },
  });
  for (const id of [BUILTIN_CONNECTION, environment.id, own.id]) {
    expect((await first.update(id, null, settings)).settings).toEqual(settings);
  }
  const again = open();
  expect(again.list().map((connection) => connection.settings)).toEqual([settings, settings, settings]);
  await again.remove(own.id);
  expect(journal.settings.connection(own.id)).toBeNull();
});

test('name, region, prefix and keys of a connection of one’s own can be changed, its bucket not', async () => {
  const connections = open();
  const own = await connections.add({
    name: 'mine',
    endpoint: null,
    region: 'r',
    bucket: 'bucket-1',
    prefix: '',
    credentials: { kind: 'keys', accessKeyId: 'AK', secretAccessKey: 'secret' },
  });
  const kept = { name: 'yours', region: 'r2', prefix: 'x', credentials: null };
  expect(await connections.update(own.id, kept, NO_SETTINGS)).toMatchObject({
    name: 'yours',
    region: 'r2',
    prefix: 'x',
    bucket: 'bucket-1',
    credentials: { kind: 'keys', accessKeyId: 'AK' },
  });
  expect([...secrets.values()].join()).toContain('secret');
  const other = { ...kept, credentials: { kind: 'profile', profile: 'lab' } as const };
  expect((await connections.update(own.id, other, NO_SETTINGS)).credentials).toEqual(other.credentials);
  expect(secrets.size).toBe(0);
  await expect(connections.update(environment.id, kept, NO_SETTINGS)).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
});

test('acceleration is refused where it cannot be, before anything is kept', async () => {
  const connections = open();
  await expect(
    connections.update(BUILTIN_CONNECTION, null, { ...NO_SETTINGS, accelerate: true }),
  ).rejects.toMatchObject({ code: 'ACCELERATION_UNSUPPORTED' });
  expect(connections.get(BUILTIN_CONNECTION).settings.accelerate).toBe(false);
  await connections.update(environment.id, null, { ...NO_SETTINGS, accelerate: true });
  expect(connections.origins()).toContain('https://research.s3-accelerate.amazonaws.com');
});

test.each([
  ['research', null, true],
  ['research', 'https://s3.eu-central-1.amazonaws.com', true],
  ['research.data', null, false],
  ['research--euc1-az1--x-s3', null, false],
  ['research', 'https://minio.example.org', false],
  ['research', 'https://amazonaws.com.example.org', false],
])('whether %s at %s can be accelerated: %s', (bucket, endpoint, can) => {
  expect(whyNotAccelerated({ bucket, endpoint }) === null).toBe(can);
});

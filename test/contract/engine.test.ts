import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fetchPrefix } from '#main/api';
import { readManifest } from '#main/custody';
import { createEngine, type Engine, type EngineOptions } from '#main/engine';
import { contract, reportFromWire, type Change } from '#shared/contract';
import { cleanRecipe, type Manifest } from '#shared/domain';
import { nodePorts } from '#internal/main/hosts/node/index';
import { messagePort, webSocket, type CarrierKind, type Joined } from './carriers.ts';
import { compareWithContract } from './completeness.ts';
import { onWindows, testUnless } from '../support/unless.ts';

const ROOT = join(import.meta.dirname, '../..');
const log = { info: () => undefined, error: () => undefined };
/** A machine that is busy with other things is not what is tested. */
const PATIENT = { timeout: 15_000 };
let folder = '';

async function startEngine(bucketListen: EngineOptions['bucketListen'] = { port: 0 }): Promise<Engine> {
  const dataFolder = join(folder, 'data');
  const tablesProcess = join(ROOT, 'main/tables/process/main.ts');
  return createEngine(nodePorts({ dataFolder, tablesProcess, log }), {
    dataFolder,
    version: '0.0.0-test',
    owner: 'a test',
    bucketListen,
    pageOrigins: () => [],
    environment: [],
    sampleFile: join(ROOT, 'assets/sample/shop-orders.csv'),
  });
}

beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-engine-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each<[string, CarrierKind]>([
  ['MessagePort', messagePort],
  ['WebSocket', webSocket],
])('the engine over a %s', (_, kind) => {
  let engine: Engine;
  let joined: Joined<typeof contract>;
  beforeEach(async () => {
    engine = await startEngine();
    joined = await kind.join(engine.router, contract);
  });
  afterEach(async () => {
    await joined.dispose();
    await engine.close();
  });

  test('answers every procedure of the contract, and no other', () => {
    expect(compareWithContract(contract, engine.router)).toEqual({ missing: [], extra: [] });
  });

  test('keeps recipes, flows and the limits of tables', async () => {
    const { client } = joined;
    const saved = await client.recipes.save({ id: null, recipe: cleanRecipe() });
    const renamed = { ...cleanRecipe(), name: 'Tidy' };
    expect(await client.recipes.save({ id: saved.id, recipe: renamed })).toEqual({
      ...saved,
      recipe: renamed,
    });
    expect(await client.recipes.list()).toEqual([{ ...saved, recipe: renamed }]);
    await client.recipes.remove({ id: saved.id });
    expect(await client.recipes.list()).toEqual([]);
    await expect(client.recipes.remove({ id: saved.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });

    const draft = {
      name: 'Orders',
      enabled: true,
      rule: { columns: null, namePattern: 'orders-*.csv' },
      recipe: cleanRecipe(),
      formats: ['xlsx' as const],
    };
    const flow = await client.flows.save({ id: null, flow: draft });
    expect(flow).toMatchObject({ ...draft, options: { csv: { dialect: 'plain', safe: false } } });
    const off = await client.flows.save({ id: flow.id, flow: { ...draft, enabled: false } });
    expect(await client.flows.list()).toEqual([off]);
    await client.flows.remove({ id: flow.id });
    expect(await client.flows.list()).toEqual([]);
    await expect(client.flows.save({ id: flow.id, flow: draft })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });

    expect(await client.tables.settings()).toEqual({ memoryMb: null, spillMb: null, runsAtOnce: 2 });
    const settings = { memoryMb: 512, spillMb: 1024, runsAtOnce: 1 };
    expect(await client.tables.setSettings(settings)).toEqual(settings);
    expect(await client.tables.settings()).toEqual(settings);
  });

  test('does the main job: the sample goes up, is proven, looked at, cleaned, stored and downloaded', async () => {
    const { client } = joined;
    const seen: Change[] = [];
    const listening = new AbortController();
    const changes = await client.system.changes(undefined, { signal: listening.signal });
    expect(await changes.next()).toMatchObject({ value: [] });
    const listener = (async () => {
      for await (const batch of changes) seen.push(...batch);
    })().catch(() => undefined); // ends by being cancelled

    const { file } = await client.system.sample();
    const { session, added, refused } = await client.transfers.add({
      sessionId: null,
      connectionId: null,
      files: [file],
    });
    expect({ added, refused }).toEqual({ added: 1, refused: [] });
    const first = async () =>
      (await client.transfers.list({ sessionId: session.id, offset: 0, limit: 10 })).transfers[0];
    await expect.poll(async () => (await first())?.state.kind, PATIENT).toBe('done');
    const transfer = await first();
    const transferId = transfer?.id ?? '';
    expect((await client.transfers.receipt({ id: transferId })).proven).toHaveLength(3);

    const preview = await client.tables.preview({ transferId });
    expect(preview.columns.map(({ name }) => name)).toContain('Order date');
    expect(preview.rows).toHaveLength(50);
    const profile = await client.tables.profile({ transferId });
    expect(profile.rows).toBe(1944);

    const recipe = cleanRecipe('Paid');
    const run = await client.runs.start({ transferId, recipe, formats: ['csv', 'parquet'] });
    await expect
      .poll(async () => (await client.runs.list({ sessionId: session.id }))[0]?.state.kind, PATIENT)
      .toBe('done');
    const [done] = await client.runs.list({ sessionId: session.id });
    expect(done).toMatchObject({ id: run.id, counts: { rowsIn: 1944, rowsOut: 1903, duplicates: 41 } });
    expect(done?.sql).toContain('SELECT');

    const outputs = await client.outputs.list({ sessionId: session.id });
    expect(outputs.map(({ format, stored }) => `${format}:${String(stored)}`).sort()).toEqual([
      'csv:true',
      'parquet:true',
    ]);
    const csv = outputs.find(({ format }) => format === 'csv');
    const downloads = join(folder, 'downloads');
    const fetchTo = { id: csv?.id ?? '', folder: { kind: 'path' as const, path: downloads } };
    const one = await client.outputs.download(fetchTo);
    const two = await client.outputs.download(fetchTo);
    expect(two.path).not.toBe(one.path);
    expect(readFileSync(one.path)).toEqual(readFileSync(two.path));
    const link = await client.outputs.link({ id: csv?.id ?? '', seconds: 60, attachment: true });
    const answer = await fetch(link.url);
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(readFileSync(one.path));

    const target = join(folder, 'all orders.csv');
    const deliver = () =>
      client.targets.deliver({ outputId: csv?.id ?? '', file: { kind: 'path', path: target } });
    expect((await deliver()).state).toEqual({ kind: 'done', rows: 1903 });
    expect((await deliver()).state).toEqual({ kind: 'done', rows: 1903 });
    // Every row begins with an order number; some cells hold line ends.
    expect(readFileSync(target, 'utf8').match(/^000\d{5},/gm)).toHaveLength(2 * 1903);

    const activity = await client.sessions.activity({ id: session.id });
    expect(activity.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['upload', 'run', 'download', 'append']),
    );
    const told = (): readonly string[] => [...new Set(seen.map(({ kind: what }) => what))].sort();
    await expect
      .poll(told, PATIENT)
      .toEqual(['deliveries', 'outputs', 'preferences', 'runs', 'sessions', 'transfers']);
    listening.abort();
    await listener;

    await client.sessions.remove({ id: session.id });
    expect(await client.sessions.list()).toEqual([]);
    const store = await engine.services.connections.store('builtin');
    for await (const { key } of store.list('')) expect(key).toBe('nothing is left');
  });

  test('follows the rows that are looked at; of the others, only sums are told', async () => {
    const { client } = joined;
    mkdirSync(join(folder, 'readings'));
    for (let index = 1; index <= 30; index += 1)
      writeFileSync(join(folder, `readings/${index}.csv`), `a,b\n${index},2\n`);
    const { session } = await client.transfers.add({
      sessionId: null,
      connectionId: null,
      files: [{ kind: 'path', path: join(folder, 'readings') }],
    });
    const looking = new AbortController();
    const name = { by: 'name', descending: false } as const;
    const window = { sessionId: session.id, sort: name, offset: 10, limit: 5, also: [] };
    const frames = await client.transfers.watch(window, { signal: looking.signal });
    const rows = new Map<string, string>();
    let ids: readonly string[] = [];
    for await (const frame of frames) {
      ids = frame.ids ?? ids;
      for (const { id, relativePath, state } of frame.transfers)
        rows.set(id, `${relativePath} ${state.kind}`);
      expect(frame.total).toBe(30);
      if (ids.every((id) => rows.get(id)?.endsWith(' done') === true)) break;
    }
    looking.abort();
    expect([...rows.keys()].toSorted()).toEqual([...ids].toSorted());
    expect(ids.map((id) => rows.get(id))).toEqual(
      [11, 12, 13, 14, 15].map((index) => `readings/${index}.csv done`),
    );
    const own = async () => (await client.sessions.list()).find(({ id }) => id === session.id);
    await expect.poll(async () => (await own())?.counts, PATIENT).toEqual({ done: 30 });
    const { total } = await client.transfers.list({ ...window, text: '/1', group: 'done' });
    expect(total).toBe(11);
    const [id = ''] = ids;
    expect((await client.transfers.get({ ids: [id, 'nobody'] })).map((found) => found.id)).toEqual([id]);
    expect(await client.transfers.seek({ ...window, prefix: '20', from: 25 })).toBe(19);
  });

  test('downloads go through the queue, and what becomes of a file that is there is asked', async () => {
    const { client } = joined;
    mkdirSync(join(folder, 'drop/in'), { recursive: true });
    writeFileSync(join(folder, 'drop/a.csv'), 'a\n1\n');
    writeFileSync(join(folder, 'drop/in/b.csv'), 'b\n2\n');
    const { session } = await client.transfers.add({
      sessionId: null,
      connectionId: null,
      files: [{ kind: 'path', path: join(folder, 'drop') }],
    });
    const files = async () =>
      (await client.transfers.list({ sessionId: session.id, offset: 0, limit: 10 })).transfers;
    await expect.poll(async () => (await files()).map(({ state }) => state.kind)).toEqual(['done', 'done']);
    const ids = (await files()).map(({ id }) => id);

    const target = join(folder, 'fetched');
    const ask = { of: { kind: 'originals', ids }, folder: { kind: 'path', path: target } } as const;
    const first = await client.downloads.add({ ...ask, existing: 'ask' });
    expect(first).toMatchObject({ refused: [], inTheWay: null });
    expect(first.transfers.map(({ direction, relativePath }) => [direction, relativePath])).toEqual([
      ['download', 'drop/a.csv'],
      ['download', 'drop/in/b.csv'],
    ]);
    const states = async () => (await client.downloads.list({ limit: 10 })).map(({ state }) => state.kind);
    await expect.poll(states, PATIENT).toEqual(['done', 'done']);
    expect(readFileSync(join(target, 'drop/in/b.csv'), 'utf8')).toBe('b\n2\n');
    const [download] = first.transfers;
    expect((await client.transfers.receipt({ id: download?.id ?? '' })).proven.join()).toContain('CRC-32');

    expect(await client.downloads.add({ ...ask, existing: 'ask' })).toEqual({
      transfers: [],
      refused: [],
      inTheWay: { count: 2, names: ['drop/a.csv', 'drop/in/b.csv'] },
    });
    const both = await client.downloads.add({ ...ask, existing: 'rename' });
    expect(both.transfers).toHaveLength(2);
    await expect.poll(states, PATIENT).toEqual(['done', 'done', 'done', 'done']);
    expect(readdirSync(join(target, 'drop')).toSorted()).toEqual(['a (2).csv', 'a.csv', 'in']);
    const none = await client.downloads.add({ ...ask, existing: 'fail' });
    expect(none.transfers).toEqual([]);
    expect(none.refused.map(({ error }) => error.code)).toEqual(['TARGET_EXISTS', 'TARGET_EXISTS']);

    // What was fetched from a drop is no file of it, and stays when the drop goes.
    expect(await files()).toHaveLength(2);
    expect((await client.sessions.list())[0]?.files).toEqual({ total: 2, done: 2, failed: 0 });
    await client.sessions.remove({ id: session.id });
    expect(readFileSync(join(target, 'drop/a.csv'), 'utf8')).toBe('a\n1\n');
    expect(await client.downloads.list({ limit: 10 })).toEqual([]);
  });

  test('a download of a prefix is a session of its own, and taking it away leaves the objects', async () => {
    const { client } = joined;
    writeFileSync(join(folder, 'a.csv'), 'a\n1\n');
    const put = await client.transfers.add({
      sessionId: null,
      connectionId: null,
      files: [{ kind: 'path', path: join(folder, 'a.csv') }],
    });
    const { id } = put.session;
    await expect.poll(async () => (await client.sessions.list()).map(({ state }) => state)).toEqual(['done']);
    const connection = engine.services.connections.get('builtin');
    const target = join(folder, 'fetched');
    const { transferIds } = await fetchPrefix(
      engine.services,
      connection,
      `${put.session.prefix}/`,
      target,
      'fail',
    );
    const [transferId = ''] = transferIds;
    expect(await engine.services.transfers.settled(transferId)).toEqual({ kind: 'done' });
    const fetched = (await client.sessions.list()).find((session) => session.id !== id);
    expect(fetched).toMatchObject({
      title: `s3://sluice/${put.session.prefix}/`,
      folder: target,
      prefix: put.session.prefix,
      state: 'done',
      files: { total: 1, done: 1, failed: 0 },
    });
    const listed = await client.transfers.list({ sessionId: fetched?.id ?? '', offset: 0, limit: 10 });
    expect(listed.transfers.map(({ direction }) => direction)).toEqual(['download']);
    const added = client.transfers.add({
      sessionId: fetched?.id ?? '',
      connectionId: null,
      files: [{ kind: 'path', path: join(folder, 'a.csv') }],
    });
    await expect(added).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await client.sessions.remove({ id: fetched?.id ?? '' });
    const store = await engine.services.connections.store('builtin');
    const [record] = engine.services.transfers.records(id);
    expect(await store.head(record?.key ?? '')).not.toBeNull();
    expect(readdirSync(target, { recursive: true })).toHaveLength(2);
  });

  test('says what is wrong by its code', async () => {
    const { client } = joined;
    const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(
        () => 'it worked',
        (error: unknown) => reportFromWire(error)?.code,
      );
    const add = (path: string) =>
      client.transfers.add({ sessionId: null, connectionId: null, files: [{ kind: 'path', path }] });
    writeFileSync(join(folder, 'empty.csv'), '');
    expect(await codeOf(add(join(folder, 'empty.csv')))).toBe('SOURCE_EMPTY');
    expect(await codeOf(add(join(folder, 'missing.csv')))).toBe('SOURCE_MISSING');
    expect(await codeOf(add('relative.csv'))).toBe('INPUT_INVALID');
    expect(await codeOf(add(`${folder}/nul\0.csv`))).toBe('INPUT_INVALID');
    expect(await codeOf(client.transfers.pause({ id: 'nobody' }))).toBe('NOT_FOUND');
    expect(await codeOf(client.files.pick({ what: 'files' }))).toBe('UNSUPPORTED_HERE');
    expect(await codeOf(client.files.browse({ path: join(folder, 'nowhere') }))).toBe('SOURCE_MISSING');
    expect(await codeOf(client.connections.remove({ id: 'builtin' }))).toBe('NOT_FOUND');
    expect(await codeOf(client.outputs.open({ id: 'nobody' }))).toBe('NOT_FOUND');
    expect(await codeOf(client.transfers.add({ sessionId: null, connectionId: null, files: [] }))).toBe(
      'INPUT_INVALID',
    );
    expect(await client.sessions.list()).toEqual([]);
  });
});

test('what was under way when the engine ended goes on when it starts again', async () => {
  const first = await startEngine();
  const joined = await messagePort.join(first.router, contract);
  const { file } = await joined.client.system.sample();
  const { session } = await joined.client.transfers.add({
    sessionId: null,
    connectionId: null,
    files: [file],
  });
  await joined.dispose();
  await first.close();

  const second = await startEngine();
  try {
    const [transfer] = second.services.transfers.records(session.id);
    expect(await second.services.transfers.settled(transfer?.id ?? '')).toEqual({ kind: 'done' });
    const run = second.services.runs.start({
      transferId: transfer?.id ?? '',
      recipe: cleanRecipe(),
      formats: ['csv'],
    });
    await second.close();
    const third = await startEngine();
    try {
      await expect.poll(() => third.services.runs.list(session.id)[0]?.state.kind, PATIENT).toBe('done');
      expect(third.services.runs.list(session.id)).toHaveLength(1);
      expect(third.services.outputs.list(session.id).map(({ runId, stored }) => [runId, stored])).toEqual([
        [run.id, true],
      ]);
    } finally {
      await third.close();
    }
  } finally {
    await second.close();
  }
});

test('the manifest of a session is stored once its files are done, and again when that changes', async () => {
  mkdirSync(join(folder, 'drop'));
  writeFileSync(join(folder, 'drop/a.csv'), 'a\n1\n');
  writeFileSync(join(folder, 'drop/empty.csv'), '');
  writeFileSync(join(folder, 'drop/.DS_Store'), 'x');
  writeFileSync(join(folder, 'later.csv'), 'b\n2\n');
  const add = async ({ router }: Engine, path: string, sessionId: string | null) => {
    const joined = await messagePort.join(router, contract);
    const files = [{ kind: 'path' as const, path: join(folder, path) }];
    const { session } = await joined.client.transfers.add({ sessionId, connectionId: null, files });
    await joined.dispose();
    return session;
  };
  const settle = async ({ services: { transfers } }: Engine, sessionId: string) => {
    for (const { id } of transfers.records(sessionId)) await transfers.settled(id);
  };
  const read = async ({ services }: Engine, prefix: string): Promise<Manifest | null> => {
    const store = await services.connections.store('builtin');
    const key = `${prefix}/manifest.json`;
    if ((await store.head(key)) === null) return null;
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read(key, null, null)) chunks.push(chunk as Buffer);
    const { manifest, isIntact } = readManifest(Buffer.concat(chunks).toString('utf8'), key);
    expect(isIntact).toBe(true);
    return manifest;
  };

  const first = await startEngine();
  const { id, prefix } = await add(first, 'drop', null);
  await settle(first, id);
  await first.services.manifests.written(id);
  // As if the process had ended between what is journalled and what is stored.
  await (await first.services.connections.store('builtin')).deleteAll([`${prefix}/manifest.json`]);
  first.services.journal.sessions.setManifestDue(id, true);
  await first.close();

  const second = await startEngine();
  try {
    await expect.poll(() => read(second, prefix), PATIENT).not.toBeNull();
    const manifest = await read(second, prefix);
    const [record] = second.services.transfers.records(id);
    expect(manifest?.files).toMatchObject([
      { path: 'drop/a.csv', key: record?.key, size: 4, state: 'done', receiptId: record?.id },
    ]);
    expect(manifest?.files[0]?.crc32).toBe(second.services.transfers.receipt(record?.id ?? '').crc32);
    expect(manifest?.refused.map(({ error }) => error.code)).toEqual(['SOURCE_EMPTY']);
    expect(manifest?.leftOut).toEqual({ hidden: 0, systemFiles: 1, links: 0 });
    expect(second.services.journal.sessions.withManifestDue()).toEqual([]);

    await add(second, 'later.csv', id);
    await expect.poll(async () => (await read(second, prefix))?.files.length, PATIENT).toBe(2);
  } finally {
    await second.close();
  }
});

testUnless(onWindows)('the desktop app opens no port: its bucket listens on a socket', async () => {
  const socketPath = join(folder, 'bucket.sock');
  for (let start = 1; start <= 2; start += 1) {
    const engine = await startEngine({ socketPath });
    const joined = await messagePort.join(engine.router, contract);
    try {
      const { file } = await joined.client.system.sample();
      const { session } = await joined.client.transfers.add({
        sessionId: null,
        connectionId: null,
        files: [file],
      });
      const [transfer] = engine.services.transfers.records(session.id);
      expect(await engine.services.transfers.settled(transfer?.id ?? '')).toEqual({ kind: 'done' });
      const run = await joined.client.runs.start({
        transferId: transfer?.id ?? '',
        recipe: cleanRecipe(),
        formats: ['csv'],
      });
      const state = async () => (await joined.client.runs.list({ sessionId: session.id }))[0]?.state.kind;
      await expect.poll(state, PATIENT).toBe('done');
      const [output] = await joined.client.outputs.list({ sessionId: session.id });
      expect(output?.runId).toBe(run.id);
      const downloads = { kind: 'path' as const, path: join(folder, `downloads ${start}`) };
      await joined.client.outputs.download({ id: output?.id ?? '', folder: downloads });
      const link = joined.client.outputs.link({ id: output?.id ?? '', seconds: 60, attachment: false });
      await expect(link).rejects.toMatchObject({ code: 'UNSUPPORTED_HERE' });
    } finally {
      await joined.dispose();
      await engine.close();
    }
  }
});

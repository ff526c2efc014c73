import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openJournal, type DropPlan, type Journal, type SessionRecord } from '#main/journal';
import { Drops, type DropEnd } from '#main/sessions';
import { scan, Transfers, type ScanBatch } from '#main/transfers';
import { DEFAULT_SCAN_RULES, NO_SETTINGS, type Connection } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { timeOrderedId } from '#internal/main/sessions/ids';
import { KeyRing } from '#internal/main/sessions/key-ring';

const clock = { now: () => Date.now(), sleep: () => new Promise<void>(() => undefined) };
const log = { info: () => undefined, error: () => undefined };
const NEVER = new AbortController().signal;
const TOMORROW = Date.now() + 86_400_000;
const connection: Connection = {
  id: 'builtin',
  kind: 'builtin',
  name: 'Built-in bucket',
  origin: 'builtin',
  endpoint: 'http://127.0.0.1:1',
  region: 'us-east-1',
  bucket: 'sluice',
  prefix: '',
  credentials: { kind: 'builtin' },
  capabilities: null,
  settings: NO_SETTINGS,
};
const session: SessionRecord = {
  id: 's1',
  title: 'drop',
  connectionId: 'builtin',
  bucket: 'sluice',
  prefix: 'p',
  createdAt: 1,
  retentionDays: null,
  removing: false,
  custody: null,
  folder: null,
};

let folder = '';
let journal: Journal;
let transfers: Transfers;
let drops: Drops;

/** A process begins on the journal as it is; its files are scheduled, so that nothing of them moves. */
async function start(): Promise<void> {
  journal = openJournal(join(folder, 'data'));
  transfers = new Transfers({
    journal,
    clock,
    log,
    power: { keepAwake: () => () => undefined, onWake: () => () => undefined },
    network: { online: () => true, onOnline: () => () => undefined },
    storeOf: () => Promise.reject(sluiceError('CREDENTIALS_EXPIRED', {})),
    spoolFolder: join(folder, 'spool'),
  });
  drops = new Drops({
    journal,
    clock,
    log,
    connections: { get: () => connection },
    transfers,
    changed: () => undefined,
  });
  await transfers.restore(true);
}

async function end(): Promise<void> {
  await drops.close();
  await transfers.close();
  journal.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-drops-'));
  mkdirSync(join(folder, 'data'));
  await start();
  journal.sessions.insert(session);
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

function write(count: number, ...others: readonly string[]): string {
  const names = Array.from({ length: count }, (_, index) => `${index % 7}/${index}.csv`);
  for (const name of [...names, ...others]) {
    mkdirSync(dirname(join(folder, 'drop', name)), { recursive: true });
    writeFileSync(join(folder, 'drop', name), 'x');
  }
  return join(folder, 'drop');
}

const planOf = (root: string, changes: Partial<DropPlan> = {}): DropPlan => ({
  roots: [root],
  rules: DEFAULT_SCAN_RULES,
  connectionId: 'builtin',
  prefix: null,
  partSize: null,
  options: null,
  existing: 'replace',
  notBefore: TOMORROW,
  priority: 0,
  ...changes,
});

const begin = (plan: DropPlan, batches: readonly ScanBatch[] = [], rest?: AsyncIterable<ScanBatch>) =>
  drops.begin(session, plan, new Map(), { batches, rest: rest ?? scan(plan.roots, plan.rules, NEVER) });

const paths = (): readonly string[] => transfers.records('s1').map(({ relativePath }) => relativePath);
const settle = (work: Promise<DropEnd>) =>
  work.then(
    () => 'ended',
    (error: unknown) => (error as { code: string }).code,
  );

test('a process that ends half way loses no file and doubles none', async () => {
  const root = write(1000, 'bad.csv');
  writeFileSync(join(root, 'bad.csv'), '');
  const plan = planOf(root);
  const found = scan(plan.roots, plan.rules, NEVER);
  const stuck = Promise.withResolvers<void>();
  const work = begin(
    plan,
    [],
    (async function* half() {
      yield (await found.next()).value as ScanBatch;
      yield (await found.next()).value as ScanBatch;
      stuck.resolve();
      await new Promise(() => undefined);
    })(),
  );
  void settle(work);
  await stuck.promise;
  expect(drops.facts('s1').scanning).toEqual({ found: 512 });
  // No word is said to the journal: what it has now is what the next process finds.
  const left = openJournal(join(folder, 'data'));
  expect([...left.transfers.pages()].flat()).toHaveLength(512);
  expect(left.drops.list().map(({ state }) => state)).toEqual(['scanning']);
  left.close();
  await transfers.close();
  journal.close();

  await start();
  drops.recover();
  await expect.poll(() => drops.facts('s1').scanning, { timeout: 20_000 }).toBeNull();
  expect(paths()).toHaveLength(1000);
  expect(new Set(paths()).size).toBe(1000);
  expect(journal.drops.list()).toMatchObject([{ state: 'found' }]);
  expect(drops.facts('s1').refused).toBe(1);
  expect(drops.refused('s1', 0, 10).refused.map(({ error }) => error.code)).toEqual(['SOURCE_EMPTY']);
});

test('dropped again, what is done and unchanged is kept, and the rest goes on in the same session', async () => {
  const root = write(3);
  const plan = planOf(root);
  const { transferIds } = await begin(plan);
  const [done = '', changed = '', waits = ''] = transferIds;
  const modified = new Date(1_700_000_000_000);
  for (const id of [done, changed]) {
    const record = transfers.record(id);
    if (record.source.kind !== 'path') throw new TypeError('not a path');
    utimesSync(record.source.path, modified, modified);
    const modifiedNs = id === done ? '1700000000000000000' : '1600000000000000000';
    journal.transfers.saveIdentity(id, { size: 1, modifiedNs, changedNs: '1', fileId: '1' });
    journal.transfers.saveState(id, { kind: 'done' }, 2);
  }
  await end();
  await start();
  const again = drops.unfinished('builtin', null, [root]);
  expect(again?.sessionId).toBe('s1');
  expect(drops.unfinished('builtin', 'elsewhere', [root])).toBeNull();
  expect(drops.unfinished('builtin', null, [root, '/other'])).toBeNull();
  if (again === null) throw new TypeError('not found');
  const second = await drops.goOn(again, session, true);
  expect(second.transferIds).toContain(done);
  expect(second.transferIds).toContain(waits);
  expect(second.transferIds).not.toContain(changed);
  expect(second.transferIds).toHaveLength(3);
  expect(paths()).toHaveLength(4);
});

test('a drop whose files are all done is finished', async () => {
  const root = write(1);
  const { transferIds } = await begin(planOf(root));
  journal.transfers.saveState(transferIds[0] ?? '', { kind: 'done' }, 2);
  await end();
  await start();
  expect(drops.unfinished('builtin', null, [root])).toBeNull();
});

test('two files never share a key', async () => {
  const root = write(0, 'a?b.csv', 'a_b.csv', 'A_B.csv', 'a:b.csv', 'x/caf\u00e9.csv', 'x/cafe\u0301.csv');
  await begin(planOf(root, { prefix: 'p' }));
  const keys = transfers.records('s1').map(({ key }) => key);
  expect(new Set(keys).size).toBe(6);
  expect(keys.toSorted()).toEqual([
    'p/drop/A_B.csv',
    'p/drop/a_b.csv',
    'p/drop/a_b~2.csv',
    'p/drop/a_b~3.csv',
    'p/drop/x/caf\u00e9.csv',
    'p/drop/x/caf\u00e9~2.csv',
  ]);
});

test('a key that is taken gets a number before its ending, and stays within what S3 allows', () => {
  const ring = new KeyRing(['a/b.tar.gz', 'a/.env', 'a.b/c']);
  expect(ring.take('a/b.tar.gz', 'b')).toBe('a/b.tar~2.gz');
  expect(ring.take('a/b.tar.gz', 'b')).toBe('a/b.tar~3.gz');
  expect(ring.take('a/.env', '.env')).toBe('a/.env~2');
  expect(ring.take('a.b/c', 'c')).toBe('a.b/c~2');
  const long = `${'k'.repeat(1023)}x`;
  expect(ring.take(long, 'k')).toBe(long);
  expect(() => ring.take(long, 'k')).toThrow(expect.objectContaining({ code: 'NAME_TOO_LONG' }));
});

test('ids are of the time they are made at, and random at their end', () => {
  const ids = Array.from({ length: 100 }, () => timeOrderedId(Date.UTC(2026, 10, 20)));
  for (const id of ids) expect(id).toMatch(/^01a1f640-bc00-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(new Set(ids.map((id) => id.slice(-8))).size).toBe(100);
  expect(timeOrderedId(2) > timeOrderedId(1)).toBe(true);
});

test('what is found while all is paused stays where it is', async () => {
  const root = write(10);
  const plan = planOf(root, { notBefore: null });
  const gate = Promise.withResolvers<void>();
  const work = begin(
    plan,
    [],
    (async function* late() {
      await gate.promise;
      yield* scan(plan.roots, plan.rules, NEVER);
    })(),
  );
  drops.hold();
  gate.resolve();
  await work;
  expect(transfers.session('s1').tally.counts).toEqual({ paused: 10 });
});

test('a session that is removed stops looking, and what was left out is told', async () => {
  const root = write(5, '.DS_Store');
  expect((await begin(planOf(root))).leftOut).toEqual({ hidden: 0, systemFiles: 1, links: 0 });
  expect(drops.facts('s1')).toEqual({
    scanning: null,
    refused: 0,
    leftOut: { hidden: 0, systemFiles: 1, links: 0 },
  });
  const gate = Promise.withResolvers<void>();
  const second = settle(
    begin(
      planOf(root),
      [],
      (async function* late() {
        await gate.promise;
        yield* scan([root], DEFAULT_SCAN_RULES, NEVER);
      })(),
    ),
  );
  const stopped = drops.stop('s1');
  gate.resolve();
  await stopped;
  expect(await second).toBe('CANCELLED');
  expect(paths()).toHaveLength(5);
});

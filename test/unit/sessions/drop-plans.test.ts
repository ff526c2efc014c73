import { appendFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dropFiles } from '#main/api';
import { DropPlans, Leftovers, planFile, type Chooser, type DropFile, type Started } from '#main/sessions';
import {
  DEFAULT_SCAN_RULES,
  NO_OPTIONS,
  SHOWN_CONFLICTS,
  type Choice,
  type ConflictKind,
  type DropPlan,
} from '#shared/domain';
import { encodeCrc32 } from '#shared/lib';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';

const MiB = 1024 * 1024;
const signal = new AbortController().signal;
let rig: UploadRig;
let plans: DropPlans;
beforeEach(async () => {
  rig = await startRig();
  plans = makePlans();
});
afterEach(() => rig.close());

const makePlans = (): DropPlans => {
  const rooms = rig.rooms();
  return new DropPlans({ ...rooms, leftovers: new Leftovers(rooms), changed: () => undefined });
};

/** Writes files into a folder of the drop. */
function drop(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(rig.folder, 'drop');
  mkdirSync(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

async function prepare(
  paths: readonly string[],
  over: {
    readonly prefix?: string | null;
    readonly bySize?: boolean;
    readonly page?: readonly DropFile[];
  } = {},
): Promise<DropPlan> {
  const { files, looked } = await dropFiles(paths, DEFAULT_SCAN_RULES, signal);
  const connection = rig.rooms().connections.get(rig.connection.id);
  return plans.prepare(
    {
      files: [...files, ...(over.page ?? [])],
      connection,
      sessionId: null,
      prefix: over.prefix === undefined ? 'into' : over.prefix,
      partSize: 5 * MiB,
      bySize: over.bySize ?? false,
      options: null,
      notBefore: null,
      priority: 0,
      looked,
    },
    signal,
  );
}

const asPreset: Chooser = ({ preset }) => preset;
const always =
  (choice: Choice | 'fail'): Chooser =>
  () =>
    choice;

async function start(plan: DropPlan, choose: Chooser = asPreset): Promise<Started> {
  const started = await plans.start(plan.id, choose, signal);
  for (const { transferId } of started.outcomes)
    if (transferId !== null) expect(await rig.transfers.settled(transferId)).toEqual({ kind: 'done' });
  return started;
}

async function bucket(): Promise<Readonly<Record<string, string>>> {
  const store = await rig.straight();
  const found: Record<string, string> = {};
  for await (const { key } of store.list('')) {
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read(key, null, null)) chunks.push(chunk as Buffer);
    found[key] = Buffer.concat(chunks).toString('latin1');
  }
  return found;
}

const kinds = ({ counts }: DropPlan): Partial<Record<ConflictKind, number>> => counts;

test('names are kept, and nothing is asked where nothing is there', async () => {
  const plan = await prepare([drop({ 'a.csv': 'one', 'b.csv': 'two' })]);
  expect(kinds(plan)).toEqual({});
  expect(plan).toMatchObject({ files: 2, bytes: 6, conflicts: [] });
  await start(plan);
  expect(await bucket()).toEqual({ 'into/drop/a.csv': 'one', 'into/drop/b.csv': 'two' });
});

test('dropped again, what is there is not sent again, and no session is made for it', async () => {
  const folder = drop({ 'a.csv': 'one', 'big.bin': randomBytes(12 * MiB) });
  await start(await prepare([folder]));
  const requests = rig.proxy.seen.length;
  const again = await prepare([folder]);
  expect(kinds(again)).toEqual({ identical: 2 });
  const { session, outcomes } = await start(again);
  expect(session).toBeNull();
  expect(outcomes.map(({ decision }) => decision)).toEqual(['skip', 'skip']);
  expect(
    rig.proxy.seen.slice(requests).filter(({ method }) => method === 'PUT' || method === 'POST'),
  ).toEqual([]);
});

describe('other content at the key', () => {
  beforeEach(async () => {
    await start(await prepare([drop({ 'a.csv': 'one' })]));
    drop({ 'a.csv': 'ONE' });
  });
  const again = (): Promise<DropPlan> => prepare([join(rig.folder, 'drop')]);

  test('is told by its checksum, not by its size', async () => {
    const plan = await again();
    expect(kinds(plan)).toEqual({ different: 1 });
    expect(plan.conflicts[0]).toMatchObject({
      name: 'drop/a.csv',
      key: 'into/drop/a.csv',
      preset: 'rename',
      here: { size: 3, at: expect.any(Number) as number },
      there: { size: 3, at: expect.any(Number) as number },
      says: 'The same size, but other content: CRC-32 of the whole differs.',
    });
  });
  test('counts as the same where only sizes are to be compared', async () => {
    expect(kinds(await prepare([join(rig.folder, 'drop')], { bySize: true }))).toEqual({ identical: 1 });
  });
  test('stands beside it, under the first free name, and is not sent twice there either', async () => {
    await start(await again(), always('rename'));
    expect(await bucket()).toEqual({ 'into/drop/a.csv': 'one', 'into/drop/a~2.csv': 'ONE' });
    const { outcomes, session } = await start(await again(), always('rename'));
    expect(outcomes[0]).toMatchObject({ decision: 'skip', key: 'into/drop/a~2.csv' });
    expect(session).toBeNull();
    drop({ 'a.csv': 'oNe' });
    await start(await again(), always('rename'));
    expect(await bucket()).toMatchObject({ 'into/drop/a~3.csv': 'oNe' });
  });
  test('is replaced, skipped, or refused, as chosen', async () => {
    expect((await start(await again(), always('skip'))).outcomes[0]?.decision).toBe('skip');
    const refused = (await start(await again(), always('fail'))).outcomes[0];
    expect(refused).toMatchObject({ decision: 'failed', error: { code: 'OBJECT_EXISTS' } });
    expect(await bucket()).toEqual({ 'into/drop/a.csv': 'one' });
    await start(await again(), always('replace'));
    expect(await bucket()).toEqual({ 'into/drop/a.csv': 'ONE' });
  });
  test('that comes between looking and sending is not written over', async () => {
    drop({ 'b.csv': 'mine' });
    const plan = await again();
    const store = await rig.straight();
    const theirs = Buffer.from('theirs');
    await store.put('into/drop/b.csv', theirs, crc32(theirs), { contentType: 'text/csv', metadata: {} });
    const { outcomes } = await plans.start(plan.id, always('skip'), signal);
    const late = outcomes.find(({ file }) => file.name === 'b.csv');
    expect(await rig.transfers.settled(late?.transferId ?? '')).toMatchObject({
      kind: 'failed',
      error: { code: 'OBJECT_EXISTS' },
    });
    expect(await bucket()).toMatchObject({ 'into/drop/b.csv': 'theirs' });
  });
});

test('many files are found by one sweep of their folder', async () => {
  const names = Array.from({ length: 40 }, (_, at) => `f${at}.csv`);
  const folder = drop(Object.fromEntries(names.map((name) => [name, name])));
  await start(await prepare([folder]));
  drop({ 'new.csv': 'new', 'f3.csv': 'changed' });
  const from = rig.proxy.seen.length;
  const plan = await prepare([folder]);
  expect(kinds(plan)).toEqual({ identical: 39, different: 1 });
  expect(rig.proxy.seen.slice(from).filter(({ url }) => url.includes('list-type=2'))).toHaveLength(1);
});

test('of very many conflicts the first thousand are told, and the rest is chosen about by kind', async () => {
  const count = SHOWN_CONFLICTS + 5;
  const names = Array.from({ length: count }, (_, at) => `f${at}`);
  const folder = drop(Object.fromEntries(names.map((name) => [name, 'a'])));
  const store = await rig.straight();
  const other = Buffer.from('bb');
  for (const name of names)
    await store.put(`into/drop/${name}`, other, crc32(other), { contentType: 'text/plain', metadata: {} });
  const plan = await prepare([folder]);
  expect(plan.conflicts).toHaveLength(SHOWN_CONFLICTS);
  expect(kinds(plan)).toEqual({ different: count });
  const [first] = plan.conflicts;
  const choose = DropPlans.chooser({
    one: { [first?.id ?? '']: 'fail' as never },
    all: { different: 'skip' },
  });
  const { outcomes } = await plans.start(plan.id, choose, signal);
  // A choice that was never offered is as good as none.
  expect(outcomes.filter(({ decision }) => decision === 'skip')).toHaveLength(count - 1);
  expect(outcomes.find(({ about }) => about[0]?.conflict.id === first?.id)?.key).toBe('into/drop/f0~2');
}, 60_000);

test('the same file, uploaded before to a folder of its own, is already there', async () => {
  const folder = drop({ 'a.csv': 'one' });
  const file = join(folder, 'a.csv');
  const before = await start(await prepare([file], { prefix: null }));
  const look = async (): Promise<Partial<Record<ConflictKind, number>>> =>
    kinds(await prepare([file], { prefix: null }));
  expect(plans.isWorthLooking([file], [], rig.connection.id)).toBe(true);
  expect(plans.isWorthLooking([folder], [], rig.connection.id)).toBe(true);
  expect(plans.isWorthLooking(['/elsewhere/b.csv'], [], rig.connection.id)).toBe(false);
  expect(await look()).toEqual({ uploaded: 1 });

  utimesSync(file, new Date(), new Date()); // touched, with the same content
  const plan = await prepare([file], { prefix: null });
  expect(plan.conflicts[0]).toMatchObject({ kind: 'uploaded', preset: 'skip' });
  const { outcomes, session } = await start(plan);
  expect(session).toBeNull();
  expect(outcomes[0]).toMatchObject({ decision: 'skip', sessionId: before.session?.id });

  const moved = join(rig.folder, 'moved');
  mkdirSync(moved);
  writeFileSync(join(moved, 'a.csv'), 'one');
  expect(kinds(await prepare([join(moved, 'a.csv')], { prefix: null }))).toEqual({ uploaded: 1 });
  writeFileSync(join(moved, 'a.csv'), 'oNe');
  expect(kinds(await prepare([join(moved, 'a.csv')], { prefix: null }))).toEqual({});

  await (await rig.straight()).deleteAll([before.outcomes[0]?.key ?? '']);
  expect(await look()).toEqual({});
});

describe('an upload of this machine that was begun', () => {
  const isPart = (url: string): boolean => url.includes('partNumber=');
  const path = (): string => join(rig.folder, 'drop', 'big.bin');
  let content: Buffer;

  beforeEach(async () => {
    content = randomBytes(12 * MiB);
    drop({ 'big.bin': content });
    let parts = 0;
    rig.decide = ({ url }) => (isPart(url) && (parts += 1) > 1 ? { kind: 'drop-before' } : { kind: 'pass' });
    const { outcomes } = await plans.start((await prepare([path()])).id, asPreset, signal);
    const id = outcomes[0]?.transferId ?? '';
    await expect.poll(() => rig.journal.transfers.parts(id).length, { timeout: 20_000 }).toBe(1);
    rig.transfers.pause(id);
    rig.decide = () => ({ kind: 'pass' });
  });

  test('goes on and nothing is asked', async () => {
    const plan = await prepare([path()]);
    expect(kinds(plan)).toEqual({});
    const { outcomes } = await start(plan);
    expect(outcomes[0]?.decision).toBe('continue');
    expect(rig.transfers.receipt(outcomes[0]?.transferId ?? '').parts.kept).toBe(1);
  });

  test('touched since, it goes on where its content is the same', async () => {
    utimesSync(path(), new Date(), new Date());
    const plan = await prepare([path()]);
    expect(plan.conflicts[0]).toMatchObject({ kind: 'changed', preset: 'continue' });
    const { outcomes } = await start(plan);
    expect(rig.transfers.receipt(outcomes[0]?.transferId ?? '').parts.kept).toBe(1);
  });

  test('grown since, it can only begin anew, and leaves nothing behind', async () => {
    appendFileSync(path(), 'more');
    const plan = await prepare([path()]);
    expect(plan.conflicts[0]).toMatchObject({ kind: 'changed', choices: ['anew', 'skip'], preset: 'anew' });
    const { outcomes } = await start(plan);
    expect(await bucket()).toEqual({ 'into/big.bin': `${content.toString('latin1')}more` });
    const id = outcomes[0]?.transferId ?? '';
    await rig.transfers.cleaned(rig.transfers.record(id).sessionId);
    expect(await rig.leftovers(id)).toBe(0);
  });

  test('and refused, stays as it is', async () => {
    utimesSync(path(), new Date(), new Date());
    const { outcomes } = await start(await prepare([path()]), always('fail'));
    expect(outcomes[0]).toMatchObject({ decision: 'failed', error: { code: 'SOURCE_CHANGED_SINCE' } });
    expect(rig.transfers.records().map(({ state }) => state.kind)).toEqual(['paused']);
  });
});

describe('an unfinished upload at the key that nobody here knows', () => {
  let content: Buffer;
  const path = (): string => join(rig.folder, 'drop', 'big.bin');

  async function begin(part: Buffer): Promise<void> {
    const store = await rig.straight();
    const uploadId = await store.createUpload('into/big.bin', {
      contentType: 'x/y',
      metadata: { 'sluice-id': 'other' },
    });
    await store.uploadPart({ key: 'into/big.bin', uploadId, number: 1 }, part, crc32(part));
  }
  beforeEach(() => {
    content = randomBytes(12 * MiB);
    drop({ 'big.bin': content });
  });

  test('of the same content is gone on with: what is proven is kept', async () => {
    await begin(content.subarray(0, 5 * MiB));
    const plan = await prepare([path()]);
    expect(plan.conflicts[0]).toMatchObject({
      kind: 'leftover',
      choices: ['leave', 'continue', 'discard'],
      preset: 'leave', // it is young: another program may be sending it
    });
    const { outcomes } = await start(plan, always('continue'));
    const id = outcomes[0]?.transferId ?? '';
    expect(rig.transfers.receipt(id).parts).toMatchObject({ kept: 1, count: 3 });
    expect((await rig.stored(id))?.equals(content)).toBe(true);
    expect(await rig.leftovers(id)).toBe(0);
  });

  test('of other content is never gone on with', async () => {
    await begin(randomBytes(5 * MiB));
    const plan = await prepare([path()]);
    expect(plan.conflicts[0]?.choices).toEqual(['leave', 'discard']);
    expect(plan.conflicts[0]?.says).toContain('not proven to be of this file');
    const { outcomes } = await start(plan, always('discard'));
    const id = outcomes[0]?.transferId ?? '';
    expect((await rig.stored(id))?.equals(content)).toBe(true);
    expect(await rig.leftovers(id)).toBe(0);
  });

  test('is left alone where it is to be', async () => {
    await begin(content.subarray(0, 5 * MiB));
    const { outcomes } = await start(await prepare([path()]), always('leave'));
    expect(await rig.leftovers(outcomes[0]?.transferId ?? '')).toBe(1);
  });
});

test('files that a page holds are compared by what the page says, and begun by the page', async () => {
  await start(await prepare([drop({ 'a.csv': 'one' })]));
  const page = (name: string, size: number, sum: string | null): DropFile => ({
    name,
    relativePath: `drop/${name}`,
    size,
    source: { kind: 'page', lastModified: 1, crc32: sum },
  });
  const same = encodeCrc32(crc32(Buffer.from('one')));
  expect(kinds(await prepare([], { page: [page('a.csv', 3, null)] }))).toEqual({ unknown: 1 });
  expect(kinds(await prepare([], { page: [page('a.csv', 3, encodeCrc32(1))] }))).toEqual({ different: 1 });
  const plan = await prepare([], { page: [page('a.csv', 3, same), page('b.csv', 5, null)] });
  expect(kinds(plan)).toEqual({ identical: 1 });
  const { outcomes, session } = await start(plan);
  expect(session).toBeNull();
  expect(outcomes.map(({ decision, key }) => [decision, key])).toEqual([
    ['skip', 'into/drop/a.csv'],
    ['send', 'into/drop/b.csv'],
  ]);
});

test('a plan is started once, and one that nobody knows not at all', async () => {
  const plan = await prepare([drop({ 'a.csv': 'one' })]);
  await start(plan);
  await expect(plans.start(plan.id, asPreset, signal)).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a key that was chosen and does not say compressed gets the file as it is', () => {
  const connection = rig.rooms().connections.get(rig.connection.id);
  const session = rig.rooms().sessions.create(connection, 'x');
  const compressed = { ...NO_OPTIONS, compress: 'gzip' } as const;
  const plan = (key?: string) =>
    planFile(
      { name: 'a.csv', relativePath: 'a.csv', size: 9 },
      { kind: 'path', path: '/a.csv' },
      'original',
      {
        session,
        connection,
        keys: 'plain',
        partSize: null,
        clock: { now: () => 1, sleep: () => Promise.resolve() },
        options: compressed,
        ...(key === undefined ? {} : { key }),
      },
    );
  expect(plan()).toMatchObject({ contentType: 'application/gzip', options: { compress: 'gzip' } });
  expect(plan('in/a.csv.gz')).toMatchObject({ key: 'in/a.csv.gz', options: { compress: 'gzip' } });
  expect(plan('in/a.csv')).toMatchObject({
    key: 'in/a.csv',
    contentType: 'text/csv',
    options: { compress: 'none' },
  });
});

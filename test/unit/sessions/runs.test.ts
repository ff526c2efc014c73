import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { LocalCopies, Runs } from '#main/sessions';
import type { Tables } from '#main/tables';
import { cleanRecipe, type Run, type RunState } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { PASS } from '../../support/fault-proxy/index.ts';
import { startRig, type UploadRig } from '../../support/upload-rig.ts';
import { openRoom, type Room } from '../tables/support.ts';

const CONTENT = `id,name,amount\n${Array.from({ length: 2000 }, (_, at) => `${at},name ${at},${at}.5`).join('\n')}\n`;

describe('a run that is killed', () => {
  const child = join(import.meta.dirname, '../../support/run-child.ts');
  const live = (folder: string, dieAt: string): Promise<{ code: number | null; said: string }> =>
    new Promise((resolve, reject) => {
      const started = spawn(process.execPath, [child, join(folder, 'data'), join(folder, 'a.csv'), dieAt], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      let said = '';
      started.stdout.on('data', (text: Buffer) => (said += text.toString()));
      started.on('error', reject);
      started.on('close', (code) => resolve({ code, said }));
    });

  const STEPS: readonly RunState['kind'][] = [
    'fetching',
    'loading',
    'transforming',
    'writing',
    'checking',
    'uploading',
    'finishing',
  ];
  test.for(STEPS)('while %s is begun anew and gives one result', { timeout: 120_000 }, async (step) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-run-'));
    try {
      writeFileSync(join(folder, 'a.csv'), CONTENT);
      const killed = await live(folder, step);
      expect(killed).toEqual({ code: null, said: '' });
      const { said } = await live(folder, 'never');
      const found = JSON.parse(said) as { outputs: { id: string }[] };
      expect(found).toMatchObject({
        runs: [{ state: 'done', rows: 2000 }],
        outputs: expect.arrayContaining(
          ['csv', 'xlsx', 'jsonl'].map((format) =>
            expect.objectContaining({ format, stored: true, rows: 2000 }),
          ),
        ),
        planned: null,
        processed: 3,
      });
      expect(found.outputs).toHaveLength(3);
      const copies = join(folder, 'data', 'copies');
      expect(readdirSync(copies).toSorted()).toEqual(found.outputs.map(({ id }) => id).toSorted());
      const left = readdirSync(copies, { recursive: true }).filter((name) => String(name).endsWith('.part'));
      expect(left).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe('a run that fails', () => {
  let room: Room;
  let rig: UploadRig;
  beforeAll(async () => (room = await openRoom()));
  afterAll(() => room.close());
  beforeEach(async () => (rig = await startRig({ attempts: 2 })));
  afterEach(() => rig.close());

  const open = (tables: Tables) => {
    const { connections, clock, ...rooms } = rig.rooms();
    const copies = new LocalCopies(join(rig.folder, 'copies'), connections, clock);
    const notified: string[] = [];
    const notifier = { notify: (title: string) => void notified.push(title) };
    return new Runs({ ...rooms, connections, clock, copies, tables, notifier });
  };
  const uploaded = async (): Promise<string> => {
    const path = join(rig.folder, 'a.csv');
    writeFileSync(path, CONTENT);
    const id = rig.add(path, CONTENT.length);
    expect(await rig.transfers.settled(id)).toEqual({ kind: 'done' });
    return id;
  };
  const ended = async (runs: Runs, { id, sessionId }: Run): Promise<Run> => {
    const found = (): Run | undefined => runs.list(sessionId).find((run) => run.id === id);
    await expect
      .poll(() => ['done', 'failed', 'cancelled'].includes(found()?.state.kind ?? ''), { timeout: 15_000 })
      .toBe(true);
    const run = found();
    if (run === undefined) throw new Error('it was started');
    return run;
  };
  const local = (): readonly string[] =>
    readdirSync(join(rig.folder, 'copies'), { recursive: true }).map(String);

  test('for a full disk leaves nothing, and works once there is room', async () => {
    let full = true;
    const runs = open({
      ...room.tables,
      run: async (job) => {
        if (!full) return room.tables.run(job);
        const [{ path } = { path: '' }] = job.outputs;
        await mkdir(dirname(path), { recursive: true });
        await writeFile(`${path}.part`, 'half');
        throw sluiceError('DISK_FULL', { path });
      },
    });
    const transferId = await uploaded();
    const job = { transferId, recipe: cleanRecipe(), formats: ['csv', 'parquet'] } as const;
    const failed = await ended(runs, runs.start(job));
    expect(failed.state).toMatchObject({ kind: 'failed', error: { code: 'DISK_FULL' } });
    await expect.poll(local).toEqual([]);
    expect(rig.journal.runs.notUndone()).toEqual([]);
    full = false;
    const done = await ended(runs, runs.start(job));
    expect(done).toMatchObject({ state: { kind: 'done' }, counts: { rowsOut: 2000 } });
    expect(rig.journal.outputs.list(done.sessionId).map(({ stored }) => stored)).toEqual([true, true]);
    await runs.close();
  });

  test('while it uploads takes back what is in the bucket already', async () => {
    const transferId = await uploaded();
    const before = await rig.keys();
    rig.decide = ({ method, url }) =>
      method === 'PUT' && url.includes('.parquet')
        ? { kind: 'answer', status: 403, code: 'AccessDenied' }
        : PASS;
    const runs = open(room.tables);
    const run = await ended(
      runs,
      runs.start({ transferId, recipe: cleanRecipe(), formats: ['csv', 'parquet'] }),
    );
    expect(run.state.kind).toBe('failed');
    await expect.poll(() => rig.journal.runs.planned(run.id)).toBeNull();
    expect(await rig.keys()).toEqual(before);
    expect(await rig.allLeftovers()).toEqual([]);
    expect(rig.journal.outputs.list(run.sessionId)).toEqual([]);
    expect(local()).toEqual([]);
    const actions = rig.journal.activity.list(run.sessionId).map(({ action }) => action);
    expect(actions).toContain('undo');
    await runs.close();
  });

  test('and cannot take back what it stored yet does so with the next start', async () => {
    const transferId = await uploaded();
    const before = await rig.keys();
    let away = false;
    rig.decide = async ({ method, url }) => {
      if (away) return { kind: 'drop-before' };
      if (method !== 'PUT' || !url.includes('.parquet')) return PASS;
      const stored = (): boolean =>
        rig.transfers
          .records()
          .some(({ name, state }) => name.endsWith('clean.csv') && state.kind === 'done');
      while (!stored()) await new Promise((resolve) => setTimeout(resolve, 5));
      away = true; // the other output is in the bucket by now, and the store is out of reach
      return { kind: 'answer', status: 403, code: 'AccessDenied' };
    };
    const runs = open(room.tables);
    const { id, sessionId } = await ended(
      runs,
      runs.start({ transferId, recipe: cleanRecipe(), formats: ['csv', 'parquet'] }),
    );
    await runs.close();
    expect(rig.journal.runs.notUndone().map((run) => run.id)).toEqual([id]);
    away = false;
    rig.decide = () => PASS;
    const next = open(room.tables);
    next.restore();
    await expect.poll(() => rig.journal.runs.planned(id)).toBeNull();
    expect(await rig.keys()).toEqual(before);
    expect(rig.journal.outputs.list(sessionId)).toEqual([]);
    expect(local()).toEqual([]);
    await next.close();
  });

  test('is cancelled at once, whatever step it is in, and leaves nothing', async () => {
    const transferId = await uploaded();
    const before = await rig.keys();
    for (const step of ['loading', 'writing', 'uploading'] as const) {
      rig.decide = ({ method, url }) =>
        step === 'uploading' && method === 'PUT' && url.includes('processed') ? { kind: 'stall' } : PASS;
      const runs = open(room.tables);
      const reached = Promise.withResolvers<void>();
      runs.onChange(({ state }) => {
        if (state.kind === step) reached.resolve();
      });
      const { id } = runs.start({ transferId, recipe: cleanRecipe(), formats: ['csv', 'jsonl'] });
      await reached.promise;
      expect(runs.cancel(id).state).toEqual({ kind: 'cancelled' });
      rig.decide = () => PASS;
      await expect.poll(() => rig.journal.runs.planned(id), { timeout: 10_000 }).toBeNull();
      await runs.close();
      expect([step, await rig.keys(), local()]).toEqual([step, before, []]);
    }
  });

  test('for want of room says how much before it does anything', async () => {
    const path = join(rig.folder, 'huge.csv');
    writeFileSync(path, '');
    truncateSync(path, 8e12);
    const transferId = rig.add(path, 8e12, 5e9);
    rig.transfers.pause(transferId);
    const runs = open({ ...room.tables, run: () => Promise.reject(new Error('nothing is to be run')) });
    const run = await ended(runs, runs.start({ transferId, recipe: cleanRecipe(), formats: ['csv'] }));
    expect(run.state).toMatchObject({ kind: 'failed', error: { code: 'DISK_SHORT' } });
    await runs.close();
  });

  test('two run at a time, or as many as were asked for', async () => {
    const transferId = await uploaded();
    let now = 0;
    let most = 0;
    const runs = open({
      ...room.tables,
      run: async (job) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 50));
        now -= 1;
        return room.tables.run(job);
      },
    });
    const job = { transferId, recipe: cleanRecipe(), formats: ['csv'] } as const;
    const begun = [runs.start(job), runs.start(job), runs.start(job), runs.start(job)];
    for (const run of begun) expect((await ended(runs, run)).state.kind).toBe('done');
    expect(most).toBe(2);
    await runs.close();
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_QUESTION, fileRecord } from '../../support/file-records.ts';
import { SessionFiles } from '#internal/main/transfers/queue/session-files';
import { resting, type Live } from '#internal/main/transfers/live';
import { sluiceError } from '#shared/errors';
import type { TransferState, WaitReason } from '#shared/domain';

const failure = (reason: string) => sluiceError('BUG', { what: reason }).report();
const STATES: readonly TransferState[] = [
  { kind: 'queued' },
  { kind: 'preparing' },
  { kind: 'transferring' },
  { kind: 'waiting', reason: 'network', error: failure('network') },
  { kind: 'waiting', reason: 'page', error: failure('page') },
  { kind: 'paused' },
  { kind: 'done' },
  { kind: 'failed', error: failure('failed') },
  { kind: 'cancelled' },
];

function makeFiles(...paths: readonly string[]): { files: SessionFiles; lives: Live[] } {
  const files = new SessionFiles();
  const lives = paths.map((path, index) => resting(fileRecord(path, { size: 10 * (index + 1) })));
  for (const live of lives) files.add(live);
  return { files, lives };
}

function become(files: SessionFiles, live: Live | undefined, state: TransferState): void {
  if (live === undefined) throw new TypeError('no such file');
  live.record = { ...live.record, state };
  files.count(live);
}

test('sums that are kept agree with sums that are added up, whatever happened', () => {
  const step = fc.record({ file: fc.nat(9), state: fc.constantFrom(...STATES), size: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { files, lives } = makeFiles(...Array.from({ length: 10 }, (_, index) => `f${index}`));
      for (const { file, state, size } of steps) {
        const live = lives[file];
        if (live === undefined) continue;
        live.record = { ...live.record, size };
        become(files, live, state);
      }
      const kept = lives.filter(({ record }) => record.state.kind !== 'cancelled');
      const done = kept.filter(({ record }) => record.state.kind === 'done');
      const sum = (of: readonly Live[]) => of.reduce((total, { record }) => total + record.size, 0);
      const paused = kept.filter(({ record }) => record.state.kind === 'paused');
      expect(files.tally.bytes).toEqual({ total: sum(kept), committed: sum(done), paused: sum(paused) });
      expect(files.tally.kept).toBe(kept.length);
      expect(files.tally.counts).toEqual(
        Object.fromEntries(
          [...Map.groupBy(lives, ({ record }) => record.state.kind)].map(([kind, of]) => [kind, of.length]),
        ),
      );
      const waiting = (reason: WaitReason) =>
        lives.filter(({ record: { state } }) => state.kind === 'waiting' && state.reason === reason).length;
      for (const reason of ['network', 'page'] as const) {
        const said = files.tally.waits.find((wait) => wait.reason === reason);
        expect(said?.count ?? 0).toBe(waiting(reason));
        if (said !== undefined) expect(said.message).toContain(reason);
      }
      const moving = lives.filter(({ record: { state } }) => /preparing|transferring/.test(state.kind));
      expect(new Set(files.tally.moving)).toEqual(new Set(moving));
    }),
  );
});

describe('files that are asked for', () => {
  const { files, lives } = makeFiles('d/file 10', 'd/File 2', 'a/x', 'd/file 1');
  const find = async (question: Partial<typeof DEFAULT_QUESTION>) =>
    (await files.find({ ...DEFAULT_QUESTION, ...question })).map(({ record }) => record.relativePath);
  become(files, lives[2], { kind: 'failed', error: failure('failed') });
  become(files, lives[0], { kind: 'done' });

  test('come in the order they were added, by name as people count, by size, and by state', async () => {
    expect(await find({})).toEqual(['d/file 10', 'd/File 2', 'a/x', 'd/file 1']);
    const name = { by: 'name', descending: false } as const;
    expect(await find({ sort: name })).toEqual(['a/x', 'd/file 1', 'd/File 2', 'd/file 10']);
    expect(await find({ sort: { ...name, descending: true } })).toEqual([
      'd/file 10',
      'd/File 2',
      'd/file 1',
      'a/x',
    ]);
    expect(await find({ sort: { by: 'size', descending: true } })).toEqual([
      'd/file 1',
      'a/x',
      'd/File 2',
      'd/file 10',
    ]);
    expect(await find({ sort: { by: 'state', descending: false } })).toEqual([
      'a/x',
      'd/File 2',
      'd/file 1',
      'd/file 10',
    ]);
  });

  test('are those of a group, or with a text in their path', async () => {
    expect(await find({ group: 'failed' })).toEqual(['a/x']);
    expect(await find({ group: 'waiting' })).toEqual(['d/File 2', 'd/file 1']);
    expect(await find({ text: 'FILE 1' })).toEqual(['d/file 10', 'd/file 1']);
    expect(await find({ text: 'd/', group: 'done' })).toEqual(['d/file 10']);
    expect(await find({ text: 'nothing' })).toEqual([]);
  });

  test('are sought by how their name or path begins, round and round', async () => {
    const seek = (prefix: string, from: number) => files.seek(DEFAULT_QUESTION, prefix, from);
    expect(await seek('FILE 1', 1)).toBe(3);
    expect(await seek('d/file', 4)).toBe(0);
    expect(await seek('x', 0)).toBe(2);
    expect(await seek('nothing', 0)).toBeNull();
  });

  test('are found anew once one is in another state, or joins', async () => {
    expect(await find({ group: 'done' })).toEqual(['d/file 10']);
    become(files, lives[3], { kind: 'done' });
    expect(await find({ group: 'done' })).toEqual(['d/file 10', 'd/file 1']);
    const name = { by: 'name', descending: false } as const;
    await find({ sort: name });
    files.add(resting(fileRecord('b/new')));
    expect(await find({ sort: name })).toEqual(['a/x', 'b/new', 'd/file 1', 'd/File 2', 'd/file 10']);
    expect(await find({ text: 'b/n' })).toEqual(['b/new']);
  });
});

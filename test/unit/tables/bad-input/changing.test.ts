import { appendFile, chmod, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, type Room } from '../support.ts';
import { CALLS, failure, leftBehind, manyRows } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const WHOLE = Object.entries(CALLS).filter(([name]) => name !== 'preview');
const text = manyRows(20_000);
/** Not written as DuckDB reads it strictly, so that it is rewritten first. */
const messy = text.replace('\n5,', '\n5,too,many,cells,here,');

describe('a file that changes while it is read', () => {
  const changes: readonly (readonly [string, (path: string) => Promise<void>])[] = [
    ['grows', (path) => appendFile(path, '7,7,seven,7.5\n')],
    ['shrinks', (path) => truncate(path, 150_000)],
    ['is another', (path) => writeFile(path, manyRows(10))],
    ['has the same length and other bytes', (path) => writeFile(path, text.replaceAll('some', 'SOME'))],
  ];
  for (const [what, change] of changes)
    test.each(WHOLE)(`${what} under %s: is never mixed`, async (name, ask) => {
      const path = await room.file(`${what} ${name}.csv`, what === 'shrinks' ? messy : text);
      await utimes(path, 1_700_000_000, 1_700_000_000);
      await room.tables.preview(path);
      const running = failure(ask(room, path));
      await change(path);
      const { code } = await running;
      // A call that came too late, or was done before, is right about one of the two files.
      // Writing it anew makes it empty first.
      expect(['SOURCE_CHANGED', 'SOURCE_EMPTY', 'no failure']).toContain(code);
      expect(await leftBehind(room)).toEqual([]);
      // What is asked next is about the file as it is now.
      const { rows } = await room.tables.load(path);
      expect(rows).toBe((await room.tables.profile(path)).rows);
    });

  test('a run that is surely in the middle writes nothing', async () => {
    const path = await room.file('surely.csv', manyRows(300_000));
    await utimes(path, 1_700_000_000, 1_700_000_000);
    const outputs = room.outputs('csv', 'parquet');
    let changed: Promise<void> | null = null;
    const run = room.tables.run({
      source: path,
      recipe: { version: 1, name: '', target: null, steps: [] },
      outputs,
      onPhase: (phase) => {
        if (phase === 'writing') changed ??= appendFile(path, '1,2,3,4\n');
      },
    });
    expect((await failure(run)).code).toBe('SOURCE_CHANGED');
    for (const { path: made } of outputs)
      expect((await failure(room.tables.head(made, 'csv', 1))).code).not.toBe('no failure');
    expect(await leftBehind(room)).toEqual([]);
  });
});

describe('a file that goes', () => {
  test.each(Object.entries(CALLS))('is missing to %s, in words', async (name, ask) => {
    const path = await room.file(`gone ${name}.csv`, text);
    await room.tables.preview(path);
    await rm(path);
    expect(await failure(ask(room, path))).toEqual({
      code: 'SOURCE_MISSING',
      said: `There is no file at ${path}. Check the path; a drive may have been unplugged or the file moved.`,
    });
    expect(await leftBehind(room)).toEqual([]);
  });

  test.each(WHOLE)('is missing while %s runs: no half answer, no file left', async (name, ask) => {
    const path = await room.file(`going ${name}.csv`, messy);
    await room.tables.preview(path);
    const running = failure(ask(room, path));
    await rm(path);
    expect(['SOURCE_MISSING', 'SOURCE_CHANGED', 'no failure']).toContain((await running).code);
    expect(await leftBehind(room)).toEqual([]);
  });

  // Root may read everything.
  test.skipIf(process.getuid?.() === 0).each(WHOLE)(
    'loses the right to be read before %s',
    async (name, ask) => {
      const path = await room.file(`locked ${name}.csv`, text);
      await room.tables.preview(path);
      await chmod(path, 0o000);
      expect((await failure(ask(room, path))).code).toBe('SOURCE_UNREADABLE');
    },
  );
});

import { appendFile, readFile, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Database, type Session } from '#internal/main/tables/process/database';
import { xlsxWriter } from '#internal/main/tables/process/outputs/xlsx';
import { cleanRecipe, PLAIN_OUTPUTS, type Recipe } from '#shared/domain';
import { readXlsx } from 'hucre/xlsx';
import { asItIs, openRoom, type Room } from './support.ts';

/** Rows that have to be put in order: none of them can be written before all are read. */
const SORTED: Recipe = { ...cleanRecipe(), steps: [{ kind: 'drop-exact-duplicates' }] };
const wide = (rows: number): string => {
  const random = (at: number): string =>
    `${Math.imul(at + 1, 2654435761) >>> 0}-${Math.imul(at + 7, 40503) >>> 0}-${at}`;
  return `id,a,b,c\n${Array.from({ length: rows }, (_, at) => `${at},${random(at)},${random(at * 3)},${random(at * 7)}`).join('\n')}\n`;
};

describe('what does not fit in memory', () => {
  let content = '';
  beforeAll(() => (content = wide(1_200_000)));

  test('is set aside on the disk, and comes out whole', async () => {
    const room = await openRoom(100);
    try {
      const source = await room.file('wide.csv', content);
      const [output] = room.outputs('parquet');
      if (output === undefined) throw new Error('one was asked for');
      const { counts } = await room.tables.run({ source, recipe: SORTED, outputs: [output] });
      expect(counts).toMatchObject({ rowsIn: 1_200_000, rowsOut: 1_200_000, duplicates: 0 });
      await room.tables.close();
      expect(await readdir(`${room.folder}/work/spill`)).toEqual([]);
    } finally {
      await room.close();
    }
  });

  test('but no more than a person allows, which is said', async () => {
    const room = await openRoom(100, 5);
    try {
      const source = await room.file('wide.csv', content);
      const outputs = room.outputs('csv');
      const run = room.tables.run({ source, recipe: SORTED, outputs });
      await expect(run).rejects.toMatchObject({ code: 'SPILL_LIMIT', details: { limitMb: 5 } });
      expect((await readdir(room.folder)).filter((name) => name.startsWith('out-'))).toEqual([]);
    } finally {
      await room.close();
    }
  });
});

describe('a file that changes while it is read', () => {
  let room: Room;
  beforeAll(async () => (room = await openRoom()));
  afterAll(() => room.close());

  test.for([
    ['grows', (path: string) => appendFile(path, '1,new\n')],
    ['is replaced', (path: string) => writeFile(path, 'a,b\n9,other\n')],
  ] as const)('and %s is an error, and no output is seen', async ([how, change]) => {
    const source = await room.file(`${how}.csv`, `a,b\n${'1,two\n'.repeat(500_000)}`);
    const outputs = room.outputs('csv', 'xlsx');
    let changed: Promise<void> | null = null;
    const run = room.tables.run({
      source,
      recipe: asItIs,
      outputs,
      onPhase: (phase) => {
        if (phase === 'writing') changed ??= change(source);
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
    expect((await readdir(room.folder)).filter((name) => name.startsWith('out-'))).toEqual([]);
  });
});

describe('rows that are more than a sheet holds', () => {
  test('go on in another, each with the names on top', async () => {
    const room = await openRoom();
    const database = await Database.open({
      workFolder: room.folder,
      memoryLimitMb: 200,
      spillLimitMb: null,
      threads: 1,
    });
    try {
      using session: Session = await database.session(new AbortController().signal);
      const path = room.out('sheets.xlsx');
      await writeFile(path, '');
      const writer = xlsxWriter(1001);
      const query = `SELECT range AS id, CASE WHEN range % 10 <> 9 THEN 'row ' || range END AS text FROM range(2500)`;
      const { notes } = await writer.write({ session, query, path, options: PLAIN_OUTPUTS });
      expect(notes).toEqual(['The rows are in 3 sheets: one holds 1,048,576 rows.']);
      expect(await writer.count(session, path)).toBe(2500);
      const { sheets } = await readXlsx(await readFile(path));
      expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
        ['Data', 1001],
        ['Data_2', 1001],
        ['Data_3', 501],
      ]);
      expect(sheets.map(({ rows }) => rows[0])).toEqual([0, 1, 2].map(() => ['id', 'text']));
      expect(sheets[1]?.rows[1]).toEqual([1000, 'row 1000']);
      const empty = 'SELECT NULL::DOUBLE AS a, NULL::DOUBLE AS b FROM range(30)';
      await writer.write({ session, query: empty, path, options: PLAIN_OUTPUTS });
      expect(await writer.count(session, path)).toBe(30);
    } finally {
      database.close();
      await room.close();
    }
  });
});

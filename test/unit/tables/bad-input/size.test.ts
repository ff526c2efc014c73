import { existsSync } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRoom, type Room } from '../support.ts';
import { CALLS, failure, leftBehind, manyRows } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

/** A file of one piece again and again, without all of it in memory. */
async function repeated(name: string, begin: string, piece: string, bytes: number): Promise<string> {
  const path = await room.file(name, begin);
  const handle = await open(path, 'a');
  const chunk = Buffer.alloc(1 << 20, piece);
  for (let written = 0; written < bytes; written += chunk.length) await handle.writeFile(chunk);
  await handle.close();
  return path;
}

const many = Object.entries(CALLS).filter(([name]) => ['rows', 'profile', 'run', 'facts'].includes(name));

describe('a line that is no row of any table', () => {
  test.each([
    ['text', '', 'x'],
    ['cells', '', '1,'],
    ['words', '', 'abc '],
    ['a quote that never closes', '"', 'y'],
  ])('%s: is refused from its beginning', async (name, begin, piece) => {
    const path = await repeated(`${name}.csv`, begin, piece, 18 << 20);
    for (const [, ask] of Object.entries(CALLS)) {
      const { code, said } = await failure(ask(room, path));
      expect(code).toBe('TABLE_ROW_TOO_LONG');
      expect(said).toContain('a line of more than 16 MB');
    }
  });

  test('far down the file: is refused when it is met, and nothing is left', async () => {
    const path = await repeated('far.csv', 'a,b\n'.repeat(10) + '1,2\n'.repeat(200_000), 'x', 40 << 20);
    expect((await room.tables.preview(path)).columns).toHaveLength(2);
    for (const [, ask] of many) expect((await failure(ask(room, path))).code).toBe('TABLE_ROW_TOO_LONG');
    expect(await leftBehind(room)).toEqual([]);
    expect(await readdir(join(room.folder, 'work', 'clean'))).toEqual([]);
  });

  test('a record of JSON that never ends is given up, and those before it are kept', async () => {
    const path = await repeated('long.json', '[{"a":1},{"a":"', 'x', 40 << 20);
    const { rows, warnings } = await room.tables.profile(path);
    expect(rows).toBe(1);
    expect(warnings.map(({ code }) => code)).toContain('cut-short');
  });
});

describe('a table of very many columns', () => {
  const wide = (columns: number, rows: number): string => {
    const line = (cell: (at: number) => string): string =>
      Array.from({ length: columns }, (_, at) => cell(at)).join(',');
    return `${line((at) => `c${at}`)}\n${Array.from({ length: rows }, (_, row) => `${line((at) => String(at + row))}\n`).join('')}`;
  };

  test('100,000 are refused by every call', async () => {
    const path = await room.file('wide.csv', wide(100_000, 3));
    for (const [, ask] of Object.entries(CALLS))
      expect(await failure(ask(room, path))).toEqual({
        code: 'TABLE_TOO_WIDE',
        said: 'wide.csv has 100000 columns, where 20000 are the most. Export fewer columns, or turn columns into rows where it is made; the file itself is uploaded untouched all the same.',
      });
  });

  test('so are those of JSON', async () => {
    const record = Object.fromEntries(Array.from({ length: 25_000 }, (_, at) => [`c${at}`, at]));
    const path = await room.file('wide.json', JSON.stringify([record, record]));
    expect((await failure(room.tables.preview(path))).code).toBe('TABLE_TOO_WIDE');
  });

  test('300 are profiled like few: every column, and its rows told apart', async () => {
    const path = await room.file('some.csv', wide(300, 4) + wide(300, 1).split('\n').slice(1).join('\n'));
    const { columns, rows, duplicates } = await room.tables.profile(path);
    expect({ rows, duplicates }).toEqual({ rows: 5, duplicates: 1 });
    expect(columns).toHaveLength(300);
    expect(columns[299]).toMatchObject({ name: 'c299', min: '299', max: '302', type: { kind: 'integer' } });
  });
});

describe('what would fill the disk', () => {
  test('a run that sets more aside than it may stops, says so, and leaves nothing', async () => {
    const small = await openRoom(60, 1);
    try {
      const file = await small.file('much.csv', manyRows(400_000));
      const outputs = small.outputs('csv');
      const run = small.tables.run({
        source: file,
        recipe: {
          version: 1,
          name: '',
          target: null,
          steps: [{ kind: 'sort', by: [{ column: 'text', descending: true }] }],
        },
        outputs,
      });
      const { code, said } = await failure(run);
      expect(['SPILL_LIMIT', 'TABLE_TOO_LARGE']).toContain(code);
      expect(said).toMatch(/limit/);
      expect(outputs.some(({ path }) => existsSync(path))).toBe(false);
      expect(await leftBehind(small)).toEqual([]);
      expect((await small.tables.preview(file)).columns).toHaveLength(4);
    } finally {
      await small.close();
    }
  });

  test.skipIf(!existsSync('/dev/full'))(
    'an output of each format: DISK_FULL, and nothing in its place',
    async () => {
      const { symlink } = await import('node:fs/promises');
      const file = await room.file('to-full.csv', manyRows(30_000));
      for (const { format, path } of room.outputs('csv', 'xlsx', 'parquet', 'jsonl', 'json')) {
        await symlink('/dev/full', `${path}.part`);
        const run = room.tables.run({
          source: file,
          recipe: { version: 1, name: '', target: null, steps: [] },
          outputs: [{ format, path }],
        });
        expect([format, (await failure(run)).code]).toEqual([format, 'DISK_FULL']);
        expect(await stat(path).catch(() => null)).toBeNull();
        expect(await leftBehind(room)).toEqual([]);
      }
    },
  );
});

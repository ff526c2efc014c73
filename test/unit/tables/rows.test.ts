import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_FOUND, PLAIN_VIEW, type Fix, type RowFilter, type TableView } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { asItIs, openRoom, type Room } from './support.ts';

let room: Room;
let path: string;
const ROWS = 250_000;
const name = (at: number): string | null => (at % 10 === 0 ? null : `Name ${(at * 7919) % 1000}`);
const amount = (at: number): string => (at % 1000 === 500 ? 'n/k' : String(((at * 104_729) % 100_003) / 100));

beforeAll(async () => {
  room = await openRoom();
  const lines = Array.from({ length: ROWS }, (_, at) => `${at},${name(at) ?? ''},${amount(at)},x${at % 3}`);
  path = await room.file('rows.csv', `id,name,amount,kind\n${lines.join('\n')}\n`);
});
afterAll(() => room.close());

const ALL = { from: 0, count: 4 };
const window = (view: TableView, offset: number, limit = 5) =>
  room.tables.rows({ file: path, view, offset, limit, columns: ALL });
const filtered = (...filters: RowFilter[]): TableView => ({ sort: [], filters });
const total = async (...filters: RowFilter[]): Promise<number> =>
  (await window(filtered(...filters), 0)).total;
const count = (test: (at: number) => boolean): number =>
  Array.from({ length: ROWS }, (_, at) => at).filter(test).length;

describe('rows of a table', () => {
  test('are told as they come, and all are there in the order of the file', async () => {
    const seen: number[] = [];
    const { rows } = await room.tables.load(path, { onLoading: (there) => seen.push(there) });
    expect(rows).toBe(ROWS);
    expect(seen.at(-1)).toBe(ROWS);
    for (const offset of [0, 122_878, ROWS - 5]) {
      const { rows: got, total: all, exact } = await window(PLAIN_VIEW, offset);
      expect({ all, exact }).toEqual({ all: ROWS, exact: true });
      expect(got.map(({ position, cells }) => ({ position, id: cells[0] }))).toEqual(
        Array.from({ length: 5 }, (_, at) => ({ position: offset + at, id: String(offset + at) })),
      );
    }
    const beyond = await window(PLAIN_VIEW, ROWS + 10);
    expect(beyond).toEqual({ total: ROWS, exact: true, rows: [] });
  });

  test('say which cells do not fit', async () => {
    const { rows } = await window(PLAIN_VIEW, 499, 3);
    expect(rows.map(({ misfits }) => misfits)).toEqual([[], [2], []]);
    expect(await total({ kind: 'fits', column: 2, not: true })).toBe(ROWS / 1000);
  });

  test('are sorted by value, what does not fit after it, and stable', async () => {
    const view: TableView = { sort: [{ column: 2, descending: true }], filters: [] };
    const order = Array.from({ length: ROWS }, (_, at) => at)
      .filter((at) => amount(at) !== 'n/k')
      .sort((a, b) => Number(amount(b)) - Number(amount(a)) || a - b);
    for (const offset of [0, 100_000]) {
      const { rows } = await window(view, offset, 100);
      expect(rows.map(({ position }) => position)).toEqual(order.slice(offset, offset + 100));
    }
    const { rows: last } = await window(view, order.length, 1);
    expect(last[0]?.cells[2]).toBe('n/k');
  });

  test('are sorted by several columns, absent cells last either way', async () => {
    const sort = [
      { column: 1, descending: true },
      { column: 0, descending: true },
    ];
    const { rows } = await window({ sort, filters: [] }, 0, 2);
    expect(rows.map(({ cells }) => cells[1])).toEqual(['Name 999', 'Name 999']);
    expect(rows[0]?.position).toBeGreaterThan(rows[1]?.position ?? Infinity);
    const { rows: end } = await window({ sort, filters: [] }, ROWS - 1, 1);
    expect(end[0]?.cells[1]).toBeNull();
  });

  test('are filtered', async () => {
    expect(await total({ kind: 'contains', column: 1, text: 'NAME 99', not: false })).toBe(
      count((at) => name(at)?.startsWith('Name 99') === true),
    );
    expect(await total({ kind: 'equals', column: 3, values: ['x1', "x'; --"], not: false })).toBe(
      count((at) => at % 3 === 1),
    );
    expect(await total({ kind: 'equals', column: 1, values: ['Name 1'], not: true })).toBe(
      count((at) => name(at) !== 'Name 1'),
    );
    expect(await total({ kind: 'empty', column: 1, not: false })).toBe(ROWS / 10);
    expect(
      await total(
        { kind: 'range', column: 2, from: '10', to: '20.5' },
        { kind: 'empty', column: 1, not: true },
      ),
    ).toBe(count((at) => at % 10 !== 0 && Number(amount(at)) >= 10 && Number(amount(at)) <= 20.5));
  });

  test('take no bound that is none, and no column that is not there', async () => {
    for (const filter of [
      { kind: 'range', column: 2, from: 'ten', to: null },
      { kind: 'empty', column: 9, not: false },
    ] satisfies RowFilter[]) {
      await expect(window(filtered(filter), 0)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    }
  });

  test('are searched in a view, forwards, backwards and round the end', async () => {
    const view = filtered({ kind: 'equals', column: 3, values: ['x0'], not: false });
    const ask = (from: number, backwards: boolean) =>
      room.tables.find({ file: path, view, text: 'name 99', from, backwards });
    const hits = Array.from({ length: ROWS }, (_, at) => at)
      .filter((at) => at % 3 === 0)
      .flatMap((at, offset) => (name(at)?.startsWith('Name 99') === true ? [offset] : []));
    expect(await ask(0, false)).toEqual({
      count: hits.length,
      next: { index: 0, offset: hits[0], column: 1 },
    });
    expect((await ask((hits[0] ?? 0) + 1, false)).next?.offset).toBe(hits[1]);
    expect((await ask((hits[0] ?? 0) - 1, true)).next).toMatchObject({
      index: hits.length - 1,
      offset: hits.at(-1),
    });
    expect(await room.tables.find({ file: path, view, text: 'nowhere', from: 0, backwards: false })).toEqual({
      count: 0,
      next: null,
    });
  });

  test('are copied between tabs, within bounds', async () => {
    const file = await room.file('copy.csv', 'a,b,c\n1,"x\ty",\n2,"say ""hi""",z\n');
    const { text } = await room.tables.copy({
      file,
      view: PLAIN_VIEW,
      offset: 0,
      count: 10,
      columns: [2, 1],
      header: true,
    });
    expect(text).toBe('c\tb\n\t"x\ty"\nz\t"say ""hi"""');
    const all = { file: path, view: PLAIN_VIEW, offset: 0, header: false };
    const most = await room.tables.copy({ ...all, count: ROWS, columns: [0, 1, 2, 3] });
    expect(most.text.split('\n')).toHaveLength(ROWS);
    const lots = Array.from({ length: 9 }, () => 0);
    const refused = await room.tables
      .copy({ ...all, count: ROWS, columns: lots })
      .catch((error: unknown) => error);
    expect(isSluiceError(refused, 'INPUT_INVALID')).toBe(true);
  });

  test('offer the most common values of a column', async () => {
    const values = await room.tables.values({ file: path, view: PLAIN_VIEW, column: 3, text: 'x', limit: 2 });
    expect(values).toEqual([
      { value: 'x0', count: count((at) => at % 3 === 0) },
      { value: 'x1', count: count((at) => at % 3 === 1) },
    ]);
  });

  test('are given up when nobody waits, and made again for who asks next', async () => {
    const other = await room.file('again.csv', await readFile(path));
    const control = new AbortController();
    const stopped = room.tables.load(other, { signal: control.signal });
    setTimeout(() => control.abort(), 30);
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    expect((await room.tables.load(other)).rows).toBe(ROWS);
  });
});

describe('a rejected line that is fixed', () => {
  const sound = Array.from({ length: 40 }, (_, at) => `${at + 10},Name ${at},${at * 3}\n`).join('');
  const broken = `id,name,n\n1,Anna,10\n2,Ben,20,30,40\n3,Cleo,30\n4,Dora,8,9,9\n${sound}`;

  test('is a row of the table, of its profile and of what a run writes, while the line is as it was', async () => {
    const file = await room.file('broken.csv', broken);
    const before = await room.tables.rejects(file, { offset: 0, limit: 10 });
    expect(before).toMatchObject({ total: 2, kept: 2, fixed: 0, lost: [] });
    const [ben] = before.rejects;
    expect((await room.tables.cut(file, ben?.raw ?? '')).cells).toEqual(['2', 'Ben', '20', '30', '40']);

    const fixes: Fix[] = [{ byte: ben?.byte ?? -1, raw: ben?.raw ?? '', cells: ['2', "Ben's", null] }];
    const source = { path: file, reading: AS_FOUND, fixes };
    const { rejects, fixed } = await room.tables.rejects(source, { offset: 0, limit: 10 });
    expect({ fixed, cells: rejects.map((reject) => reject.fixed) }).toEqual({
      fixed: 1,
      cells: [['2', "Ben's", null], null],
    });
    expect(await room.tables.profile(source)).toMatchObject({ rows: 43, rejected: 1 });

    const view: TableView = { sort: [{ column: 0, descending: false }], filters: [] };
    const span = { from: 0, count: 3 };
    const plain = await room.tables.rows({
      file: source,
      view: PLAIN_VIEW,
      offset: 40,
      limit: 9,
      columns: span,
    });
    expect(plain.rows.map(({ cells }) => cells[0])).toEqual(['48', '49', '2']);
    const sorted = await room.tables.rows({ file: source, view, offset: 0, limit: 3, columns: span });
    expect(sorted.rows.map(({ cells }) => cells[1])).toEqual(['Anna', "Ben's", 'Cleo']);
    const without = await room.tables.rows({ file, view, offset: 0, limit: 9, columns: span });
    expect(without.total).toBe(42);

    const outputs = room.outputs('csv');
    const { counts } = await room.tables.run({ source, recipe: asItIs, outputs });
    expect(counts).toMatchObject({ rowsIn: 44, rowsOut: 43, rejected: 1 });
    expect(await readFile(outputs[0]?.path ?? '', 'utf8')).toContain("2,Ben's,\n");

    await writeFile(file, broken.replace('2,Ben,20,30,40', '2,Ben,21,30,40'));
    const changed = await room.tables.rejects(source, { offset: 0, limit: 10 });
    expect(changed).toMatchObject({ fixed: 0, lost: fixes });
    expect(await room.tables.profile(source)).toMatchObject({ rows: 42, rejected: 2 });
  });
});

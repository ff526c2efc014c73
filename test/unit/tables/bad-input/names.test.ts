import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PLAIN_VIEW, type RecipeStep } from '#shared/domain';
import { reportFile, reportOf } from '#main/report';
import { openRoom, type Room } from '../support.ts';
import { barsOf, FIRST } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const HOSTILE: readonly (readonly [string, string])[] = [
  ['SQL', '"; drop table x; --'],
  ['a line end', 'two\nlines'],
  ['the place of rows', 'rowid'],
  ['the table', 'data'],
  ['what the engine calls its own', 'row_key'],
  ['a cell of its own', 'c0'],
  ['the name of a function', 'current_date'],
  ['emoji', '🚰👩‍👩‍👧 Straße'],
  ['a script', '<script>alert(1)</script>'],
  ['right to left', '\u202Egnp.exe'],
  ['10,000 signs', 'n'.repeat(10_000)],
];

describe('a column with a hostile name is only a column, whatever is asked', () => {
  test.each(HOSTILE)('%s', async (what, written) => {
    // A name takes one line.
    const name = written.replace('\n', ' ');
    const header = `"${written.replaceAll('"', '""')}"`;
    const quoted = `"${name.replaceAll('"', '""')}"`;
    const lines = Array.from({ length: 40 }, (_, at) => `${at},${at % 7},${'abc'[at % 3]}`);
    const file = await room.file(`${what}.csv`, `id,${header},kind\n${lines.join('\n')}\n`);
    const { tables } = room;
    const { columns } = await tables.preview(file);
    expect(columns.map((column) => column.name)).toEqual(['id', name, 'kind']);
    const profile = await tables.profile(file);
    expect(profile.columns[1]).toMatchObject({ name, min: '0', max: '6', distinct: 7 });
    const sorted = await tables.rows({
      file,
      view: {
        sort: [{ column: 1, descending: true }],
        filters: [{ kind: 'contains', column: 2, text: 'a', not: false }],
      },
      ...FIRST,
    });
    expect(sorted.rows[0]?.cells[1]).toBe('6');
    expect((await tables.find({ file, view: PLAIN_VIEW, text: '39', from: 0, backwards: false })).count).toBe(
      1,
    );
    expect(await tables.values({ file, view: PLAIN_VIEW, column: 1, text: '', limit: 9 })).toHaveLength(7);
    const copied = await tables.copy({
      file,
      view: PLAIN_VIEW,
      offset: 0,
      count: 1,
      columns: [1],
      header: true,
    });
    expect(copied.text).toContain(name.replaceAll('"', '""').slice(0, 3));
    expect((await tables.facts(file, 1)).name).toBe(name);
    expect((await tables.relations(file, 1)).relations.length).toBeGreaterThan(0);
    expect((await tables.keys(file))[0]?.names).toEqual(['id']);
    expect((await tables.chart(file, barsOf(1))).title).toContain(name.slice(0, 5));
    expect((await tables.suggest(file, name)).target).toBe(name);

    const steps: RecipeStep[] = [
      { kind: 'real-types' },
      { kind: 'drop-exact-duplicates' },
      { kind: 'derive', name: 'twice', expression: `${quoted} * 2` },
      { kind: 'sort', by: [{ column: name, descending: true }] },
      { kind: 'limit', rows: 5, skip: 0 },
    ];
    const outputs = room.outputs('csv', 'xlsx', 'parquet', 'jsonl', 'json');
    const { counts } = await tables.run({
      source: file,
      recipe: { version: 1, name: '', target: null, steps },
      outputs,
    });
    expect(counts.rowsOut).toBe(5);
    for (const { format, path } of outputs) {
      const head = await tables.head(path, format, 1);
      expect(head.columns).toEqual(['id', name, 'kind', 'twice']);
      expect(head.rows[0]?.slice(1)).toEqual(['6', expect.any(String), '12']);
    }

    const { signal } = new AbortController();
    const report = await reportOf(tables, file, { target: 1, signal });
    const { text } = reportFile(report, 'html', 'x.csv');
    expect(text).not.toContain('<script');
    expect(JSON.parse(reportFile(report, 'json', 'x.csv').text)).toEqual(report);
  });
});

test('control characters in cells are left out of a workbook, and said; other formats keep them', async () => {
  const cells = ['a\u0001b', 'c\u0007', '\u001f', 'd\ufffee', 'tab\there'];
  const file = await room.file('control.json', JSON.stringify(cells.map((text, n) => ({ n, text }))));
  const outputs = room.outputs('xlsx', 'parquet', 'jsonl');
  const made = await room.tables.run({
    source: file,
    recipe: { version: 1, name: '', target: null, steps: [] },
    outputs,
  });
  const [xlsx, parquet, jsonl] = outputs.map(({ path }) => path);
  expect(made.outputs[0]?.notes.join(' ')).toMatch(/control/);
  const { rows } = await room.tables.head(xlsx ?? '', 'xlsx', 9);
  expect(rows.map(([, text]) => text)).toEqual(['ab', 'c', '', 'de', 'tab\there']);
  expect((await room.tables.head(parquet ?? '', 'parquet', 9)).rows.map(([, text]) => text)).toEqual(cells);
  const lines = (await readFile(jsonl ?? '', 'utf8')).trim().split('\n');
  expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(cells);
});

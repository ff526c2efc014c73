import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportFile, reportOf } from '#main/report';
import { tableReport, type ColumnFinding } from '#shared/domain';
import { openRoom, type Room } from './support.ts';

let room: Room;
let path: string;
const ROWS = 1000;
const HOSTILE = '"; drop table x; --<script>alert(1)</script>';
const HEADER = `id,code,when,city,amount,twice,rest,same,"${HOSTILE.replaceAll('"', '""')}"`;
const CITIES = ['Köln', 'Paris', 'Oslo'];
const amount = (at: number): number => (at === 700 ? 99_999 : (at * 37) % 101);

beforeAll(async () => {
  room = await openRoom();
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const day = at === 91 ? '31/02/2024' : `${String((at % 28) + 1).padStart(2, '0')}/03/2024`;
    const city = at === 5 ? 'köln' : at === 8 ? 'Paris ' : CITIES[at % 3];
    const code = `AB-${1000 + (at % 50)}`;
    return `${at},${code},${day},${city},${amount(at)},${amount(at) * 2},${at % 200 === 3 ? 'x' : ''},k,<b>${at % 7}</b>`;
  });
  path = await room.file('facts.csv', `${HEADER}\n${lines.join('\n')}\n`);
  await room.tables.profile(path);
});
afterAll(() => room.close());

const [ID, CODE, WHEN, CITY, AMOUNT, TWICE, REST, SAME] = [0, 1, 2, 3, 4, 5, 6, 7];
const finding = async (column: number, code: ColumnFinding['code']) =>
  (await room.tables.facts(path, column)).findings.find((one) => one.code === code);

describe('a closer look at a column', () => {
  test('names what does not parse, with its line', async () => {
    const found = await finding(WHEN, 'misfits');
    expect(found).toMatchObject({ count: 1, cells: [{ row: 92, line: 93, value: '31/02/2024' }] });
    expect(found?.sentence).toBe("1 date does not parse: line 93 '31/02/2024'.");
  });

  test('tells lines where rejected ones stand between, and none where they cannot be told', async () => {
    const rows = Array.from({ length: 400 }, (_, at) => (at === 300 ? '300,x' : `${at},${at % 9}`));
    const broken = await room.file(
      'broken.csv',
      `a,b\n${rows.slice(0, 50).join('\n')}\n1,2,3,4\n${rows.slice(50).join('\n')}\n`,
    );
    const { findings } = await room.tables.facts(broken, 1);
    expect(findings.find(({ code }) => code === 'misfits')?.cells).toEqual([
      { row: 301, line: 303, value: 'x' },
    ]);
    const folded = await room.file('folded.csv', `a,b\n"one\nmore",1\n${rows.join('\n')}\n`);
    const other = await room.tables.facts(folded, 1);
    expect(other.findings.find(({ code }) => code === 'misfits')?.cells[0]).toMatchObject({
      row: 302,
      line: null,
    });
  });

  test('shows the forms of its values', async () => {
    const { patterns, length, distinct } = await room.tables.facts(path, CODE);
    expect(patterns).toEqual([{ shape: 'AA-9999', share: 1, example: 'AB-1000' }]);
    expect(length).toEqual({ least: 7, mean: 7, most: 7 });
    expect(distinct).toBe(50);
  });

  test('measures numbers', async () => {
    const { deviation, quantiles, distinct } = await room.tables.facts(path, TWICE);
    const values = Array.from({ length: ROWS }, (_, at) => amount(at) * 2);
    const mean = values.reduce((sum, value) => sum + value, 0) / ROWS;
    const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect(deviation).toBeCloseTo(Math.sqrt(spread / (ROWS - 1)), 6);
    expect(distinct).toBe(102);
    expect(quantiles.find(({ at }) => at === 0.5)?.value).toBe('100');
  });

  test('finds what is odd', async () => {
    expect((await finding(AMOUNT, 'outliers'))?.cells).toEqual([{ row: 701, line: 702, value: '99999' }]);
    expect((await finding(CITY, 'case-differs'))?.sentence).toContain("'Köln' and 'köln'");
    expect((await finding(CITY, 'blanks-around'))?.cells).toEqual([{ row: 9, line: 10, value: 'Paris ' }]);
    expect(await finding(SAME, 'constant')).toBeDefined();
    expect(await finding(ID, 'unique')).toBeDefined();
    expect((await finding(REST, 'nearly-empty'))?.sentence).toBe('Only 5 of 1,000 rows have a value.');
    expect(await finding(CODE, 'unique')).toBeUndefined();
    expect(await finding(TWICE, 'misfits')).toBeUndefined();
    await expect(room.tables.facts(path, 99)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test('finds decimal commas among decimal points', async () => {
    const mixed = await room.file(
      'mixed.csv',
      `a,b\n${Array.from({ length: 200 }, (_, at) => `${at};x,${at % 2 === 0 ? '"1,5"' : '1.5'}`).join('\n')}\n`,
    );
    const { findings, type } = await room.tables.facts(mixed, 1);
    expect(type.kind).toBe('text');
    expect(findings.find(({ code }) => code === 'number-forms')?.count).toBe(100);
  });
});

describe('what goes with a target', () => {
  test('by number, rank and category', async () => {
    const rows = Array.from({ length: 2000 }, (_, at) => {
      const x = at % 97;
      const noise = (at * 7919) % 89;
      const group = x < 30 ? 'low' : x < 60 ? 'mid' : 'high';
      return `${x},${3 * x + 1},${Math.exp(x / 5).toFixed(3)},${noise},${group},${group === 'low' ? 'L' : group === 'mid' ? 'M' : 'H'},${at % 2 === 0 ? 'a' : 'b'}`;
    });
    const table = await room.file('target.csv', `x,line,bent,noise,group,letter,side\n${rows.join('\n')}\n`);
    const { relations, rows: used } = await room.tables.relations(table, 0);
    expect(used).toBe(2000);
    const of = (name: string) => relations.find((one) => one.name === name);
    expect(of('line')).toMatchObject({ measure: 'pearson', suspect: true });
    expect(of('line')?.value).toBeCloseTo(1, 9);
    expect(of('bent')).toMatchObject({ measure: 'spearman', suspect: true });
    expect(of('bent')?.value).toBeCloseTo(1, 9);
    expect(Math.abs(of('noise')?.value ?? 1)).toBeLessThan(0.1);
    expect(of('group')?.measure).toBe('eta');
    expect(of('group')?.value).toBeGreaterThan(0.9);
    expect(of('side')?.value).toBeLessThan(0.1);
    const byGroup = await room.tables.relations(table, 4);
    expect(byGroup.relations.find(({ name }) => name === 'letter')).toMatchObject({
      measure: 'cramers-v',
      suspect: true,
    });
    expect(byGroup.relations.find(({ name }) => name === 'side')?.value).toBeLessThan(0.1);
  });
});

describe('keys', () => {
  test('are columns, or pairs where no column is one', async () => {
    const [first] = await room.tables.keys(path);
    expect(first).toEqual({ columns: [ID], names: ['id'], duplicates: 0 });
    const rows = Array.from({ length: 600 }, (_, at) => `${at % 30},${Math.floor(at / 30)},x`);
    const pairs = await room.file('pairs.csv', `a,b,c\n${rows.join('\n')}\n`);
    const [pair] = await room.tables.keys(pairs);
    expect(pair).toEqual({ columns: [0, 1], names: ['a', 'b'], duplicates: 0 });
  });
});

test('a report says all of it, and nothing of the table gets out of its place', async () => {
  const { signal } = new AbortController();
  const report = await reportOf(room.tables, path, { target: AMOUNT, signal });
  const json = reportFile(report, 'json', 'facts.csv');
  expect(json.name).toBe('facts.csv.report.json');
  expect(tableReport.parse(JSON.parse(json.text))).toEqual(report);
  const { name, text } = reportFile(report, 'html', 'facts.csv');
  expect(name).toBe('facts.csv.report.html');
  expect(text).toContain('&quot;; drop table x; --&lt;script&gt;');
  expect(text).toContain('&lt;b&gt;3&lt;/b&gt;');
  expect(text).not.toMatch(/<script|<b>\d|https?:|\bsrc=|url\(|@import/i);
  expect(text).toContain('line 93 &#39;31/02/2024&#39;');
  expect(text.match(/<section/g)?.length).toBe(9 + 4);
  expect(text).toContain('<svg');
  expect(report.relations?.relations[0]).toMatchObject({ name: 'twice', suspect: true });
});

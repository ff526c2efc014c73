import { symlinkSync } from 'node:fs';
import { access, readFile, readdir } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { defused, isFormulaLike } from '#internal/main/tables/process/outputs/defuse';
import type { CsvDialect, OutputFormat } from '#shared/domain';
import { cleanRecipe } from '#shared/domain';
import { encodeCrc32 } from '#shared/lib';
import { onWindows, testUnless } from '../../support/unless.ts';
import { asItIs, openRoom, type Room } from './support.ts';

let room: Room;
beforeAll(async () => (room = await openRoom()));
afterAll(() => room.close());

const FORMATS: readonly OutputFormat[] = ['csv', 'xlsx', 'parquet', 'jsonl', 'json'];

async function made(
  name: string,
  content: string,
  format: OutputFormat,
  csv: { dialect: CsvDialect; safe: boolean } = { dialect: 'plain', safe: false },
  recipe = asItIs,
) {
  const source = await room.file(name, content);
  const [output] = room.outputs(format);
  if (output === undefined) throw new Error('one was asked for');
  const result = await room.tables.run({ source, recipe, outputs: [output], options: { csv } });
  const [written] = result.outputs;
  if (written === undefined) throw new Error('one was written');
  return { path: output.path, written, text: () => readFile(output.path, 'utf8') };
}

const formulas = [
  '-5',
  '+49 171 1234567',
  '@x',
  "-2+3+cmd|' /C calc'!A0",
  '=1',
  '=SUM(A1:A2)',
  '＝1',
  '＠x',
  '-1,234.50',
  '+1.5e-3',
  'plain',
  '12%',
];

describe('what a spreadsheet would run', () => {
  test('is told from numbers by what it says', () => {
    expect(formulas.filter(isFormulaLike)).toEqual([
      '+49 171 1234567',
      '@x',
      "-2+3+cmd|' /C calc'!A0",
      '=1',
      '=SUM(A1:A2)',
      '＝1',
      '＠x',
    ]);
    expect(isFormulaLike('\t=1')).toBe(true);
    expect(isFormulaLike('\r=1')).toBe(true);
    expect(defused('=1')).toBe("'=1");
  });

  test('is written as it is unless it was asked otherwise', async () => {
    const content = `text\n${formulas.map((text) => `"${text}"`).join('\n')}\n`;
    const plain = await made('formulas.csv', content, 'csv');
    const read = (await plain.text()).trimEnd().split('\n').slice(1);
    expect(read.map((line) => line.replaceAll('"', ''))).toEqual(formulas);
    expect(plain.written).toMatchObject({ rows: formulas.length, defused: 0, notes: [] });
  });

  test('is made harmless where it was, and counted; numbers and dates never are', async () => {
    const rows = formulas.map((text, at) => `${at - 6},2024-01-0${(at % 9) + 1},"${text}"`);
    const content = `n,day,=text\n${rows.join('\n')}\n`;
    const safe = await made('safe.csv', content, 'csv', { dialect: 'plain', safe: true }, cleanRecipe());
    const lines = (await safe.text()).trimEnd().split('\n');
    expect(lines[0]).toBe("n,day,'=text");
    const cells = lines.slice(1).map((line) => line.split(',').slice(2).join(',').replaceAll('"', ''));
    expect(cells).toEqual(formulas.map(defused));
    expect(lines[1]?.startsWith('-6,2024-01-01,')).toBe(true);
    expect(safe.written.defused).toBe(8);
    expect(safe.written.notes).toEqual([
      "8 texts that a spreadsheet would take for a formula got a ' before it.",
    ]);
  });

  test('SQL and JavaScript agree on it', async () => {
    const signs = fc.constantFrom(
      '=',
      '+',
      '-',
      '@',
      '＝',
      '1',
      '5',
      '.',
      ',',
      'e',
      '%',
      'a',
      ' ',
      "'",
      '0',
      '000',
    );
    const texts = fc.sample(fc.array(signs, { minLength: 1, maxLength: 6 }), { numRuns: 400, seed: 7 });
    const cells = texts.map((parts) => `x|${parts.join('')}`);
    const content = `id,text\n${cells.map((cell, at) => `${at},"${cell.slice(2)}"`).join('\n')}\n`;
    const safe = await made('agree.csv', content, 'csv', { dialect: 'plain', safe: true });
    const { rows } = await room.tables.head(safe.path, 'csv', 1000);
    expect(rows.map(([, text]) => text)).toEqual(cells.map((cell) => defused(cell.slice(2))));
  });
});

test('for spreadsheets CSV has a byte order mark and CRLF; with semicolons a decimal comma', async () => {
  const content = 'id,amount,note\n1,2.5,"a;b"\n2,-3.25,\n';
  const comma = await made(
    'sheet.csv',
    content,
    'csv',
    { dialect: 'spreadsheet', safe: false },
    cleanRecipe(),
  );
  expect(await comma.text()).toBe('\uFEFFid,amount,note\r\n1,2.5,a;b\r\n2,-3.25,\r\n');
  const semicolon = await made(
    'sheet-2.csv',
    content,
    'csv',
    { dialect: 'spreadsheet-semicolon', safe: false },
    cleanRecipe(),
  );
  expect(await semicolon.text()).toBe('\uFEFFid;amount;note\r\n1;2,5;"a;b"\r\n2;-3,25;\r\n');
  expect(await room.tables.head(semicolon.path, 'csv', 5)).toEqual({
    columns: ['id', 'amount', 'note'],
    rows: [
      ['1', '2,5', 'a;b'],
      ['2', '-3,25', null],
    ],
  });
});

describe('a workbook', () => {
  test('has typed cells; ids, zeros and what Excel cannot count stay text', async () => {
    const long = 'x'.repeat(40_000);
    const content = [
      'id,zip,big,amount,ok,day,at,old,text',
      '1,00501,12345678901234567,2.5,true,2024-02-29,2024-02-29 13:45:10,1899-12-31,"two\r\nlines _x000D_ & <b>"',
      `2,01234,98765432109876543,-3.25,false,2000-01-01,1999-12-31 23:59:59,1950-06-01,""`,
      `3,99999,12345678901234568,,,,,2020-01-01,${long}`,
      '4,00000,12345678901234569,0,true,1900-03-01,2024-01-01 00:00:00,1901-01-01,a\u0007b',
    ].join('\n');
    const book = await made('cells.csv', `${content}\n`, 'xlsx', undefined, {
      ...cleanRecipe(),
      steps: [{ kind: 'real-types' }],
    });
    const read = await readXlsx(await readFile(book.path));
    const [names = [], ...rows] = read.sheets[0]?.rows ?? [];
    expect(names).toEqual(['id', 'zip', 'big', 'amount', 'ok', 'day', 'at', 'old', 'text']);
    expect(rows[0]).toEqual([
      1,
      '00501',
      '12345678901234567',
      2.5,
      true,
      new Date('2024-02-29T00:00:00Z'),
      new Date('2024-02-29T13:45:10Z'),
      '1899-12-31',
      'two\r\nlines _x000D_ & <b>',
    ]);
    expect(rows[1]?.[8]).toBe('');
    expect(rows[2]?.slice(3, 7)).toEqual([null, null, null, null]);
    expect(String(rows[2]?.[8])).toHaveLength(32_767);
    expect(rows[3]?.[8]).toBe('ab');
    const notes = book.written.notes.join(' ');
    expect(notes).toContain('1 cell with more than 32,767 characters');
    expect(notes).toContain('1 cell with control characters');
    expect(notes).toContain('1 dates of old are before March 1900');
    const head = await room.tables.head(book.path, 'xlsx', 2);
    expect(head.rows[0]).toEqual([
      '1',
      '00501',
      '12345678901234567',
      '2.5',
      'true',
      '2024-02-29',
      '2024-02-29 13:45:10',
      '1899-12-31',
      'two\r\nlines _x000D_ & <b>',
    ]);
    expect(head.rows[1]?.[8]).toBe('');
  });

  test('of 200,000 rows of 8 columns is written in little memory', async () => {
    const rows = Array.from(
      { length: 200_000 },
      (_, at) => `${at},name ${at},${(at * 7) % 1000}.25,note of ${at % 97},2024-01-01,true,${at * 3},x`,
    );
    const big = await made(
      'big.csv',
      `id,name,amount,note,day,ok,n,x\n${rows.join('\n')}\n`,
      'xlsx',
      undefined,
      cleanRecipe(),
    );
    expect(big.written.rows).toBe(200_000);
    const status = await readFile(`/proc/${room.processes.at(-1)?.pid ?? 0}/status`, 'utf8').catch(
      () => null,
    );
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status ?? '')?.[1] ?? 0) / 1000;
    // DuckDB may take 256 MB in this room.
    expect(peak).toBeLessThan(500);
  });
});

test('every format says what it holds, and the same rows give the same bytes', async () => {
  const rows = Array.from({ length: 5000 }, (_, at) => `${at},name ${at},${at}.5,2024-01-0${(at % 9) + 1}`);
  const content = `id,name,amount,day\n${rows.join('\n')}\n`;
  for (const format of FORMATS) {
    const first = await made(`same-${format}.csv`, content, format, undefined, cleanRecipe());
    const second = await made(`same-${format}.csv`, content, format, undefined, cleanRecipe());
    const bytes = await readFile(first.path);
    expect(bytes.equals(await readFile(second.path)), format).toBe(true);
    expect(first.written, format).toMatchObject({ rows: 5000, size: bytes.length });
    expect(first.written.crc32, format).toBe(encodeCrc32(crc32(bytes)));
    const head = await room.tables.head(first.path, format, 2);
    expect(head.columns, format).toEqual(['id', 'name', 'amount', 'day']);
    expect(head.rows, format).toEqual([
      ['0', 'name 0', '0.5', '2024-01-01'],
      ['1', 'name 1', '1.5', '2024-01-02'],
    ]);
  }
});

test('rows keep the order a recipe gives them, in every format', async () => {
  const rows = Array.from({ length: 300_000 }, (_, at) => `${(at * 7919) % 300_007},name ${at}`);
  const content = `id,name\n${rows.join('\n')}\n`;
  const recipe = {
    ...cleanRecipe(),
    steps: [
      { kind: 'real-types' as const },
      { kind: 'sort' as const, by: [{ column: 'id', descending: true }] },
    ],
  };
  for (const format of ['csv', 'xlsx', 'parquet'] as const) {
    const { path } = await made('order.csv', content, format, { dialect: 'plain', safe: true }, recipe);
    const head = await room.tables.head(path, format, 200_000);
    const ids = head.rows.map(([id]) => Number(id));
    expect(ids, format).toEqual(ids.toSorted((a, b) => b - a));
    expect(ids[0], format).toBe(300_006);
  }
});

test('a table of one column keeps its absent cells, in every format', async () => {
  for (const format of FORMATS) {
    const { written } = await made(`one-${format}.csv`, 'only\na\n""\n\nb\n\nc\n', format);
    expect([format, written.rows]).toEqual([format, 6]);
  }
});

testUnless(onWindows)('a disk that fills is an error, and leaves nothing', async () => {
  const source = await room.file('full.csv', `a,b\n${'1,two\n'.repeat(300_000)}`);
  for (const format of FORMATS) {
    const path = room.out(`full-${format}.${format}`);
    // What is written to this device fails as it does on a full disk.
    symlinkSync('/dev/full', `${path}.part`);
    const run = room.tables.run({ source, recipe: asItIs, outputs: [{ format, path }] });
    await expect(run, format).rejects.toMatchObject({ code: 'DISK_FULL', details: { path } });
    expect((await readdir(room.folder)).filter((name) => name.startsWith(`full-${format}.`))).toEqual([]);
    await room.tables.run({ source, recipe: asItIs, outputs: [{ format, path }] });
    await access(path);
  }
});

test('a table that is too wide for a sheet is said to be', async () => {
  const names = Array.from({ length: 16_500 }, (_, at) => `c${at}`).join(',');
  const wide = made('wide.csv', `${names}\n${names}\n${names}\n`, 'xlsx');
  await expect(wide).rejects.toMatchObject({ code: 'OUTPUT_UNFIT' });
});

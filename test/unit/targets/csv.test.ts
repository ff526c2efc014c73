import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CsvReader, type Cell, type CsvCut } from '#internal/main/targets/csv-read';
import { matchColumns, mustEndInUtf8, readHead } from '#internal/main/targets/csv-target';
import { rowWriter, type TargetDialect } from '#internal/main/targets/csv-write';

const readAll = (text: string, cut: CsvCut) => {
  const reader = new CsvReader(cut);
  return [...reader.push(text), ...reader.end()].map(({ row }) => row.map((cell) => cell.text));
};
const comma: CsvCut = { delimiter: ',', quote: '"' };

describe('reading', () => {
  test.each([
    [
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['"a ""x""","b\r\nc"\n', [['a "x"', 'b\r\nc']]],
    [
      'a,\n,\n',
      [
        ['a', ''],
        ['', ''],
      ],
    ],
    ['a\n\n\nb\n', [['a'], ['b']]],
    ['""\n', [['']]],
    ['a"b,c\n', [['a"b', 'c']]],
    ['"a"b,c\n', [['ab', 'c']]],
    ['"never closed,\n1', [['never closed,\n1']]],
    ['', []],
  ])('%j', (text, rows) => {
    expect(readAll(text, comma)).toEqual(rows);
  });
});

const sign = fc.constantFrom(
  'a',
  'é',
  '😀',
  ',',
  ';',
  '\t',
  '|',
  '"',
  "'",
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\0',
  '0',
);
const cellText = fc.array(sign, { maxLength: 6 }).map((signs) => signs.join(''));
const cell: fc.Arbitrary<Cell> = fc.record({ text: cellText, quoted: fc.boolean() });
const dialect: fc.Arbitrary<TargetDialect> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  quote: fc.constantFrom('"', "'"),
  newline: fc.constantFrom('\n', '\r\n', '\r'),
});

test('what is written is read again as it was, in every dialect, wherever the pieces are cut', () => {
  fc.assert(
    fc.property(
      fc
        .integer({ min: 1, max: 4 })
        .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 })),
      dialect,
      fc.array(fc.nat({ max: 80 }), { maxLength: 5 }),
      (rows, how, cuts) => {
        const text = rows.map(rowWriter(how)).join('');
        const reader = new CsvReader(how);
        const places = [0, ...cuts.filter((at) => at < text.length).sort((a, b) => a - b), text.length];
        const records = places.slice(1).flatMap((end, index) => reader.push(text.slice(places[index], end)));
        const read = [...records, ...reader.end()].map(({ row }) => row);
        expect(read.map((row) => row.map((one) => one.text))).toEqual(
          rows.map((row) => row.map((one) => one.text)),
        );
        // An empty text stays one, and nothing stays nothing, but where a lone empty cell needs its quotes.
        const wide = rows.filter((row) => row.length > 1).flat();
        const readWide = read.filter((row) => row.length > 1).flat();
        expect(readWide.map(({ text: t, quoted }) => t === '' && quoted)).toEqual(
          wide.map(({ text: t, quoted }) => t === '' && quoted),
        );
      },
    ),
  );
});

describe('the head of a target', () => {
  const head = (text: string | Uint8Array, names: readonly string[] = ['a', 'b'], path = '/t.csv') =>
    readHead(path, typeof text === 'string' ? new TextEncoder().encode(text) : text, true, names);

  test.each([
    ['a,b\n', { delimiter: ',', quote: '"', newline: '\n' }],
    ['a;b\r\n1;2\r\n', { delimiter: ';', quote: '"', newline: '\r\n' }],
    ['a\tb\r', { delimiter: '\t', quote: '"', newline: '\r' }],
    ['a|b', { delimiter: '|', quote: '"', newline: '\n' }],
    ["'a','b'\n", { delimiter: ',', quote: "'", newline: '\n' }],
    ['"b","a"\n', { delimiter: ',', quote: '"', newline: '\n' }],
  ])('%j tells the dialect', (text, how) => {
    expect(head(text).dialect).toEqual(how);
  });

  test('the names decide where two delimiters would do', () => {
    const names = ['last, first', 'city, zip, country'];
    expect(head('last, first;city, zip, country\n', names).dialect.delimiter).toBe(';');
    expect(head('last, first;city, zip, country\n', ['x']).dialect.delimiter).toBe(',');
  });

  test('a byte order mark is no part of the first name', () => {
    expect(head('\ufeffa,b\n').columns).toEqual(['a', 'b']);
    expect(head('\ufeff')).toMatchObject({ columns: null, blank: true });
  });

  test('an empty one takes the dialect of its name', () => {
    expect(head('').dialect).toEqual({ delimiter: ',', quote: '"', newline: '\n' });
    expect(head('', [], '/t.TSV').dialect.delimiter).toBe('\t');
    expect(head('\r\n\r\n')).toMatchObject({ columns: null, blank: false, dialect: { newline: '\r\n' } });
  });

  test.each([
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0])],
    ['binary data', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0])],
    ['Latin-1', new Uint8Array([0x61, 0x2c, 0xe4, 0x0a])],
  ])('%s is refused', (_name, bytes) => {
    expect(() => head(bytes)).toThrow(expect.objectContaining({ code: 'TARGET_UNSUPPORTED' }));
  });

  test('an end that is not UTF-8 is refused, one cut in a sign is not', () => {
    const bytes = new TextEncoder().encode('ä,ö\n');
    mustEndInUtf8('/t.csv', bytes.subarray(1));
    mustEndInUtf8('/t.csv', new Uint8Array());
    const check = () => mustEndInUtf8('/t.csv', new Uint8Array([0x61, 0xe4, 0x0a]));
    expect(check).toThrow(expect.objectContaining({ code: 'TARGET_UNSUPPORTED' }));
  });
});

describe('columns', () => {
  test('in another order are put in order', () => {
    expect(matchColumns('/t', ['b', 'a', 'c'], ['a', 'b', 'c'])).toEqual([1, 0, 2]);
  });

  test('with names twice are taken only in the same order', () => {
    expect(matchColumns('/t', ['a', 'a'], ['a', 'a'])).toEqual([0, 1]);
    expect(() => matchColumns('/t', ['a', 'b', 'a'], ['a', 'a', 'b'])).toThrow(
      expect.objectContaining({ details: { path: '/t', missing: '', extra: 'a twice' } }),
    );
  });

  test('that are missing, too many or written otherwise are named', () => {
    expect(() => matchColumns('/t', ['a', 'C'], ['a', 'b', 'c'])).toThrow(
      expect.objectContaining({
        code: 'TARGET_COLUMNS_DIFFER',
        details: { path: '/t', missing: 'b, c', extra: 'C' },
      }),
    );
  });
});

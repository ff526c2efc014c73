import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { contentKind } from '#internal/main/tables/formats/content-kind';
import {
  binaryKind,
  bytesInFile,
  createTranscoder,
  cutAll,
  guessEncoding,
  RowCutter,
  type CutDialect,
} from '#internal/main/tables/text/index';
import { plainCsv } from './support.ts';

const cut = (text: string, change: Partial<CutDialect> = {}) =>
  cutAll(Buffer.from(text), { ...plainCsv, ...change });

describe('cutting', () => {
  test.each<[string, string, string[][], Partial<CutDialect>?]>([
    [
      'plain',
      'a,b\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'no final line end',
      'a,b\n1,2',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    [
      'empty cells',
      ',\n,,\n',
      [
        ['', ''],
        ['', '', ''],
      ],
    ],
    [
      'both line ends',
      'a,b\r\n1,2\n',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
    ],
    ['a carriage return in a cell', 'a,b\rc\n', [['a', 'b\rc']]],
    [
      'carriage returns alone',
      'a,b\r1,2\r',
      [
        ['a', 'b'],
        ['1', '2'],
      ],
      { loneCr: true },
    ],
    ['quotes', '"a,b","c""d",""\n', [['a,b', 'c"d', '']]],
    [
      'a line end in quotes',
      '"a\nb",c\r\n"d\r\ne",f\n',
      [
        ['a\nb', 'c'],
        ['d\r\ne', 'f'],
      ],
    ],
    ['blanks around quotes', 'a, "b, c" ,d\n', [['a', 'b, c', 'd']]],
    ['a quote inside', '5" pipe,x\n', [['5" pipe', 'x']]],
    ['unescaped quotes inside quotes', '"the "big" one",x\n', [['the "big" one', 'x']]],
    [
      'a quote that never closes',
      '1,"abc\n2,d\n',
      [
        ['1', '"abc'],
        ['2', 'd'],
      ],
    ],
    ['backslashes', '"a\\"b",c\\,d\n', [['a"b', 'c,d']], { escape: '\\' }],
    ['backslashes that escape nothing', '"C:\\temp",\\n\n', [['C:\\temp', '\\n']], { escape: '\\' }],
    ['several signs', 'a||b||\n', [['a', 'b', '']], { delimiter: '||' }],
    [
      'runs of blanks',
      '  a   b c  \nd e  f\n',
      [
        ['a', 'b', 'c'],
        ['d', 'e', 'f'],
      ],
      { delimiter: ' ', collapse: true },
    ],
    ['one column', 'a,b\n"c"\n', [['a,b'], ['c']], { delimiter: '' }],
    ['signs beyond ASCII', 'ä§ö\n', [['ä', 'ö']], { delimiter: '§' }],
  ])('%s', (_, text, rows, change) => {
    expect(cut(text, change)).toEqual(rows);
  });

  test('in pieces gives what it gives whole, wherever it is cut', () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', '€'),
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        (rows) => {
          const written = rows
            .map((row) => row.map((value) => `"${value.replaceAll('"', '""')}"`).join(','))
            .join('\n');
          const bytes = Buffer.from(`${written}\n`);
          expect(cutAll(bytes, plainCsv)).toEqual(rows);
          const cutter = new RowCutter(plainCsv);
          for (let seen = 1; seen <= bytes.length; seen += 1) {
            const part = bytes.subarray(0, seen);
            for (
              let at = 0, row = 0;
              at < part.length && cutter.cut(part, at, false);
              at = cutter.next, row += 1
            ) {
              expect(cutter.cells()).toEqual(rows[row]);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('knows rows that can be copied as they are', () => {
    const cutter = new RowCutter(plainCsv);
    const regular = (line: string): boolean => cutter.cut(Buffer.from(line), 0, true) && cutter.regular;
    for (const line of ['a,b\n', '"a","b"\n', '"a""b",c\r\n', '"x\ny",\n'])
      expect(regular(line), line).toBe(true);
    for (const line of ['a, "b"\n', '"a" ,b\n', '"a"b",c\n', 'a\rb,c\n', 'a\0,b\n'])
      expect(regular(line), line).toBe(false);
  });
});

describe('encodings', () => {
  const text = 'naïve – “quoted” 5 €\nzweite Zeile\n';
  test.each([
    ['utf-8', Buffer.from(text), false],
    ['utf-16le', Buffer.from('plain text\n'.repeat(20), 'utf16le'), false],
    ['utf-16be', Buffer.from('plain text\n'.repeat(20), 'utf16le').swap16(), false],
    ['windows-1252', Buffer.from('na\u00efve \u0096 \u0093quoted\u0094 5 \u0080\n', 'latin1'), true],
    ['windows-1252', Buffer.from('caf\u00e9 \u0081\n', 'latin1'), true],
    [
      'utf-8',
      Buffer.concat([Buffer.from('é ü ß ñ å\n'.repeat(5)), Buffer.from('caf\u00e9\n', 'latin1')]),
      true,
    ],
  ])('%s', (encoding, bytes, guessed) => {
    expect(guessEncoding([bytes])).toMatchObject({ encoding, guessed, bom: false });
  });

  test('a byte order mark says it', () => {
    expect(guessEncoding([Buffer.from('\ufeffa')])).toMatchObject({ encoding: 'utf-8', bom: true });
    expect(guessEncoding([Buffer.from([0xff, 0xfe, 97, 0])])).toMatchObject({
      encoding: 'utf-16le',
      bom: true,
    });
    expect(guessEncoding([Buffer.from([0xfe, 0xff, 0, 97])])).toMatchObject({
      encoding: 'utf-16be',
      bom: true,
    });
  });

  test('pieces cut inside a sign are still UTF-8', () => {
    const bytes = Buffer.from('€'.repeat(100));
    for (const at of [1, 2, 3, 4, 5])
      expect(guessEncoding([bytes.subarray(0, at + 150), bytes.subarray(at)]).encoding).toBe('utf-8');
  });

  test('are turned into UTF-8 in pieces of any size', () => {
    const cases: [Parameters<typeof createTranscoder>[0], Buffer, string][] = [
      ['utf-8', Buffer.from(text), text],
      ['utf-16le', Buffer.from(`${text}😀`, 'utf16le'), `${text}😀`],
      ['utf-16be', Buffer.from(`${text}😀`, 'utf16le').swap16(), `${text}😀`],
      ['windows-1252', Buffer.from('5 \u0080 \u0096 \u00e9', 'latin1'), '5 € – é'],
      ['iso-8859-1', Buffer.from('5 \u00e9', 'latin1'), '5 é'],
    ];
    for (const [encoding, bytes, wanted] of cases) {
      for (const size of [1, 2, 3, 7, 1000]) {
        const transcoder = createTranscoder(encoding);
        const pieces: Buffer[] = [];
        for (let at = 0; at < bytes.length; at += size) {
          pieces.push(Buffer.from(transcoder.push(bytes.subarray(at, at + size), at + size >= bytes.length)));
        }
        expect(Buffer.concat(pieces).toString('utf8'), `${encoding} in ${size}`).toBe(wanted);
        expect(bytesInFile(Buffer.concat(pieces), encoding)).toBe(bytes.length);
      }
    }
  });

  test('lines that are no UTF-8 are read as Windows-1252, and counted', () => {
    const bytes = Buffer.concat([
      Buffer.from('é1\n'),
      Buffer.from('caf\u00e9\n', 'latin1'),
      Buffer.from('ü2\n'),
    ]);
    const transcoder = createTranscoder('utf-8');
    expect(transcoder.push(bytes, true).toString('utf8')).toBe('é1\ncafé\nü2\n');
    expect(transcoder.strayLines).toBe(1);
  });
});

test('a text that begins like something else is still text', () => {
  expect(contentKind(Buffer.from('PAR100,200\n'))).toBe('text');
  expect(contentKind(Buffer.from('PAR1\u0015\u0004\u0015'))).toBe('parquet');
  expect(binaryKind(Buffer.from('BZhang,Wei\n1,2\n'))).toBeNull();
  expect(binaryKind(Buffer.from('PK,name\n1,2\n'))).toBeNull();
  expect(binaryKind(Buffer.from('%PDF-1.7'))).toBe('a PDF document');
});

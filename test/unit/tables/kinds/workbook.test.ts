import { performance } from 'node:perf_hooks';
import { gzipSync } from 'node:zlib';
import { writeXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AS_FOUND } from '#shared/domain';
import { openRoom, type Room } from '../support.ts';
import { codes, convert, failure, types } from './support.ts';
import { styled, xlsx } from './xlsx.ts';
import { zip } from './zip.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const people = [
  ['id', 'name'],
  [1, 'Anna'],
  [2, 'Ben'],
];
const peopleCsv = 'id,name\n1,Anna\n2,Ben\n';

describe('cells', () => {
  test('have the types of the workbook, as texts that lose nothing', async () => {
    const bytes = xlsx(
      [
        {
          name: 'All',
          rows: [
            ['n', 'id', 'share', 'day', 'at', 'clock', 'span', 'zip', 'yes', 'text', 'code'],
            [
              1.5,
              styled(0, '12345678901234567890'),
              styled(1, 0.125),
              styled(2, 45_296),
              styled(3, 45_296.5),
              styled(4, 0.75),
              styled(5, 1.5),
              styled(6, 501),
              true,
              '00123',
              styled(0, '1E-7'),
            ],
            [
              0.1 + 0.2,
              styled(0, '98765432109876543210'),
              styled(1, 1),
              styled(2, 1),
              styled(3, '45296.000011574'),
              styled(4, 0),
              styled(5, 0.25),
              styled(6, 10_001),
              false,
              '=1+1',
              styled(0, '1.0000000000000002E21'),
            ],
          ],
        },
      ],
      {
        formats: ['0.0%', 'yyyy\\-mm\\-dd;@', 'dd/mm/yyyy hh:mm', '[$-409]h:mm AM/PM', '[h]:mm:ss', '00000'],
      },
    );
    const { preview, csv } = await convert(room, await room.file('cells.csv', bytes));
    expect(csv).toBe(
      'n,id,share,day,at,clock,span,zip,yes,text,code\n' +
        '1.5,12345678901234567890,0.125,2024-01-05,2024-01-05 12:00:00,18:00:00,36:00:00,00501,true,00123,0.0000001\n' +
        '0.3,98765432109876543210,1,1900-01-01,2024-01-05 00:00:01,00:00:00,06:00:00,10001,false,=1+1,1000000000000000000000.0\n',
    );
    expect(types(preview)).toEqual([
      'n decimal',
      'id text',
      'share decimal',
      'day date',
      'at timestamp',
      'clock text',
      'span text',
      'zip text',
      'yes boolean',
      'text text',
      'code decimal',
    ]);
    expect(preview.columns[2]?.note).toContain('percentages');
    const profile = await room.tables.profile(room.out('cells.csv'));
    expect(profile.columns.map(({ misfits }) => misfits)).toEqual(Array.from({ length: 11 }, () => 0));
    expect(profile.columns[3]).toMatchObject({ min: '1900-01-01', max: '2024-01-05' });
  });

  test('days are counted from 1904 where the workbook says so', async () => {
    const sheet = {
      name: 'S',
      rows: [
        ['day', 'x'],
        [styled(1, 43_834), 'a'],
        [styled(1, 0), 'b'],
      ],
    };
    const { csv } = await convert(
      room,
      await room.file('1904.xlsx', xlsx([sheet], { from1904: true, formats: ['d.m.yyyy'] })),
    );
    expect(csv).toBe('day,x\n2024-01-05,a\n1904-01-01,b\n');
  });

  test('shared and rich texts, formulas by their values, errors as nothing', async () => {
    const raw = (xml: string) => ({ xml: (ref: string) => xml.replace('REF', ref) });
    const bytes = xlsx(
      [
        {
          name: 'S',
          rows: [
            ['shared', 'rich', 'formula', 'sum', 'failed', 'iso'],
            [
              raw('<c r="REF" t="s"><v>0</v></c>'),
              raw('<c r="REF" t="s"><v>1</v></c>'),
              raw('<c r="REF" t="str"><f>A1&amp;"&gt;"</f><v>a &amp; b</v></c>'),
              raw('<c r="REF"><f>1+2</f><v>3</v></c>'),
              raw('<c r="REF" t="e"><v>#N/A</v></c>'),
              raw('<c r="REF" t="d"><v>2024-01-05T10:00:00</v></c>'),
            ],
            [
              raw('<c r="REF" t="s"><v>2</v></c>'),
              raw(
                '<c r="REF" t="inlineStr"><is><r><t>in</t></r><r><rPr/><t>line</t></r><rPh><t>X</t></rPh></is></c>',
              ),
              raw('<c r="REF" t="str"><f/><v></v></c>'),
              raw('<c r="REF"><f>1+3</f><v>4</v></c>'),
              5,
              raw('<c r="REF" t="d"><v>2024-01-06</v></c>'),
            ],
          ],
        },
      ],
      {
        sharedStrings:
          '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY big "boom">]><sst><si><t xml:space="preserve"> a_x000D_\nb&#x263A;</t></si><si><r><rPr><b/></rPr><t>rich </t></r><r><t>text</t></r><rPh sb="0"><t>SPOKEN</t></rPh></si><x:si xmlns:x="y"><x:t><![CDATA[a<b & c]]>&big;</x:t></x:si></sst>',
      },
    );
    const { preview, csv } = await convert(room, await room.file('texts.xlsx', bytes));
    expect(csv).toBe(
      'shared,rich,formula,sum,failed,iso\n" a\r\nb☺",rich text,a & b,3,,2024-01-05 10:00:00\na<b & c&big;,inline,,4,5,2024-01-06\n',
    );
    expect(preview.warnings).toMatchObject([{ code: 'cell-errors', count: 1 }]);
    expect(preview.warnings[0]?.sentence).toContain('#N/A');
  });

  test('a column of several kinds is text, which is said', async () => {
    const { preview } = await convert(
      room,
      await room.file(
        'mixed.xlsx',
        xlsx([
          {
            name: 'S',
            rows: [
              ['a', 'b'],
              [1, 'x'],
              ['two', 'y'],
              [3, 'z'],
            ],
          },
        ]),
      ),
    );
    expect(types(preview)).toEqual(['a text', 'b text']);
    expect(codes(preview)).toEqual(['mixed-types']);
  });
});

describe('sheets', () => {
  const book = xlsx([
    { name: 'Secret', hidden: true, rows: people },
    { name: 'Cover', rows: [['Report of the year']] },
    { name: 'People & <more>', rows: people },
    {
      name: 'Other',
      rows: [
        ['a', 'b'],
        ['x', 'y'],
      ],
    },
    { name: 'Empty', rows: [] },
  ]);

  test('all are listed; the first in sight that holds a table is read', async () => {
    const { preview, csv } = await convert(room, await room.file('sheets.csv', book));
    expect(csv).toBe(peopleCsv);
    expect(preview.format).toEqual({
      kind: 'workbook',
      sheet: 'People & <more>',
      sheets: [
        { name: 'Secret', hidden: true },
        { name: 'Cover', hidden: false },
        { name: 'People & <more>', hidden: false },
        { name: 'Other', hidden: false },
        { name: 'Empty', hidden: false },
      ],
    });
  });

  test('another is read where it is asked for, a hidden one too', async () => {
    const path = await room.file('sheets-2.xlsx', book);
    expect((await convert(room, path, { sheet: 'Other' })).csv).toBe('a,b\nx,y\n');
    expect((await convert(room, path, { sheet: 'Secret' })).csv).toBe(peopleCsv);
    expect((await room.tables.preview({ path, reading: { ...AS_FOUND, sheet: 'Empty' } })).rows).toEqual([]);
    const failed = await failure(room.tables.preview({ path, reading: { ...AS_FOUND, sheet: 'Nowhere' } }));
    expect(failed).toMatchObject({ code: 'SHEET_MISSING' });
  });

  test('packed once more, it is a workbook still', async () => {
    for (const bytes of [gzipSync(book), zip([{ name: 'book.bin', content: book }])]) {
      const { preview, csv } = await convert(room, await room.file('packed-book', bytes));
      expect(csv).toBe(peopleCsv);
      expect(preview.format.kind).toBe('workbook');
    }
  });
});

describe('layout', () => {
  test('titles above, notes below, empty rows and columns around', async () => {
    const rows = [
      [null, 'Sales of the year'],
      [null, 'exported 2024-01-05'],
      [],
      [null, 'region', 'units', 'price', null, null],
      [null, 'North', 1, 2.5],
      [],
      [null, 'South', 3, 4.5, null],
      [],
      [null, 'Source: the till'],
      [{ xml: (ref: string) => `<c r="${ref}" s="1"/>` }],
    ];
    const path = await room.file('layout.xlsx', xlsx([{ name: 'S', rows }]));
    const { preview, csv, rejected } = await convert(room, path);
    expect(csv).toBe('region,units,price\nNorth,1,2.5\nSouth,3,4.5\n');
    expect(rejected).toBe(1);
    expect(codes(preview)).toEqual(['preamble-skipped', 'ragged-rows']);
    expect(await room.tables.rejects(path, { offset: 0, limit: 5 })).toMatchObject({
      rejects: [{ line: 9, raw: 'Source: the till' }],
    });
  });

  test('names of several rows, merged across columns and rows', async () => {
    const rows = [
      ['Report', null, null, null, null],
      ['Region', 'Sales', null, 'Costs', null],
      [null, 'net', 'gross', 'fixed', 'other'],
      ['North', 1, 2, 3, 4],
      ['South', 5, 6, 7, 8],
    ];
    const merges = ['A1:E1', 'A2:A3', 'B2:C2', 'D2:E2'];
    const { csv, preview } = await convert(
      room,
      await room.file('merged.xlsx', xlsx([{ name: 'S', rows, merges }])),
    );
    expect(csv).toBe('Region,Sales net,Sales gross,Costs fixed,Costs other\nNorth,1,2,3,4\nSouth,5,6,7,8\n');
    expect(preview.columns[1]?.type.kind).toBe('integer');
  });

  test('no header, and as many rows of names as a person says', async () => {
    const path = await room.file(
      'plain.xlsx',
      xlsx([
        {
          name: 'S',
          rows: [
            [1, 2.5],
            [2, 3.5],
            [3, 4.5],
          ],
        },
      ]),
    );
    expect((await convert(room, path)).csv).toBe('column_1,column_2\n1,2.5\n2,3.5\n3,4.5\n');
    expect((await convert(room, path, { headerRows: 1 })).csv).toBe('1,2.5\n2,3.5\n3,4.5\n');
    expect((await convert(room, path, { skipLines: 2, headerRows: 0 })).csv).toBe(
      'column_1,column_2\n3,4.5\n',
    );
  });

  test('one column', async () => {
    const { csv } = await convert(
      room,
      await room.file('one.xlsx', xlsx([{ name: 'S', rows: [['n'], [1], [], [2]] }])),
    );
    expect(csv).toBe('n\n1\n2\n');
  });

  test('a million empty rows are quick', async () => {
    const empty = Array.from(
      { length: 1_048_573 },
      (_, at) => `<row r="${at + 4}" spans="1:2"><c r="A${at + 4}" s="0"/></row>`,
    );
    const sheetData = `<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c><c r="B1" t="inlineStr"><is><t>b</t></is></c></row><row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>2</v></c></row>${empty.join('')}`;
    const path = await room.file('million.xlsx', xlsx([{ name: 'S', rows: [], sheetData }]));
    const began = performance.now();
    const { csv, preview } = await convert(room, path);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(csv).toBe('a,b\n1,2\n');
    expect(preview).toMatchObject({ rowsEstimated: 1, rowsExact: true });
  });
});

describe('what is no workbook to be read', () => {
  const compound = (stream: string): Buffer => {
    const bytes = Buffer.alloc(1536);
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(bytes);
    bytes.writeUInt16LE(9, 30);
    bytes.writeUInt32LE(1, 48);
    bytes.write(stream, 1024, 'utf16le');
    return bytes;
  };

  test.each([
    ['a workbook of before 2007', compound('Workbook'), 'WORKBOOK_UNFIT', '.xls'],
    ['an old document', compound('WordDocument'), 'TABLE_NOT_TEXT', 'Office'],
    [
      'a binary workbook',
      zip([
        { name: '[Content_Types].xml', content: 'x' },
        { name: 'xl/workbook.bin', content: 'x' },
      ]),
      'WORKBOOK_UNFIT',
      '.xlsb',
    ],
    [
      'an OpenDocument file',
      zip([
        { name: 'mimetype', content: 'x' },
        { name: 'content.xml', content: '<x/>' },
      ]),
      'WORKBOOK_UNFIT',
      'OpenDocument',
    ],
    [
      'a Word document',
      zip([
        { name: '[Content_Types].xml', content: 'x' },
        { name: 'word/document.xml', content: 'x' },
      ]),
      'TABLE_NOT_TEXT',
      'Word',
    ],
    ['a workbook without sheets', xlsx([]), 'FILE_DAMAGED', 'no sheet'],
    ['a workbook cut short', xlsx([{ name: 'S', rows: people }]).subarray(0, 900), 'FILE_DAMAGED', 'zip'],
    [
      'a workbook without its book',
      zip([
        { name: '[Content_Types].xml', content: 'x' },
        { name: 'xl/styles.xml', content: '<x/>' },
      ]),
      'FILE_DAMAGED',
      'workbook.xml',
    ],
  ])('%s', async (name, bytes, code, words) => {
    const failed = await failure(room.tables.preview(await room.file(name, bytes)));
    expect(failed).toMatchObject({ code });
    expect(failed.message).toContain(words);
    expect(failed.hint).not.toBe('');
  });

  test('a workbook with a password', async () => {
    const sheets = [{ name: 'S', rows: people }];
    const bytes = await writeXlsx({ sheets, encryption: { password: 'secret', spinCount: 1000 } });
    expect(
      await failure(room.tables.preview(await room.file('locked.xlsx', Buffer.from(bytes)))),
    ).toMatchObject({
      code: 'WORKBOOK_LOCKED',
    });
  });

  test('what another program wrote is read as it was', async () => {
    const sheets = [
      {
        name: 'S',
        rows: [
          ['id', 'name', 'day'],
          [1, 'Anna', new Date(Date.UTC(2024, 0, 5))],
          [2, 'Ben', null],
        ],
      },
    ];
    const { csv, preview } = await convert(
      room,
      await room.file('hucre.xlsx', Buffer.from(await writeXlsx({ sheets }))),
    );
    expect(csv).toBe('id,name,day\n1,Anna,2024-01-05\n2,Ben,\n');
    expect(types(preview)).toEqual(['id integer', 'name text', 'day date']);
  });
});

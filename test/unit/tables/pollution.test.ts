/**
 * A few honest tables, written in every way files are met: each delimiter, quote, line end and escape, with titles above,
 * notes below, a header twice or none, and one row that is made unlike the others. Every one has to come back as it was.
 */
import { expect, test } from 'vitest';
import { AS_FOUND } from '#shared/domain';
import { detectTable } from '#internal/main/tables/detect/index';
import { TableReader } from '#internal/main/tables/load/index';

type Table = readonly (readonly string[])[];

interface Writing {
  readonly delimiter: string;
  readonly quote: string;
  readonly quoteAll: boolean;
  readonly newline: string;
  readonly escape: 'double' | 'backslash' | 'none';
}

const usual: Writing = { delimiter: ',', quote: '"', quoteAll: false, newline: '\r\n', escape: 'double' };

function write(rows: Table, change: Partial<Writing> = {}): string {
  const { delimiter, quote, quoteAll, newline, escape } = { ...usual, ...change };
  const cell = (text: string): string => {
    const needs =
      quoteAll || text.includes(delimiter) || text.includes(quote) || text.includes(delimiter[0] ?? '');
    if (!needs) return text;
    if (escape === 'none') return quote + text + quote;
    return quote + text.replaceAll(quote, escape === 'double' ? quote + quote : `\\${quote}`) + quote;
  };
  return rows.map((row) => row.map(cell).join(delimiter) + newline).join('');
}

const pick = <T>(list: readonly T[], at: number): T => list[at % list.length] as T;

const tables: Record<string, Table> = {
  shop: [
    ['DATE', 'TIME', 'Qty', 'CODE', 'Price', 'Type', 'Description', 'URL', 'Comments'],
    ...Array.from({ length: 40 }, (_, at) => [
      `${13 + (at % 15)}/0${1 + (at % 9)}/2018`,
      `${String(at % 24).padStart(2, '0')}:${pick(['00', '15', '30'], at)}`,
      String(at % 9),
      `MG-${1000 + at * 37}`,
      `$${(at * 3.17 + 1).toFixed(2)}`,
      pick(["Men's Hiking Boots", 'Throw Pillow, Wooden', 'Dining Table, Round 48"', 'Fly Rods'], at),
      pick(
        [
          'Rugged enough, light and quick.',
          'Add fun to your bed, chair or sofa.',
          'In our 8\'9" length fly rod',
        ],
        at,
      ),
      `https://www.example.com/product/MG_${1000 + at * 37}.html`,
      at % 5 === 0 ? 'ok' : '',
    ]),
  ],
  people: [
    ['id', 'first name', 'last name', 'email', 'age'],
    ...Array.from({ length: 12 }, (_, at) => [
      String(at + 1),
      pick(['Anna', 'Björn', 'Chloé'], at),
      pick(['Müller', 'Smith', "O'Neil"], at),
      `p${at}@example.com`,
      String(20 + at),
    ]),
  ],
  measures: [
    ['t', 'x', 'y', 'z'],
    ...Array.from({ length: 30 }, (_, at) => [
      String(at),
      (at * 0.37).toFixed(3),
      (-at * 1.5).toFixed(2),
      `${1000 + at}.5`,
    ]),
  ],
  two: [['key', 'value'], ...Array.from({ length: 10 }, (_, at) => [`k${at}`, String(at * 7)])],
  sparse: [
    ['a', 'b', 'c', 'd', 'e'],
    ...Array.from({ length: 20 }, (_, at) => [
      String(at),
      at % 3 === 0 ? 'x' : '',
      at % 4 === 0 ? String(at * 2.5) : '',
      '',
      at % 2 === 0 ? '' : `2024-01-0${1 + (at % 9)}`,
    ]),
  ],
};

interface Case {
  readonly name: string;
  readonly text: string;
  readonly wanted: Table;
}

function* cases(): Generator<Case> {
  for (const [name, rows] of Object.entries(tables)) {
    const of = (what: string, text: string, wanted: Table = rows): Case => ({
      name: `${name}: ${what}`,
      text,
      wanted,
    });
    for (const quoteAll of [false, true]) {
      for (const delimiter of [
        ',',
        ';',
        '\t',
        '|',
        ' ',
        '^',
        '~',
        '\u0001',
        '\u001f',
        '||',
        ', ',
        '\t\t',
        '~|~',
        '§',
      ]) {
        for (const newline of ['\n', '\r\n', '\r']) {
          yield of(
            `${JSON.stringify(delimiter + newline)} ${quoteAll}`,
            write(rows, { delimiter, newline, quoteAll }),
          );
        }
      }
      yield of(`apostrophes ${quoteAll}`, write(rows, { quote: "'", quoteAll, delimiter: ';' }));
      yield of(`backslashes ${quoteAll}`, write(rows, { escape: 'backslash', quoteAll }));
      const lines = rows.map((row) => write([row], { quoteAll }));
      const all = lines.join('');
      yield of('no last line end', all.slice(0, -2));
      yield of('two last line ends', `${all}\r\n`);
      yield of('no header', lines.slice(1).join(''), [
        (rows[0] ?? []).map((_, at) => `column_${at + 1}`),
        ...rows.slice(1),
      ]);
      yield of('header only', lines[0] ?? '', rows.slice(0, 1));
      yield of('title', `Title of the report\r\nMade 2024-01-01\r\n${all}`);
      yield of('title as wide as the table', `TITLE${','.repeat((rows[0]?.length ?? 1) - 1)}\r\n${all}`);
      yield of('note', `${all}\r\nA note below\r\n`);
      yield of('header twice', (lines[0] ?? '') + all, [
        (rows[0] ?? []).map((cell) => `${cell} ${cell}`),
        ...rows.slice(1),
      ]);
      for (const at of [1, 2, rows.length >> 1, rows.length - 1]) {
        const row = rows[at] ?? [];
        const change = (text: string): string =>
          lines.map((line, index) => (index === at ? text : line)).join('');
        yield of(`row ${at} ends in LF`, change((lines[at] ?? '').replace('\r\n', '\n')));
        yield of(`row ${at} ends in CR`, change((lines[at] ?? '').replace('\r\n', '\r')));
        yield of(`row ${at} has empty cells more`, change((lines[at] ?? '').replace('\r\n', ',,\r\n')));
        if (quoteAll && row.length > 2)
          yield of(`row ${at} by semicolon`, change(write([row], { quoteAll, delimiter: ';' })));
        if (!quoteAll) continue;
        for (const [place] of row.entries()) {
          const stray = row.map(
            (cell, index) => `"${index === place ? '"' : ''}${cell.replaceAll('"', '""')}"`,
          );
          const wanted = rows.map((cells, index) =>
            index === at ? cells.map((cell, column) => (column === place ? `"${cell}` : cell)) : cells,
          );
          yield of(`row ${at} has a stray quote in ${place}`, change(`${stray.join(',')}\r\n`), wanted);
        }
      }
    }
  }
}

function read(text: string): string[][] {
  const head = Buffer.from(text);
  const { cut, width, headerLine, names, dataStart } = detectTable(
    { head, whole: true, parts: [] },
    AS_FOUND,
  );
  const rows: string[][] = [[...names]];
  const cells = (values: readonly string[]): void => {
    rows.push(Array.from({ length: width }, (_, at) => values[at] ?? ''));
  };
  const sink = {
    cells,
    row: (cutter: { cells(): string[] }) => cells(cutter.cells()),
    reject: () => undefined,
  };
  const reader = new TableReader({ cut, width, headerLine, firstIsValue: false }, sink, (at) => at);
  reader.read(head, dataStart, true);
  reader.end();
  return rows;
}

test('tables come back from every way of writing them', () => {
  const lost: string[] = [];
  let tried = 0;
  for (const { name, text, wanted } of cases()) {
    tried += 1;
    if (JSON.stringify(read(text)) !== JSON.stringify(wanted)) lost.push(name);
  }
  expect(tried).toBeGreaterThan(700);
  expect(lost).toEqual([]);
});

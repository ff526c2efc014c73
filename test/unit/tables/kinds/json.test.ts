import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanRecipe } from '#shared/domain';
import { openRoom, type Room } from '../support.ts';
import { codes, convert, failure, types } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

describe('the shapes of JSON', () => {
  const people = 'id,name\n1,Anna\n2,Ben\n';
  test.each([
    ['lines', '{"id":1,"name":"Anna"}\n{"id":2,"name":"Ben"}\n', 'lines'],
    [
      'lines with blank ones and a byte order mark',
      '\ufeff\n{"id":1,"name":"Anna"}\r\n\r\n  \n{"id":2,"name":"Ben"}',
      'lines',
    ],
    [
      'objects that span lines',
      '{\n  "id": 1,\n  "name": "Anna"\n}\n{\n  "id": 2,\n  "name": "Ben"\n}\n',
      'lines',
    ],
    ['an array in one line', '[{"id":1,"name":"Anna"},{"id":2,"name":"Ben"}]', 'array'],
    [
      'an array in many',
      '[\n  {\n    "id": 1,\n    "name": "Anna"\n  },\n  {\n    "id": 2,\n    "name": "Ben"\n  }\n]\n',
      'array',
    ],
    [
      'an object that holds one',
      '{"meta":{"rows":[9]},"total":2,"people":[{"id":1,"name":"Anna"},{"id":2,"name":"Ben"}],"next":null}',
      'object',
    ],
    ['a comma too many', '[{"id":1,"name":"Anna",},{"id":2,"name":"Ben"},]', 'array'],
    ['lines parted by commas', '{"id":1,"name":"Anna"},\n{"id":2,"name":"Ben"},\n', 'lines'],
  ])('%s', async (name, text, shape) => {
    const { preview, csv } = await convert(room, await room.file(`${name}.csv`, text));
    expect(csv).toBe(people);
    expect(preview.format).toMatchObject({
      kind: 'json',
      shape,
      member: shape === 'object' ? 'people' : null,
    });
    expect(types(preview)).toEqual(['id integer', 'name text']);
    expect(preview).toMatchObject({
      rowsEstimated: 2,
      rowsExact: true,
      container: null,
      warnings: shape === 'object' ? [{ code: 'other-content' }] : [],
    });
    expect(preview.rows).toEqual([
      ['1', 'Anna'],
      ['2', 'Ben'],
    ]);
  });

  test('lists are rows by place, and one object is one row', async () => {
    const lists = await convert(room, await room.file('lists.json', '[["a", 1], ["b", 2, true]]'));
    expect(lists.csv).toBe('column_1,column_2,column_3\na,1,\nb,2,true\n');
    const one = await convert(room, await room.file('one.json', '{"a": 1, "b": {"c": [1, 2]}}'));
    expect(one.csv).toBe('a,b\n1,"{""c"":[1,2]}"\n');
  });

  test('UTF-16 is JSON too', async () => {
    const text = '[{"id":1,"name":"Łódź"}]';
    for (const bytes of [
      Buffer.from(`\ufeff${text}`, 'utf16le'),
      Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
    ]) {
      const { csv } = await convert(room, await room.file('sixteen.json', bytes));
      expect(csv).toBe('id,name\n1,Łódź\n');
    }
  });
});

test('an encoding that JSON does not have is guessed, said, and can be named', async () => {
  const text = '[{"name":"Müller"},{"name":"Weiß"},{"name":"Zoë"},{"name":"Ångström"}]\n';
  const path = await room.file('latin.json', Buffer.from(text, 'latin1'));
  const { csv, preview } = await convert(room, path, { encoding: 'windows-1252' });
  expect(csv).toBe('name\nMüller\nWeiß\nZoë\nÅngström\n');
  expect(codes(preview)).toEqual([]);
  expect(codes(await room.tables.preview(path))).toEqual(['encoding-guessed']);
});

describe('what stands in a cell', () => {
  test('every digit is kept; nothing has a power of ten', async () => {
    const text = '{"a":12345678901234567890,"b":1.10,"c":1e21,"d":1.5e-7,"e":-0.0,"f":9007199254740993}\n';
    const { preview, csv } = await convert(room, await room.file('digits.json', text));
    expect(csv).toBe(
      'a,b,c,d,e,f\n12345678901234567890,1.10,1000000000000000000000.0,0.00000015,-0.0,9007199254740993\n',
    );
    expect(types(preview)).toEqual(['a text', 'b decimal', 'c decimal', 'd decimal', 'e decimal', 'f text']);
  });

  test('a text stays text, its zeros with it; ISO dates are dates', async () => {
    const text =
      '[{"zip":"00501","n":"12","day":"2024-01-05","at":"2024-01-05T10:00:00Z","yes":true},{"zip":"10001","n":"13","day":"2024-02-05","at":"2024-01-05T10:00:00.5Z","yes":false}]';
    const preview = await room.tables.preview(await room.file('texts.json', text));
    expect(types(preview)).toEqual(['zip text', 'n text', 'day date', 'at timestamp', 'yes boolean']);
    expect(preview.columns[1]?.note).toContain('kept as text');
    const profile = await room.tables.profile(room.out('texts.json'));
    expect(profile.columns.map(({ misfits }) => misfits)).toEqual([0, 0, 0, 0, 0]);
    expect(profile.columns[3]?.max).toContain('2024-01-05 10:00:00.5');
  });

  test('null and a missing name are absent, an empty text is not', async () => {
    const { csv } = await convert(
      room,
      await room.file('absent.json', '{"a":null,"b":""}\n{"b":"x"}\n{"a":"y"}\n'),
    );
    expect(csv).toBe('a,b\n,""\n,x\ny,\n');
  });

  test('escapes, quotes, line ends and zero bytes', async () => {
    const text = String.raw`{"a":"say \"hi\"\nthere","b":"\u00e9\ud83d\ude00\u0000","c":"a\\"}`;
    const { csv } = await convert(room, await room.file('escapes.json', text));
    expect(csv).toBe('a,b,c\n"say ""hi""\nthere",é😀,a\\\n');
  });

  test('nested values are JSON without blanks, their digits kept', async () => {
    const text = '[{"a": {"x": 12345678901234567890, "y": [1, "b c"]}}]';
    const { csv } = await convert(room, await room.file('nested.json', text));
    expect(csv).toBe('a\n"{""x"":12345678901234567890,""y"":[1,""b c""]}"\n');
  });
});

describe('mixed shapes', () => {
  test('the columns are those of all records, in the whole file', async () => {
    const lines = Array.from(
      { length: 200_000 },
      (_, at) => `{"id":${at},"name":"person ${at}, of many others in this file"}\n`,
    );
    lines.push('{"id":200000,"late":7}\n');
    const path = await room.file('late.json', lines.join(''));
    const profile = await room.tables.profile(path);
    expect(profile.rows).toBe(200_001);
    expect(profile.columns.map(({ name, empty }) => [name, empty])).toEqual([
      ['id', 0],
      ['name', 1],
      ['late', 200_000],
    ]);
  });

  test('a recipe finds a column whose name comes late', async () => {
    const path = await room.file(
      'late-2.json',
      `${'{"id":1,"name":"a person as there are many in this file"}\n'.repeat(200_000)}{"id":2,"late":7}\n`,
    );
    const outputs = room.outputs('csv');
    const recipe = cleanRecipe('late');
    const { columns } = await room.tables.run({ source: path, recipe, outputs });
    expect(columns.map(({ name }) => name)).toContain('late');
    const wrong = room.tables.run({ source: path, recipe: cleanRecipe('nowhere'), outputs });
    expect(await failure(wrong)).toMatchObject({ code: 'COLUMN_MISSING' });
  });

  test('values of several kinds fall to text, which is said', async () => {
    const { preview, csv } = await convert(
      room,
      await room.file('mixed.json', '[{"a":1},{"a":"x"},{"a":[2]}]'),
    );
    expect(csv).toBe('a\n1\nx\n[2]\n');
    expect(types(preview)).toEqual(['a text']);
    expect(preview.warnings).toMatchObject([{ code: 'mixed-types' }]);
    expect(preview.warnings[0]?.sentence).toContain('1 numbers');
  });

  test('names that differ in case only, empty ones, and ones that come twice', async () => {
    const { preview, csv } = await convert(
      room,
      await room.file('names.json', '[{"id":1,"ID":2,"":3,"id":4}]'),
    );
    expect(csv).toBe('id,ID_2,value\n4,2,3\n');
    expect(codes(preview)).toEqual(['repeated-keys', 'duplicate-names']);
  });
});

describe('broken records', () => {
  test('of lines are rejected with line, byte, reason and text, and the rest goes on', async () => {
    const text = '{"a":1}\n{"a":2\nnonsense\n{"a":"3}\n{"a":4} and more\n{"a" 5}\n{"a":6}\n';
    const path = await room.file('broken.json', text);
    const { csv, rejected, preview } = await convert(room, path);
    expect(csv).toBe('a\n1\n6\n');
    expect(rejected).toBe(5);
    expect(codes(preview)).toEqual(['broken-records']);
    const { rejects } = await room.tables.rejects(path, { offset: 0, limit: 10 });
    expect(rejects.map(({ line, byte, raw }) => [line, byte, raw])).toEqual([
      [2, 8, '{"a":2'],
      [3, 15, 'nonsense'],
      [4, 24, '{"a":"3}'],
      [5, 33, '{"a":4} and more'],
      [6, 50, '{"a" 5}'],
    ]);
    for (const { reason } of rejects) expect(reason).not.toBe('');
  });

  test('of an array, too', async () => {
    const text = '[\n  {"a": 1},\n  {"a": "2},\n  {"a": 3},\n  {"a": 4}\n]\n';
    const { csv, rejected } = await convert(room, await room.file('broken-array.json', text));
    expect(csv).toBe('a\n1\n3\n4\n');
    expect(rejected).toBe(1);
  });

  test('an array that is cut off keeps what is complete', async () => {
    const { csv, preview, rejected } = await convert(
      room,
      await room.file('cut.json', '[{"a":1},{"a":2},{"a":'),
    );
    expect(csv).toBe('a\n1\n2\n');
    expect(rejected).toBe(1);
    expect(codes(preview)).toEqual(['cut-short', 'broken-records']);
  });

  test('a file in which nothing is whole says so', async () => {
    const failed = await failure(room.tables.preview(await room.file('none.json', '[{"a":1,"b":[1,2')));
    expect(failed).toMatchObject({ code: 'FILE_DAMAGED' });
    expect(failed.message).toContain('line 1');
    expect(failed.hint).not.toBe('');
  });

  test('an empty array is a table without rows', async () => {
    const { preview } = await convert(room, await room.file('empty.json', '[]'));
    expect(codes(preview)).toEqual(['header-only']);
  });
});

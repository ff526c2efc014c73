import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cleanRecipe } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { asItIs, openRoom, type Room } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no failure',
    (error: unknown) => (isSluiceError(error) ? { code: error.code, message: error.message } : error),
  );

const people = 'id,name,since\n1,Anna,2024-01-05\n2,Ben,2023-11-30\n3,Cleo,2022-02-28\n';

describe('what is no table says so', () => {
  test.each([
    ['an empty file', 'empty.csv', '', 'SOURCE_EMPTY', 'is empty'],
    ['nothing but blanks', 'blank.csv', ' \n\n  \n', 'SOURCE_EMPTY', 'is empty'],
    ['a PDF document', 'a.csv', Buffer.from('%PDF-1.7\n'), 'TABLE_NOT_TEXT', 'a PDF document'],
    ['a zip archive', 'b.csv', Buffer.from('PK\u0003\u0004junk'), 'FILE_DAMAGED', 'no whole zip file'],
    [
      'a workbook',
      'c.csv',
      Buffer.from('PK\u0003\u0004....[Content_Types].xml'),
      'FILE_DAMAGED',
      'no whole zip file',
    ],
    ['a Parquet file', 'd.csv', Buffer.from('PAR1\u0015\u0004'), 'FILE_DAMAGED', 'no whole Parquet file'],
    ['XML', 'h.csv', '<?xml version="1.0"?>\n<rows/>', 'TABLE_NOT_TEXT', 'XML'],
    ['a web page', 'i.csv', '<!DOCTYPE html>\n<html></html>', 'TABLE_NOT_TEXT', 'a web page'],
    [
      'binary junk',
      'e.csv',
      Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7919 + 13) % 256)),
      'TABLE_NOT_TEXT',
      'binary data',
    ],
  ])('%s', async (_, name, content, code, words) => {
    const path = await room.file(name, content);
    const failed = await failure(room.tables.preview(path));
    expect(failed).toMatchObject({ code });
    expect((failed as { message: string }).message).toContain(words);
    expect(await failure(room.tables.profile(path))).toMatchObject({ code });
  });

  test('a missing path, a folder, a pipe, a file without the right to read', async () => {
    expect(await failure(room.tables.preview(room.out('nowhere.csv')))).toMatchObject({
      code: 'SOURCE_MISSING',
    });
    await mkdir(room.out('folder.csv'));
    expect(await failure(room.tables.preview(room.out('folder.csv')))).toMatchObject({
      code: 'SOURCE_IS_FOLDER',
    });
    execFileSync('mkfifo', [room.out('pipe.csv')]);
    expect(await failure(room.tables.preview(room.out('pipe.csv')))).toMatchObject({
      code: 'SOURCE_NOT_A_FILE',
    });
    const locked = await room.file('locked.csv', people);
    await chmod(locked, 0o000);
    // Root may read everything.
    if (process.getuid?.() !== 0) {
      expect(await failure(room.tables.preview(locked))).toMatchObject({ code: 'SOURCE_UNREADABLE' });
    }
  });

  test('an output that cannot be written leaves nothing behind', async () => {
    const path = await room.file('people.csv', people);
    const outputs = [{ format: 'csv' as const, path: join(room.folder, 'missing', 'out.csv') }];
    expect(await failure(room.tables.run({ source: path, recipe: asItIs, outputs }))).toMatchObject({
      code: 'FILE_ERROR',
    });
    expect(existsSync(join(room.folder, 'missing'))).toBe(false);
  });

  test('an output cannot replace the file it is made of', async () => {
    const path = await room.file('self.csv', people);
    const failed = await failure(
      room.tables.run({ source: path, recipe: asItIs, outputs: [{ format: 'csv', path }] }),
    );
    expect(failed).toMatchObject({ code: 'INPUT_INVALID' });
    expect(await readFile(path, 'utf8')).toBe(people);
  });

  test.skipIf(!existsSync('/dev/full'))('a disk that is full has its own code', async () => {
    const path = await room.file('for-a-full-disk.csv', people.repeat(2000));
    const target = room.out('full.csv');
    await symlink('/dev/full', `${target}.part`);
    const failed = await failure(
      room.tables.run({ source: path, recipe: asItIs, outputs: [{ format: 'csv', path: target }] }),
    );
    expect(failed).toMatchObject({ code: 'DISK_FULL' });
    expect(existsSync(target)).toBe(false);
    expect(existsSync(`${target}.part`)).toBe(false);
  });
});

test('a name with quotes, blanks, emoji and wildcards is only a name', async () => {
  for (const name of [`o'd "x" [a-z]*? 🚰.csv`, '..csv', '%s {1} $HOME.csv']) {
    const path = await room.file(name, people);
    const [output] = room.outputs('parquet');
    const target = join(room.folder, `out of ${name}`);
    await room.tables.profile(path);
    const { counts } = await room.tables.run({
      source: path,
      recipe: cleanRecipe(),
      outputs: [{ format: 'csv', path: target }, ...(output === undefined ? [] : [output])],
    });
    expect(counts.rowsOut).toBe(3);
    expect((await room.tables.head(target, 'csv', 1)).rows).toEqual([['1', 'Anna', '2024-01-05']]);
  }
});

test('a line end in the first cell of a file that is rewritten is only a sign in it', async () => {
  const path = await room.file('first-cell.csv', 'note;n\n"a\r\nb";1\nc;2\nd;3;4\n');
  const outputs = room.outputs('csv');
  const { counts } = await room.tables.run({ source: path, recipe: asItIs, outputs });
  expect(counts).toMatchObject({ rowsOut: 2, rejected: 1 });
  expect(await readFile(outputs[0]?.path ?? '', 'utf8')).toBe('note,n\n"a\r\nb",1\nc,2\n');
});

test('columns with hostile names stay columns', async () => {
  const names = [`"; drop table x; --`, `o'brien`, 'rowid', 'data', 'row_hash', '{a: 1}', 'Straße 🚰'];
  const header = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(';');
  const path = await room.file(
    'hostile.csv',
    `${header}\n1;a;5;x;7;u;1,5\n2;b;6;y;8;v;2,5\n2;b;6;y;8;v;2,5\n`,
  );
  const outputs = room.outputs('csv', 'parquet');
  const { counts } = await room.tables.run({ source: path, recipe: cleanRecipe('rowid'), outputs });
  expect(counts).toMatchObject({ rowsIn: 3, rowsOut: 2, duplicates: 1 });
  for (const { format, path: made } of outputs) {
    const head = await room.tables.head(made, format, 5);
    expect(head.columns).toEqual(names);
    expect(head.rows).toEqual([
      ['1', 'a', '5', 'x', '7', 'u', '1.5'],
      ['2', 'b', '6', 'y', '8', 'v', '2.5'],
    ]);
  }
  const profile = await room.tables.profile(path);
  expect(profile.columns.map(({ name }) => name)).toEqual(names);
  expect(profile.duplicates).toBe(1);
});

test('a target column that is not there is said before anything is read', async () => {
  const path = await room.file('people-2.csv', people);
  const run = room.tables.run({ source: path, recipe: cleanRecipe('Since'), outputs: room.outputs('csv') });
  expect(await failure(run)).toEqual({
    code: 'COLUMN_MISSING',
    message: 'There is no column named Since in this table.',
  });
});

test('the same file and recipe give the same bytes', async () => {
  const rows = Array.from(
    { length: 60_000 },
    (_, at) => `${at % 50_000},name ${at % 977},${(at * 7) % 1000}.25,note`,
  );
  const path = await room.file('same.csv', `id,name,amount,note\n${rows.join('\n')}\n`);
  const made: Buffer[][] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const outputs = room.outputs('csv', 'parquet', 'json');
    await room.tables.run({ source: path, recipe: cleanRecipe(), outputs });
    made.push(await Promise.all(outputs.map((output) => readFile(output.path))));
  }
  for (const turn of made.slice(1)) {
    for (const [place, bytes] of turn.entries())
      expect(bytes.equals(made[0]?.[place] ?? Buffer.alloc(0))).toBe(true);
  }
  const ids =
    made[0]?.[0]
      ?.toString('utf8')
      .split('\n')
      .slice(1, -1)
      .map((line) => Number(line.split(',')[0])) ?? [];
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, at) => (at < 50_000 ? at : ids[at])));
});

test('text keeps its text: zeros, long digits, codes, and the difference between nothing and ""', async () => {
  const content =
    'id,zip,code,big,empty\n1,00501,1E5,12345678901234567890,\n2,01234,2E3,98765432109876543210,""\n';
  const path = await room.file('text.csv', content);
  const outputs = room.outputs('csv', 'json');
  await room.tables.run({ source: path, recipe: asItIs, outputs });
  expect(await readFile(outputs[0]?.path ?? '', 'utf8')).toBe(content);
  expect(JSON.parse(await readFile(outputs[1]?.path ?? '', 'utf8'))).toEqual([
    { id: '1', zip: '00501', code: '1E5', big: '12345678901234567890', empty: null },
    { id: '2', zip: '01234', code: '2E3', big: '98765432109876543210', empty: '' },
  ]);
  const { columns } = await room.tables.run({
    source: path,
    recipe: cleanRecipe(),
    outputs: room.outputs('csv'),
  });
  expect(columns.map(({ type }) => type.kind)).toEqual(['integer', 'text', 'text', 'text', 'text']);
});

describe('types are held against the whole column, not only its beginning', () => {
  const long = (value: (at: number) => string, rows = 40_000): string =>
    `id,x\n${Array.from({ length: rows }, (_, at) => `${at},${value(at)}`).join('\n')}\n`;
  const typeOf = async (name: string, content: string) => {
    const path = await room.file(name, content);
    const { columns, warnings } = await room.tables.profile(path);
    return { column: columns[1], warnings };
  };

  test('one id with a leading zero far down makes text of all', async () => {
    const { column } = await typeOf(
      'zero.csv',
      long((at) => (at === 30_001 ? '007' : String(at))),
    );
    expect(column?.type.kind).toBe('text');
  });

  test('few values that do not fit are counted and shown', async () => {
    const { column, warnings } = await typeOf(
      'few.csv',
      long((at) => (at % 10_000 === 7777 ? 'broken' : `${at}.5`)),
    );
    expect(column).toMatchObject({ type: { kind: 'decimal' }, misfits: 4, min: '0.5' });
    expect(warnings).toContainEqual({
      code: 'values-do-not-fit',
      sentence: "4 values of x are no numbers, such as 'broken'.",
      count: 4,
    });
  });

  test('many make it text', async () => {
    const { column } = await typeOf(
      'many.csv',
      long((at) => (at > 20_000 && at % 20 === 0 ? 'broken' : String(at))),
    );
    expect(column).toMatchObject({ type: { kind: 'text' }, misfits: 0 });
  });

  test('another way to write a date that comes late is learnt', async () => {
    const day = (at: number): string => String((at % 28) + 1).padStart(2, '0');
    const { column } = await typeOf(
      'late-dates.csv',
      long((at) => (at > 25_000 && at % 300 === 0 ? `${Number(day(at))} Mar 2021` : `2021-03-${day(at)}`)),
    );
    expect(column).toMatchObject({ type: { kind: 'date', formats: ['%Y-%m-%d', '%d %b %Y'] }, misfits: 0 });
  });

  test('a day over 12 far down settles which of day and month comes first', async () => {
    const monthFirst = await typeOf(
      'mdy.csv',
      long((at) => (at === 33_333 ? '02/27/2024' : `0${(at % 9) + 1}/05/2024`)),
    );
    expect(monthFirst.column?.type).toEqual({ kind: 'date', formats: ['%m/%d/%Y'] });
    expect(monthFirst.warnings.map(({ code }) => code)).not.toContain('ambiguous-dates');
    const open = await typeOf(
      'open.csv',
      long((at) => `0${(at % 9) + 1}/05/2024`),
    );
    expect(open.column?.type).toEqual({ kind: 'date', formats: ['%d/%m/%Y'] });
    expect(open.warnings.map(({ code }) => code)).toContain('ambiguous-dates');
  });

  test('a row that breaks the table far down does not break the table', async () => {
    const path = await room.file(
      'late.csv',
      long((at) => (at === 35_000 ? '5,6,7' : at === 36_000 ? '"x' : String(at))),
    );
    const outputs = room.outputs('csv');
    const { counts } = await room.tables.run({ source: path, recipe: asItIs, outputs });
    expect(counts).toMatchObject({ rowsIn: 40_000, rowsOut: 39_999, rejected: 1 });
    expect((await room.tables.rejects(path, { offset: 0, limit: 10 })).rejects).toEqual([
      {
        line: 35_002,
        byte: expect.any(Number) as number,
        column: null,
        reason: '4 cells where the table has 2',
        raw: '35000,5,6,7',
        fixed: null,
      },
    ]);
  });
});

describe('the process', () => {
  test('is stopped by a signal at once, and others in it go on', async () => {
    const rows = Array.from(
      { length: 400_000 },
      (_, at) => `${at},${(at * 7919) % 1_000_003},some text ${at % 999}`,
    );
    const path = await room.file('long.csv', `id,n,text\n${rows.join('\n')}\n`);
    const other = await room.file('other.csv', people);
    const controller = new AbortController();
    const began = performance.now();
    const stopped = failure(room.tables.profile(path, { signal: controller.signal }));
    setTimeout(() => controller.abort(), 60);
    const went = room.tables.preview(other);
    expect(await stopped).toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await went).rows).toHaveLength(3);
    const aborted = failure(room.tables.preview(other, AbortSignal.abort()));
    expect(await aborted).toMatchObject({ code: 'CANCELLED' });
  });

  test('that dies fails its calls with the reason, and is there again for the next', async () => {
    const path = await room.file('again.csv', people.repeat(60_000));
    await room.tables.preview(path);
    // Not before the process is at it: a call that was not sent yet is sent to the next.
    const begun = Promise.withResolvers<void>();
    const running = failure(room.tables.profile(path, { onProgress: () => begun.resolve() }));
    await begun.promise;
    room.processes.at(-1)?.kill();
    expect(await running).toMatchObject({ code: 'TABLES_CRASHED' });
    expect(room.errors.at(-1)).toContain('SIGKILL');
    const started = room.processes.length;
    expect((await room.tables.preview(path)).name).toBe('again.csv');
    expect(room.processes).toHaveLength(started + 1);
  });

  test('gets nothing of the environment but what it needs to run', async () => {
    process.env['SLUICE_TEST_SECRET'] = 'a secret';
    const other = await openRoom();
    try {
      await other.tables.preview(await other.file('p.csv', people));
      const pid = other.processes[0]?.pid ?? 0;
      if (process.platform === 'linux') {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
        expect(environment).not.toContain('a secret');
      }
    } finally {
      delete process.env['SLUICE_TEST_SECRET'];
      await other.close();
    }
  });

  test('leaves no file and no process when it is closed', async () => {
    const other = await openRoom();
    const path = await other.file('mixed.csv', 'a,b\r\n1,2\n3,4\r\n');
    await other.tables.profile(path);
    const work = join(other.folder, 'work');
    expect(await readdir(join(work, 'clean'))).toHaveLength(1);
    await other.tables.close();
    expect(await readdir(join(work, 'clean'))).toEqual([]);
    await sleep(20);
    expect(() => process.kill(other.processes[0]?.pid ?? 0, 0)).toThrow('ESRCH');
    await other.close();
  });

  test('notices that a file became another', async () => {
    const path = await room.file('changing.csv', people);
    expect((await room.tables.preview(path)).rows).toHaveLength(3);
    await writeFile(path, `${people}4,Dora,2021-01-01\n`);
    expect((await room.tables.preview(path)).rows).toHaveLength(4);
    expect((await room.tables.profile(path)).rows).toBe(4);
  });
});

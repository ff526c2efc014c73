import { readFile } from 'node:fs/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openRoom, type Room } from '../support.ts';
import { convert, failure, types } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

/** A Parquet file of a query's rows. */
async function parquet(name: string, query: string): Promise<string> {
  const path = room.out(name);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'Europe/Zurich'");
  await connection.run(`COPY (${query}) TO '${path}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
  return path;
}

test('every type has a text that loses nothing', async () => {
  const path = await parquet(
    'types.csv',
    `SELECT 9007199254740993::BIGINT AS big, 170141183460469231731687303715884105727::HUGEINT::VARCHAR AS text, 12.50::DECIMAL(9,2) AS money,
      0.1::DOUBLE AS d, 1e21::DOUBLE AS large, 1.5e-7::DOUBLE AS small, -2.5e300::DOUBLE AS huge, 0.1::FLOAT AS f, true AS yes,
      DATE '2024-02-29' AS day, TIMESTAMP '2024-01-05 10:00:00.5' AS at, TIMESTAMPTZ '2024-01-05 10:00:00+01' AS zoned,
      TIME '10:11:12' AS clock, '00501' AS zip, {'x': 1.50::DECIMAL(5,2), 'y': [1,2]} AS nested, [1, NULL] AS list, MAP {'k': 'v'} AS map,
      'a7b1c2d3-0000-4000-8000-000000000000'::UUID AS uuid, ''::VARCHAR AS empty, NULL::INTEGER AS absent`,
  );
  const { preview, csv } = await convert(room, path);
  expect(preview).toMatchObject({
    format: { kind: 'parquet' },
    rowsEstimated: 1,
    rowsExact: true,
    warnings: [],
  });
  expect(types(preview)).toEqual([
    'big integer',
    'text text',
    'money decimal',
    'd decimal',
    'large decimal',
    'small decimal',
    'huge decimal',
    'f decimal',
    'yes boolean',
    'day date',
    'at timestamp',
    'zoned timestamp',
    'clock text',
    'zip text',
    'nested text',
    'list text',
    'map text',
    'uuid text',
    'empty text',
    'absent integer',
  ]);
  const [, row = ''] = csv.split('\n');
  expect(row).toBe(
    `9007199254740993,170141183460469231731687303715884105727,12.50,0.1,1000000000000000000000.0,0.00000015,-25${'0'.repeat(299)}.0,0.1,true,2024-02-29,2024-01-05 10:00:00.5,2024-01-05 09:00:00Z,10:11:12,00501,"{""x"":1.5,""y"":[1,2]}","[1,null]","{""k"":""v""}",a7b1c2d3-0000-4000-8000-000000000000,"",`,
  );
  expect(preview.rows[0]?.slice(0, 3)).toEqual([
    '9007199254740993',
    '170141183460469231731687303715884105727',
    '12.50',
  ]);
});

test('types are held against all cells, and rows are counted without reading them', async () => {
  const path = await parquet(
    'many.parquet',
    `SELECT i AS id, i / 7 AS share, TIMESTAMP '2024-01-01' + INTERVAL (i) MINUTE AS at, i % 3 = 0 AS third FROM range(200000) t(i)`,
  );
  const preview = await room.tables.preview(path);
  expect(preview).toMatchObject({ rowsEstimated: 200_000, rowsExact: true });
  expect(preview.rows).toHaveLength(50);
  const profile = await room.tables.profile(path);
  expect(profile.rows).toBe(200_000);
  expect(profile.columns.map(({ type, misfits }) => [type.kind, misfits])).toEqual([
    ['integer', 0],
    ['decimal', 0],
    ['timestamp', 0],
    ['boolean', 0],
  ]);
  expect(await room.tables.rejects(path, { offset: 0, limit: 5 })).toMatchObject({ total: 0, rejects: [] });
});

test('a name with wildcards is only a name; a table without rows is a table', async () => {
  const path = await parquet('a[b]*?.parquet', 'SELECT 1 AS x WHERE false');
  const { preview, csv } = await convert(room, path);
  expect(csv).toBe('x\n');
  expect(preview.warnings).toMatchObject([{ code: 'header-only' }]);
});

test('a file cut short says so', async () => {
  const whole = await readFile(await parquet('whole.parquet', 'SELECT * FROM range(10000) t(i)'));
  const broken = Buffer.from(whole);
  const footer = whole.length - 8 - whole.readUInt32LE(whole.length - 8);
  broken.fill(0xee, footer, whole.length - 8);
  for (const [name, bytes] of [
    ['short', whole.subarray(0, whole.length - 100)],
    ['only its mark', whole.subarray(0, 4)],
    ['a broken end', broken],
  ] as const) {
    const failed = await failure(room.tables.preview(await room.file(name, bytes)));
    expect(failed).toMatchObject({ code: 'FILE_DAMAGED' });
    expect(failed.message).toContain('Parquet');
    expect(failed.hint).toContain('export it again');
  }
});

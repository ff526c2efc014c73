/** What the types read in JavaScript, DuckDB has to read as the same values. */
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { literal, physicalType, valueSql } from '#internal/main/tables/sql/index';
import { inferColumn } from '#internal/main/tables/types/index';

let instance: DuckDBInstance;
let connection: DuckDBConnection;

beforeAll(async () => {
  instance = await DuckDBInstance.create(':memory:');
  connection = await instance.connect();
});

afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

test.each([
  [
    ['$1,200.50', '-$3.00', '$ 7.25', '7'],
    ['1200.5', '-3.0', '7.25', '7.0'],
  ],
  [
    ['1.200,50 €', '-3,00 €'],
    ['1200.5', '-3.0'],
  ],
  [
    ['1 234,50 zł', '0,10 zł'],
    ['1234.5', '0.1'],
  ],
  [
    ["CHF 1'234.50", 'CHF 7.00'],
    ['1234.5', '7.0'],
  ],
  [
    ['12.5%', '-7%'],
    ['12.5', '-7.0'],
  ],
  [
    ['1,200.00', '(75.00)'],
    ['1200.0', '-75.0'],
  ],
  [
    ['980,00-', '1.234,50'],
    ['-980.0', '1234.5'],
  ],
  [
    ['1,23,456', '12,34,567'],
    ['123456', '1234567'],
  ],
  [
    ['5', 'k.A.', '7'],
    ['5', null, '7'],
  ],
  [
    ['5. März 2024', '12. Dezember 2023'],
    ['2024-03-05', '2023-12-12'],
  ],
  [
    ['5 février 2024', '1er août 2023'],
    ['2024-02-05', '2023-08-01'],
  ],
  [
    ['5 de enero de 2024', '12 de agosto de 2023'],
    ['2024-01-05', '2023-08-12'],
  ],
  [
    ['3 maggio 2024', '12 giugno 2023'],
    ['2024-05-03', '2023-06-12'],
  ],
  [
    ['3 maja 2024', '12 października 2023'],
    ['2024-05-03', '2023-10-12'],
  ],
  [
    ['5 января 2024', '12 декабря 2023'],
    ['2024-01-05', '2023-12-12'],
  ],
  [
    ['3 mei 2024', '12 maart 2023'],
    ['2024-05-03', '2023-03-12'],
  ],
  [
    ['3 Mayıs 2024', '12 Ağustos 2023'],
    ['2024-05-03', '2023-08-12'],
  ],
  [
    ['January 5th, 2024', 'Sept 1st, 2024'],
    ['2024-01-05', '2024-09-01'],
  ],
  [
    ['2024年1月5日', '2024年12月31日'],
    ['2024-01-05', '2024-12-31'],
  ],
  [
    ['2024.01.05.', '2024.12.31.'],
    ['2024-01-05', '2024-12-31'],
  ],
  [['05/Jan/2024:10:11:12 +0000'], ['2024-01-05 10:11:12']],
  [['31.01.2024, 10:11'], ['2024-01-31 10:11:00']],
  [['31.01.2024 10.11.12'], ['2024-01-31 10:11:12']],
  [['2024-01-05 10:11:12,123'], ['2024-01-05 10:11:12.123']],
  [['20240105T10:11:12Z'], ['2024-01-05 10:11:12']],
])('%j', async (cells, wanted) => {
  const { type } = inferColumn('x', cells, { commaIsPoint: false, dateOrder: null });
  expect(type.kind).not.toBe('text');
  const value = valueSql('x', type, physicalType(type, null));
  const rows = await connection.runAndReadAll(
    `SELECT CAST(${value} AS VARCHAR) FROM (VALUES ${cells.map((cell, at) => `(${at}, ${literal(cell)})`).join(', ')}) AS t(place, x) ORDER BY place`,
  );
  expect(rows.getRows().map(([cell]) => cell)).toEqual(wanted);
});

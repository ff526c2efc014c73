import { describe, expect, test } from 'vitest';
import { compileRecipe, toDuckDb, type TypedColumn } from '#internal/main/tables/recipe/index';
import { identifier, literal, physicalType, valueSql } from '#internal/main/tables/sql/index';
import { cleanRecipe, type ColumnType, type Recipe } from '#shared/domain';

const columns: TypedColumn[] = [
  { name: 'Name', type: { kind: 'text' }, numbers: null },
  { name: 'n', type: { kind: 'integer', thousands: null }, numbers: null },
];
const recipe = (...kinds: Recipe['steps'][number]['kind'][]): Recipe => ({
  version: 1,
  name: 'Test',
  target: null,
  steps: kinds.map((kind) => ({ kind })),
});
const plan = (...kinds: Recipe['steps'][number]['kind'][]) =>
  toDuckDb(compileRecipe(recipe(...kinds), columns), 'data');
const blanks = "E' \\t\\r\\n\u00a0\u2007\u202f\ufeff'";

describe('a recipe compiles to a tree that knows no engine', () => {
  test('no step leaves the source', () => {
    expect(compileRecipe(recipe(), columns)).toEqual({ op: 'source', columns: ['Name', 'n'] });
  });

  test('steps on values fold into one pass, in their order', () => {
    expect(compileRecipe(recipe('trim', 'empty-to-null', 'real-types'), columns)).toEqual({
      op: 'project',
      from: { op: 'source', columns: ['Name', 'n'] },
      columns: [
        {
          name: 'Name',
          value: { op: 'null-if-empty', of: { op: 'trim', of: { op: 'column', name: 'Name' } } },
        },
        {
          name: 'n',
          value: {
            op: 'parse',
            of: { op: 'column', name: 'n' },
            type: { kind: 'integer', thousands: null },
            numbers: null,
          },
        },
      ],
    });
  });

  test('duplicates are looked for in what the steps before them made', () => {
    expect(compileRecipe(recipe('drop-exact-duplicates', 'trim'), columns)).toMatchObject({
      op: 'project',
      from: { op: 'first-of-equals', from: { op: 'source' } },
    });
  });

  test('a target has to be a column, letter for letter', () => {
    expect(() => compileRecipe(cleanRecipe('name'), columns)).toThrow(
      'There is no column named name in this table.',
    );
    expect(() => compileRecipe(cleanRecipe('Name'), columns)).not.toThrow();
  });
});

describe('the SQL of each step', () => {
  test('none', () => {
    expect(plan()).toEqual({ statements: [], query: 'SELECT "Name", "n"\nFROM "data"', stages: [] });
  });

  test('trim', () => {
    expect(plan('trim').query).toBe(
      `SELECT\n  trim("Name", ${blanks}) AS "Name",\n  trim("n", ${blanks}) AS "n"\nFROM "data"`,
    );
  });

  test('empty to null', () => {
    expect(plan('empty-to-null').query).toBe(
      `SELECT\n  nullif("Name", '') AS "Name",\n  nullif("n", '') AS "n"\nFROM "data"`,
    );
  });

  test('real types', () => {
    expect(plan('real-types').query).toBe(
      `SELECT\n  "Name",\n  CASE WHEN regexp_full_match("n", '\\s*(?:[+-]?(?:0|[1-9][0-9]{0,14}))\\s*') THEN TRY_CAST("n" AS BIGINT) END AS "n"\nFROM "data"`,
    );
  });

  test('exact duplicates out', () => {
    const { statements, query } = plan('drop-exact-duplicates');
    expect(statements).toEqual([
      'CREATE TEMP TABLE "stage_1" AS\nSELECT "Name", "n", hash("Name", "n") AS "row_hash"\nFROM (\nSELECT "Name", "n"\nFROM "data"\n)',
      `DELETE FROM "stage_1" WHERE rowid IN (
  SELECT place FROM (
    SELECT rowid AS place, row_number() OVER (PARTITION BY "Name", "n" ORDER BY rowid) AS nth
    FROM "stage_1"
    WHERE "row_hash" IN (SELECT "row_hash" FROM "stage_1" GROUP BY "row_hash" HAVING count(*) > 1)
  ) WHERE nth > 1
)`,
    ]);
    expect(query).toBe('SELECT "Name", "n"\nFROM "stage_1"');
  });

  test('twice makes two stages, each of the one before', () => {
    const { statements, query, stages } = plan('drop-exact-duplicates', 'trim', 'drop-exact-duplicates');
    expect(stages).toEqual(['"stage_1"', '"stage_2"']);
    expect(statements).toHaveLength(4);
    expect(statements[2]).toContain('FROM "stage_1"');
    expect(query).toContain('FROM "stage_2"');
  });

  test('a column called rowid or row_hash does not stand in for what the engine means by it', () => {
    const odd: TypedColumn[] = ['RowID', 'row_hash'].map((name) => ({
      name,
      type: { kind: 'text' },
      numbers: null,
    }));
    const { statements, query } = toDuckDb(compileRecipe(recipe('drop-exact-duplicates'), odd), 'data');
    expect(statements[0]).toContain(
      'SELECT "RowID" AS "RowID_", "row_hash", hash("RowID", "row_hash") AS "row_hash_"',
    );
    expect(query).toBe('SELECT "RowID_" AS "RowID", "row_hash"\nFROM "stage_1"');
  });
});

describe('the SQL of each type', () => {
  const value = (type: ColumnType, physical = physicalType(type, null)) => valueSql('"x"', type, physical);

  test('numbers', () => {
    expect(value({ kind: 'integer', thousands: ',' })).toContain(`TRY_CAST(replace("x", ',', '') AS BIGINT)`);
    expect(value({ kind: 'decimal', point: ',', thousands: '.' })).toContain(
      `TRY_CAST(replace(replace("x", '.', ''), ',', '.') AS DOUBLE)`,
    );
  });

  test('dates', () => {
    expect(value({ kind: 'date', formats: ['%Y-%m-%d', '%d.%m.%Y', '%d %b %Y'] })).toBe(
      String.raw`CASE WHEN regexp_full_match("x", '\s*(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2})\s*') THEN TRY_CAST("x" AS DATE) ` +
        String.raw`WHEN regexp_full_match("x", '\s*(?:[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{4})\s*') THEN CAST(try_strptime("x", '%d.%m.%Y') AS DATE) ` +
        String.raw`WHEN regexp_full_match("x", '\s*(?:[0-9]{1,2} [A-Za-z]{3} [0-9]{4})\s*') THEN CAST(try_strptime("x", '%d %b %Y') AS DATE) END`,
    );
  });

  test('yes and no', () => {
    expect(value({ kind: 'boolean', yes: ['yes'], no: ['no'] })).toBe(
      String.raw`CASE WHEN regexp_full_match("x", '\s*(?:(?i)yes)\s*') THEN true WHEN regexp_full_match("x", '\s*(?:(?i)no)\s*') THEN false END`,
    );
  });

  test('decimals keep their places exactly where all have as many, else as doubles hold them', () => {
    const decimal: ColumnType = { kind: 'decimal', point: '.', thousands: null };
    expect(physicalType(decimal, { whole: 6, scaleMin: 2, scaleMax: 2 })).toBe('DECIMAL(18, 2)');
    expect(physicalType(decimal, { whole: 18, scaleMin: 2, scaleMax: 2 })).toBe('DECIMAL(38, 2)');
    expect(physicalType(decimal, { whole: 6, scaleMin: 1, scaleMax: 4 })).toBe('DOUBLE');
    expect(physicalType(decimal, { whole: 12, scaleMin: 1, scaleMax: 9 })).toBe('DECIMAL(38, 9)');
    expect(physicalType(decimal, null)).toBe('DOUBLE');
  });
});

test('names and texts are quoted, however hostile', () => {
  expect(identifier('"; drop table x; --')).toBe('"""; drop table x; --"');
  expect(literal("it's '; drop")).toBe("'it''s ''; drop'");
});

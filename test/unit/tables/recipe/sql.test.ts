import { describe, expect, test } from 'vitest';
import { identifier, literal, physicalType, valueSql } from '#internal/main/tables/sql/index';
import type { ColumnType } from '#shared/domain';

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
  expect(literal('a\0b')).toBe("('a' || chr(0) || 'b')");
});

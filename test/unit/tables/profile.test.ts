import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { likelyKey, spansLittle } from '#internal/main/tables/profile/guess';
import type { Column, ColumnType } from '#shared/domain';
import { openRoom, type Room } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

const integer = { kind: 'integer', thousands: null } as const;
const column = (name: string): Column => ({ name, type: integer, note: null });
const some = (of: (at: number) => number | string): string[] =>
  Array.from({ length: 500 }, (_, at) => String(of(at)));

describe('what a sample promises', () => {
  test('a key: whole numbers, none twice, with few gaps', () => {
    const columns = [column('kind'), column('id')];
    const key = likelyKey(columns, [some((at) => at % 7), some((at) => 1000 + at * 2000)], 1_000_000);
    expect(key).toMatchObject({ kind: 'numbers', index: 1 });
    if (key?.kind !== 'numbers') throw new Error('no key');
    expect(key.from).toBeLessThanOrEqual(1000);
    expect(key.to).toBeGreaterThanOrEqual(1000 + 499 * 2000);
    expect(likelyKey(columns, [some((at) => at % 7), some((at) => at * 1e9)], 1_000_000)).toBeNull();
    expect(likelyKey(columns, [['1'], ['2']], 1_000_000)).toBeNull();
  });

  test('few values: numbers or days that lie near together', () => {
    const date: ColumnType = { kind: 'date', formats: ['%Y-%m-%d'] };
    const day = (at: number): string => new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10);
    expect(spansLittle(date, some(day))).toBe(true);
    expect(
      spansLittle(
        date,
        some((at) => day(at * 40)),
      ),
    ).toBe(false);
    expect(
      spansLittle(
        integer,
        some((at) => at),
      ),
    ).toBe(true);
    expect(
      spansLittle(
        integer,
        some((at) => at * 100),
      ),
    ).toBe(false);
    expect(
      spansLittle(
        { kind: 'text' },
        some((at) => at),
      ),
    ).toBe(false);
  });
});

describe('a profile of many rows', () => {
  const ROWS = 700_000;
  const tableOf = (id: (at: number) => number): string => {
    const lines = Array.from({ length: ROWS }, (_, at) => {
      const day = new Date(Date.UTC(2020, 0, 1 + ((id(at) * 7) % 1500))).toISOString().slice(0, 10);
      return `${id(at)},${day},${(id(at) * 37) % 100_000}`;
    });
    return `id,day,amount\n${lines.join('\n')}\n`;
  };

  test('proves its key, and that no row comes twice', async () => {
    const path = await room.file(
      'key.csv',
      tableOf((at) => at + 1),
    );
    const { rows, duplicates, columns } = await room.tables.profile(path);
    expect({ rows, duplicates }).toEqual({ rows: ROWS, duplicates: 0 });
    expect(columns[0]).toMatchObject({ distinct: ROWS, min: '1', max: String(ROWS) });
    expect(columns[1]).toMatchObject({ distinct: 1500, min: '2020-01-01' });
    const counted = columns[1]?.top.reduce((sum, { count }) => sum + count, 0) ?? 0;
    expect(counted).toBeGreaterThan(4600);
  });

  test('counts the rows that come twice where what seemed to be a key is none', async () => {
    // Nowhere near where a sample is taken.
    const twice = (at: number): number => (at >= 200_000 && at < 200_025 ? 123_456 : at);
    const path = await room.file('twice.csv', tableOf(twice));
    const { duplicates } = await room.tables.profile(path);
    expect(duplicates).toBe(25);
  });
});

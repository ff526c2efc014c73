import { afterAll, beforeAll, expect, test } from 'vitest';
import { byClass, examples, judge, type Judged } from '../../bench/tables/corpus.ts';
import { sluice, type Reader } from '../../bench/tables/readers.ts';
import { score } from '../../bench/tables/score.ts';

let reader: Reader;

beforeAll(async () => {
  reader = await sluice();
});

afterAll(() => reader.close());

const all = examples();
const judged: Judged[] = [];

for (const kind of new Set(all.map((example) => example.kind))) {
  test(`${kind}: every cell is where a careful person would put it`, async () => {
    const found = await judge(
      reader.read,
      all.filter((example) => example.kind === kind),
    );
    judged.push(...found);
    for (const { example, got } of found) {
      expect.soft(got, `${example.kind}/${example.name}`).toEqual(example.wanted);
    }
  });
}

test('the corpus is wide, and 0.99 of its cells are right', () => {
  const { classes, all: over } = byClass(judged);
  const [header, records, cells] = [over.header, over.records, over.cells].map((of) => of.toFixed(4));
  console.log(
    `corpus of messy files: F1 of header ${header}, records ${records}, cells ${cells} over ${classes.length} classes, ${all.length} files`,
  );
  expect(classes.length).toBeGreaterThanOrEqual(25);
  expect(all.length).toBeGreaterThanOrEqual(150);
  expect(over.cells).toBeGreaterThanOrEqual(0.99);
});

test('the score counts what is there, what is missing and what is too much', () => {
  const wanted = [
    ['a', 'b'],
    ['1', 'x'],
    ['2', 'y'],
  ];
  expect(score(wanted, wanted)).toEqual({ header: 1, records: 1, cells: 1 });
  expect(score(null, wanted)).toEqual({ header: 0, records: 0, cells: 0 });
  expect(
    score(
      [
        ['a', 'c'],
        ['1', 'x'],
      ],
      wanted,
    ),
  ).toEqual({ header: 0.5, records: 2 / 3, cells: 2 / 3 });
  const shifted = score(
    [
      ['a', 'b'],
      ['note', ''],
      ['1', 'x'],
      ['2', 'y'],
    ],
    wanted,
  );
  expect(shifted.records).toBeCloseTo(0.8);
});

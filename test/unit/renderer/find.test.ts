import { expect, test } from 'vitest';
import { find as findSought, sought } from '#internal/renderer/src/components/type-ahead';

const names = ['alpha', 'beta', 'bravo', 'Charlie', 'bravissimo'];
const find = (text: string, count: number, active: number, at: typeof textAt) =>
  findSought(sought(text, active), count, at);
const textAt = (index: number) => names[index];

test('a letter goes on from match to match, and round', () => {
  expect(find('b', 5, 0, textAt)).toBe(1);
  expect(find('b', 5, 1, textAt)).toBe(2);
  expect(find('bb', 5, 2, textAt)).toBe(4);
  expect(find('b', 5, 4, textAt)).toBe(1);
});

test('more letters narrow it down from where one is', () => {
  expect(find('br', 5, 2, textAt)).toBe(2);
  expect(find('bravi', 5, 2, textAt)).toBe(4);
  expect(find('c', 5, 0, textAt)).toBe(3);
  expect(find('zz', 5, 0, textAt)).toBeNull();
});

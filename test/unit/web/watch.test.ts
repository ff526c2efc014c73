import { expect, test } from 'vitest';
import { compareLooks } from '#internal/main/hosts/node/watch';

test('time that passed without us means that the machine slept', () => {
  expect(compareLooks({ now: 0, addresses: 'a' }, { now: 5100, addresses: 'a' })).toEqual({
    woke: false,
    moved: false,
  });
  expect(compareLooks({ now: 0, addresses: 'a' }, { now: 60_000, addresses: 'a' }).woke).toBe(true);
});

test('another address is another network; none at all is no reason to try', () => {
  expect(compareLooks({ now: 0, addresses: 'a' }, { now: 5000, addresses: 'b' }).moved).toBe(true);
  expect(compareLooks({ now: 0, addresses: 'a' }, { now: 5000, addresses: '' }).moved).toBe(false);
  expect(compareLooks({ now: 0, addresses: '' }, { now: 5000, addresses: 'a' }).moved).toBe(true);
});

import { expect, test } from 'vitest';
import type { StoredObject } from '#main/storage';
import { planUpload } from '#internal/main/transfers/plan';
import { partsToKeep } from '#internal/main/transfers/reconcile';
import { isProven, prove } from '#internal/main/transfers/verify';

const MiB = 1024 * 1024;
const plan = planUpload(20 * MiB);

test('a part is kept only where journal, store and plan agree', () => {
  const seen = [
    { number: 1, crc32: 11, etag: '"a"' },
    { number: 2, crc32: 22, etag: '"b"' },
    { number: 3, crc32: 33, etag: null },
  ];
  const listed = [
    { number: 1, size: 8 * MiB, etag: '"a"', crc32: 11 },
    { number: 2, size: 8 * MiB, etag: '"b"', crc32: null },
    { number: 3, size: 4 * MiB, etag: '"c"', crc32: 33 },
  ];
  expect(partsToKeep(plan, seen, listed).map(({ number, etag }) => [number, etag])).toEqual([
    [1, '"a"'],
    [2, '"b"'],
    [3, '"c"'],
  ]);
  const spoilt = [
    { number: 1, size: 8 * MiB, etag: '"other"', crc32: 11 },
    { number: 2, size: 8 * MiB - 1, etag: '"b"', crc32: null },
    { number: 3, size: 4 * MiB, etag: '"c"', crc32: 34 },
    { number: 4, size: 4 * MiB, etag: '"d"', crc32: 1 },
  ];
  expect(partsToKeep(plan, [...seen, { number: 4, crc32: 1, etag: '"d"' }], spoilt)).toEqual([]);
  expect(partsToKeep(plan, [], listed)).toEqual([]);
});

const expected = { key: 'k', size: 5, crc32: 7, transferId: 'me' };
const stored: StoredObject = {
  size: 5,
  etag: '"e"',
  versionId: null,
  crc32: 7,
  composite: null,
  metadata: { 'sluice-id': 'me' },
};

test('what agrees in mark, size and checksum is proven, and the receipt says what was compared', () => {
  expect(prove(stored, expected)).toHaveLength(3);
  expect(prove({ ...stored, crc32: null }, expected).join()).toContain('no checksum of the whole');
});

test.each([
  ['nothing there', null],
  ['an object of somebody else', { ...stored, metadata: {} }],
  ['an object of another upload', { ...stored, metadata: { 'sluice-id': 'other' } }],
  ['another size', { ...stored, size: 6 }],
  ['another checksum', { ...stored, crc32: 8 }],
])('%s is no proof', (_, found) => {
  expect(isProven(found, expected)).toBe(false);
  expect(() => prove(found, expected)).toThrow(expect.objectContaining({ code: 'VERIFY_FAILED' }));
});

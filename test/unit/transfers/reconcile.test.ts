import { expect, test } from 'vitest';
import { compositeCrc32, expectedMultipartEtag, type StoredObject } from '#main/storage';
import { planUpload } from '#internal/main/transfers/plan';
import { partsToKeep } from '#internal/main/transfers/reconcile';
import { isProven, prove, proveListed } from '#internal/main/transfers/verify';

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
  etagIsMd5: false,
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

const parts = [
  { crc32: 1, etag: '"900150983cd24fb0d6963f7d28e17f72"' },
  { crc32: 2, etag: '"f96b697d7cb7938d525a2f31aaf161d0"' },
];

test('a store that keeps one checksum per part proves by the checksum of them all', () => {
  const ours = compositeCrc32([1, 2]);
  const object = { ...stored, crc32: null, composite: ours };
  expect(prove(object, { ...expected, parts }).join()).toContain(
    "the store's checksum of all part checksums is ours",
  );
  for (const composite of [
    { ...ours, parts: 3 },
    { ...ours, crc32: ours.crc32 ^ 1 },
  ]) {
    expect(isProven({ ...object, composite }, { ...expected, parts })).toBe(false);
    expect(() => prove({ ...object, composite }, { ...expected, parts })).toThrow(
      expect.objectContaining({ code: 'VERIFY_FAILED' }),
    );
  }
});

test('a store without checksums proves by its ETag where that is made of MD5s, and else by mark and size', () => {
  const object = { ...stored, crc32: null };
  const etag = `"${expectedMultipartEtag(parts.map((part) => part.etag)) ?? ''}"`;
  expect(prove({ ...object, etag }, { ...expected, parts }).join()).toContain(
    "the ETag is the MD5 of the parts' MD5s",
  );
  expect(prove(object, { ...expected, parts }).join()).toContain('no checksum of the whole');
  const md5 = '900150983cd24fb0d6963f7d28e17f72';
  expect(prove({ ...object, etag: `"${md5}"` }, { ...expected, md5 }).join()).toContain(
    'the ETag is the MD5 of the file',
  );
});

test('an answer that says what was taken proves together with a listing, and one that does not does not', () => {
  const taken = { etag: '"e"', versionId: null, crc32: 7, md5: null };
  expect(proveListed(taken, expected)).toHaveLength(3);
  expect(proveListed({ ...taken, crc32: 8 }, expected)).toBeNull();
  expect(proveListed({ ...taken, crc32: null }, expected)).toBeNull();
  expect(proveListed({ ...taken, crc32: null, md5: 'x' }, expected)?.join()).toContain('MD5');
});

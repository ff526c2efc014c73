import fc from 'fast-check';
import { crc32 } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  combineCrc32,
  decodeCrc32,
  encodeCrc32,
  formatBytes,
  formatDuration,
  shortenMiddle,
} from '#shared/lib';

test('the CRC-32 of a whole comes of those of its parts', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 3000 }), fc.uint8Array({ maxLength: 3000 }), (a, b) => {
      const whole = crc32(Buffer.concat([a, b]));
      expect(combineCrc32(crc32(a), crc32(b), b.length)).toBe(whole);
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(whole);
      expect(encodeCrc32(whole)).toBe(bytes.toString('base64'));
      expect(decodeCrc32(encodeCrc32(whole))).toBe(whole);
    }),
  );
});

test('what is no checksum is none', () => {
  for (const text of ['', 'AAAA', 'AAAAAA', 'AAAAA*==', 'AAAAAAAA==']) expect(decodeCrc32(text)).toBeNull();
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '1.0 MB'],
  [314_572_800, '315 MB'],
  [2 ** 31, '2.1 GB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test.each([
  [0.4, '0 s'],
  [59, '59 s'],
  [130, '2 min 10 s'],
  [3600, '1 h'],
  [100_000, '1 d 3 h'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('names are shortened in the middle and never inside a sign', () => {
  expect(shortenMiddle('short.csv', 20)).toBe('short.csv');
  expect(shortenMiddle('a-very-long-name-2024.csv', 11)).toBe('a-ver…4.csv');
  expect(shortenMiddle('👨‍👩‍👧'.repeat(9), 3)).toBe('👨‍👩‍👧…👨‍👩‍👧');
});

import { randomBytes } from 'node:crypto';
import { crc32 as zlibCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { crc32, encodeCrc32 } from '#shared/lib';

test('is the sum that zlib makes, whatever the length and the place in a buffer', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(20), (bytes, skip) => {
      const view = bytes.subarray(Math.min(skip, bytes.length));
      expect(crc32(view)).toBe(zlibCrc32(view));
    }),
  );
});

test('goes on from a sum', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (first, second) => {
      expect(crc32(second, crc32(first))).toBe(zlibCrc32(second, zlibCrc32(first)));
    }),
  );
});

test('is the sum that zlib makes over megabytes', () => {
  const bytes = randomBytes(3_000_001);
  expect(crc32(bytes)).toBe(zlibCrc32(bytes));
});

test('is written as S3 writes it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0xffffffff }), (sum) => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(sum);
      expect(encodeCrc32(sum)).toBe(bytes.toString('base64'));
    }),
  );
  expect(encodeCrc32(crc32(new TextEncoder().encode('123456789')))).toBe('y/Q5Jg==');
});

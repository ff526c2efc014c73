/** Checksums: known values, combination, parts, and the same from the hash threads. */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { DigestName } from '#internal/main/hashing/algorithms';
import { combineCrcs } from '#internal/main/hashing/crc-combine';
import { compositeChecksum, multipartETag } from '#internal/main/hashing/etag';
import { digestNow } from '#internal/main/hashing/hasher';
import { HashPool } from '#internal/main/hashing/pool';
import { bytesOf } from '../bucket/support.ts';

const NAMES: readonly DigestName[] = ['md5', 'crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'];

function hexOf(bytes: Uint8Array, name: DigestName): string {
  return digestNow(bytes, [name]).get(name)?.toString('hex') ?? '';
}

describe('digests', () => {
  test('have the published check values', () => {
    const check = Buffer.from('123456789');
    expect(hexOf(check, 'crc32')).toBe('cbf43926');
    expect(hexOf(check, 'crc32c')).toBe('e3069283');
    expect(hexOf(check, 'crc64nvme')).toBe('ae8b14860a799888');
    expect(hexOf(check, 'md5')).toBe('25f9e794323b453885f5181f1b624d0b');
    expect(hexOf(Buffer.alloc(0), 'crc64nvme')).toBe('0000000000000000');
    // Vectors of RFC 3720.
    expect(hexOf(Buffer.alloc(32), 'crc32c')).toBe('8a9136aa');
    expect(hexOf(Buffer.alloc(32, 0xff), 'crc32c')).toBe('62a8ab43');
    // Vector of the NVM Express specification: 4 KiB of zeros.
    expect(hexOf(Buffer.alloc(4096), 'crc64nvme')).toBe('6482d367eb22b64e');
  });

  const pool = new HashPool(2);
  afterAll(() => pool.close());

  test('are the same from the threads, whatever the blocks', async () => {
    const data = bytesOf(300_001, 7);
    const streams = [1000, 65_536, 299_999].map(async (size) => {
      const stream = pool.open(NAMES);
      const updates: Promise<void>[] = [];
      for (let at = 0; at < data.length; at += size) {
        const piece = data.subarray(at, at + size);
        const memory = new SharedArrayBuffer(piece.length);
        new Uint8Array(memory).set(piece);
        updates.push(stream.update(memory, piece.length));
      }
      await Promise.all(updates);
      return stream.digest();
    });
    const expected = digestNow(data, NAMES);
    for (const digests of await Promise.all(streams)) expect(digests).toEqual(expected);
  });
});

describe('combined CRCs', () => {
  test.each([
    ['CRC32', 'crc32'],
    ['CRC32C', 'crc32c'],
    ['CRC64NVME', 'crc64nvme'],
  ] as const)('%s of the parts is that of the whole', (algorithm, name) => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { minLength: 1, maxLength: 8 }), (parts) => {
        const combined = combineCrcs(
          algorithm,
          parts.map((part) => ({ crc: digestNow(part, [name]).get(name)!, size: part.length })),
        );
        expect(combined.toString('hex')).toBe(hexOf(Buffer.concat(parts), name));
      }),
      { numRuns: 60 },
    );
  });

  test('holds for sizes beyond 4 GiB and takes little time for 10,000 parts', () => {
    // The CRC of zeros, by doubling: the independent way to the same value.
    const size = 2 ** 33;
    let crc = Buffer.alloc(4);
    crc.writeUInt32BE(crc32(Buffer.alloc(1024)));
    for (let length = 1024; length < size; length *= 2) {
      crc = Buffer.from(
        combineCrcs('CRC32', [
          { crc, size: length },
          { crc, size: length },
        ]),
      );
    }
    const one = combineCrcs('CRC32', [
      { crc, size },
      { crc: Buffer.alloc(4), size: 0 },
    ]);
    expect(one.toString('hex')).toBe(crc.toString('hex'));
    const many = Array.from({ length: 10_000 }, () => ({ crc, size: 8 << 20 }));
    const before = process.cpuUsage();
    combineCrcs('CRC32', many);
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(3);
  });
});

describe('multipart tags', () => {
  test('are the MD5 of the MD5s and their number', () => {
    const parts = [bytesOf(10, 1), bytesOf(20, 2)];
    const md5s = parts.map((part) => createHash('md5').update(part).digest());
    const joined = createHash('md5').update(Buffer.concat(md5s)).digest('hex');
    expect(multipartETag(md5s.map((md5) => md5.toString('hex')))).toBe(`${joined}-2`);
    // A value S3 itself gave for one part of nothing.
    expect(multipartETag(['d41d8cd98f00b204e9800998ecf8427e'])).toBe('59adb24ef3cdbe0297f05b395827453f-1');
  });

  test('composite checksums are the checksum of the checksums and their number', () => {
    const parts = [bytesOf(10, 1), bytesOf(20, 2)].map((part) => createHash('sha256').update(part).digest());
    const joined = createHash('sha256').update(Buffer.concat(parts)).digest('base64');
    const told = compositeChecksum(
      'SHA256',
      parts.map((part) => part.toString('base64')),
    );
    expect(told).toBe(`${joined}-2`);
  });
});

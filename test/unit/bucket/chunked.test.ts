/** aws-chunked bodies, fed at whatever cuts a network makes. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ChunkSigner } from '#internal/main/bucket/auth/chunk-signer';
import { EMPTY_SHA256, scopeText, type Scope, sign, signingKey } from '#main/sigv4';
import { ChunkedDecoder } from '#internal/main/bucket/body/chunked';

const SCOPE: Scope = { date: '20130524', region: 'us-east-1', service: 's3' };
const AMZ_DATE = '20130524T000000Z';
const KEY = signingKey('wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', SCOPE);
const SEED = '4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9';
const TRAILER_SEED = '106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e';

function signer(seed = SEED): ChunkSigner {
  return new ChunkSigner(KEY, AMZ_DATE, SCOPE, seed);
}

function decode(decoder: ChunkedDecoder, pieces: readonly Buffer[]): Buffer {
  const data = pieces.flatMap((piece) => decoder.push(piece));
  decoder.end();
  return Buffer.concat(data);
}

/** The example of the S3 documentation: 65 KiB of `a` in two chunks. */
const published = Buffer.concat([
  Buffer.from('10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n'),
  Buffer.alloc(65_536, 'a'),
  Buffer.from('\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n'),
  Buffer.alloc(1024, 'a'),
  Buffer.from(
    '\r\n0;chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9\r\n\r\n',
  ),
]);

const publishedTrailer = Buffer.concat([
  Buffer.from('10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n'),
  Buffer.alloc(65_536, 'a'),
  Buffer.from('\r\n400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n'),
  Buffer.alloc(1024, 'a'),
  Buffer.from('\r\n0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n'),
  Buffer.from('x-amz-checksum-crc32c:sOO8/Q==\n\r\n'),
  Buffer.from(
    'x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n',
  ),
]);

/** Cuts bytes into pieces of the given sizes, over and over. */
function cut(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
}

describe('aws-chunked', () => {
  test('takes the published signed example, and the one with a trailer', () => {
    const plain = new ChunkedDecoder({ signer: signer(), trailer: false });
    expect(decode(plain, [published])).toEqual(Buffer.alloc(66_560, 'a'));
    const trailing = new ChunkedDecoder({ signer: signer(TRAILER_SEED), trailer: true });
    expect(decode(trailing, [publishedTrailer])).toEqual(Buffer.alloc(66_560, 'a'));
    expect([...trailing.trailers]).toEqual([['x-amz-checksum-crc32c', 'sOO8/Q==']]);
  });

  test('refuses one changed byte of data, of a signature and of a trailer', () => {
    for (const [bytes, seed, trailer] of [
      [published, SEED, false],
      [publishedTrailer, TRAILER_SEED, true],
    ] as const) {
      for (const at of [100, 66_000, 30, bytes.length - 20, bytes.length - 100]) {
        const changed = Buffer.from(bytes);
        changed[at] = (changed[at] ?? 0) === 0x62 ? 0x63 : 0x62;
        const decoder = new ChunkedDecoder({ signer: signer(seed), trailer });
        expect(() => decode(decoder, [changed]), `byte ${at}`).toThrow(
          /signature|not well-formed|aws-chunked/,
        );
      }
    }
  });

  test('gives the same data however it is cut', () => {
    const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 6 });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(pieces, sizes, fc.boolean(), fc.boolean(), (chunks, cuts, signed, doubled) => {
        const body = encode(chunks, signed, doubled);
        const decoder = new ChunkedDecoder({ signer: signed ? signer() : null, trailer: true });
        expect(decode(decoder, cut(body, cuts))).toEqual(Buffer.concat(chunks));
        expect(decoder.trailers.get('x-amz-checksum-crc32')).toBe('AAAAAA==');
      }),
      { numRuns: 150 },
    );
  });

  test('tells a body that stops early, wherever it stops', () => {
    const body = encode([Buffer.from('hello'), Buffer.from('world')], true, false);
    const end = body.lastIndexOf('0;chunk-signature');
    for (let at = 0; at < end; at += 1) {
      const decoder = new ChunkedDecoder({ signer: signer(), trailer: true });
      expect(() => decode(decoder, [body.subarray(0, at)])).toThrow(/number of bytes/);
    }
  });

  test.each([
    ['no size', 'hello\r\n'],
    ['a negative size', '-1\r\nx\r\n'],
    ['data longer than its chunk', '1\r\nxy\r\n'],
    ['an endless line', 'a'.repeat(5000)],
    ['a size beyond sense', 'fffffffffffffffff\r\n'],
  ])('refuses %s', (_, text) => {
    const decoder = new ChunkedDecoder({ signer: null, trailer: false });
    expect(() => decode(decoder, [Buffer.from(text)])).toThrow(/aws-chunked/);
  });

  test('refuses trailers that were not announced', () => {
    const decoder = new ChunkedDecoder({ signer: null, trailer: false });
    expect(() => decode(decoder, [Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')])).toThrow(
      /trailing data/,
    );
  });
});

/** @param doubled ends every trailer with an empty line, as some clients do */
function encode(chunks: readonly Uint8Array[], signed: boolean, doubled: boolean): Buffer {
  let previous = SEED;
  const next = (algorithm: string, hashes: readonly string[]): string =>
    (previous = sign(KEY, [algorithm, AMZ_DATE, scopeText(SCOPE), previous, ...hashes].join('\n')));
  const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');
  const size = (data: Uint8Array): string => {
    const signature = signed
      ? `;chunk-signature=${next('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, sha256(data)])}`
      : '';
    return `${data.length.toString(16)}${signature}\r\n`;
  };
  const parts: (Uint8Array | string)[] = [];
  for (const chunk of chunks) parts.push(size(chunk), chunk, '\r\n');
  parts.push(size(Buffer.alloc(0)), 'x-amz-checksum-crc32:AAAAAA==\r\n', doubled ? '\r\n' : '');
  if (signed) {
    const signature = next('AWS4-HMAC-SHA256-TRAILER', [sha256('x-amz-checksum-crc32:AAAAAA==\n')]);
    parts.push(`x-amz-trailer-signature:${signature}\r\n`);
  }
  parts.push('\r\n');
  return Buffer.concat(parts.map((part) => Buffer.from(part)));
}

/** The body of a request: its bytes as the client meant them, and the proofs that came with it. */
import type { IncomingMessage } from 'node:http';
import type { Authorized } from '../auth/index.ts';
import {
  checksumHeader,
  digestName,
  digestNow,
  digestOf,
  isChecksumValue,
  type DigestName,
  type Digests,
} from '#main/hashing';
import { type RequestHeaders, S3Error } from '../wire/index.ts';
import { ChunkedDecoder } from './chunked.ts';
import { type DeclaredChecksum, declaredChecksum, declaredMd5 } from './declared.ts';

export interface IncomingBody {
  /** Bytes, decoded. */
  readonly length: number;
  /** The checksum that came with it; where it came as a trailer, its value is known once `chunks` ended. */
  readonly checksum: DeclaredChecksum | null;
  /** The digests that `verify` needs. */
  readonly digests: readonly DigestName[];
  /** Once only. Throws IncompleteBody and the errors of aws-chunked. */
  chunks(): AsyncIterable<Buffer>;
  /** Throws BadDigest or XAmzContentSHA256Mismatch. */
  verify(digests: Digests): void;
}

export interface BodySource {
  readonly request: IncomingMessage;
  readonly authorized: Authorized;
  /** Asks a client that waits for it to send. */
  readonly begin: () => void;
}

/**
 * @param checksums `of-body`: x-amz-checksum-* is of this body; `of-object`: it is of what the request makes
 */
export function openBody(source: BodySource, checksums: 'of-body' | 'of-object' = 'of-body'): IncomingBody {
  const { request, authorized, begin } = source;
  const { headers, payload } = authorized;
  const md5 = declaredMd5(headers);
  const checksum = checksums === 'of-body' ? declaredChecksum(headers) : null;
  const length = bodyLength(headers, payload.kind === 'chunked');
  const decoder =
    payload.kind === 'chunked'
      ? new ChunkedDecoder({ signer: authorized.chunks, trailer: payload.trailer })
      : null;

  const digests: DigestName[] = [];
  if (md5 !== null) digests.push('md5');
  if (payload.kind === 'sha256') digests.push('sha256');
  if (checksum !== null) digests.push(digestName(checksum.algorithm));

  return {
    length,
    checksum,
    digests: [...new Set(digests)],
    async *chunks() {
      begin();
      let received = 0;
      for await (const data of decoded(request, decoder)) {
        received += data.length;
        if (received > length) throw new S3Error('IncompleteBody');
        yield data;
      }
      if (received !== length) throw new S3Error('IncompleteBody');
    },
    verify(computed) {
      if (payload.kind === 'sha256') verifySha256(payload.hash, computed);
      if (md5 !== null) verifyMd5(md5, computed);
      if (checksum !== null) verifyChecksum(checksum, decoder, computed);
    },
  };
}

function bodyLength(headers: RequestHeaders, chunked: boolean): number {
  const transferChunked = headers.get('transfer-encoding') !== null;
  if (transferChunked && !chunked) {
    throw new S3Error('NotImplemented', undefined, { Header: 'Transfer-Encoding' });
  }
  const text = headers.get(chunked ? 'x-amz-decoded-content-length' : 'content-length');
  if (text === null || !/^\d{1,15}$/.test(text)) throw new S3Error('MissingContentLength');
  return Number(text);
}

async function* decoded(request: IncomingMessage, decoder: ChunkedDecoder | null): AsyncIterable<Buffer> {
  // The stream stays whole when reading stops early: an error must still be answered on this socket.
  const source = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  try {
    for await (const bytes of source) {
      if (decoder === null) yield bytes;
      else yield* decoder.push(bytes);
    }
  } catch (error) {
    if (error instanceof S3Error) throw error;
    throw new S3Error('IncompleteBody', undefined, {}, error);
  }
  if (!request.complete) throw new S3Error('IncompleteBody');
  decoder?.end();
}

function verifySha256(claimed: string, computed: Digests): void {
  const actual = digestOf(computed, 'sha256').toString('hex');
  if (actual === claimed) return;
  throw new S3Error('XAmzContentSHA256Mismatch', undefined, {
    ClientComputedContentSHA256: claimed,
    S3ComputedContentSHA256: actual,
  });
}

function verifyMd5(claimed: Buffer, computed: Digests): void {
  const actual = digestOf(computed, 'md5');
  if (actual.equals(claimed)) return;
  throw new S3Error('BadDigest', 'The Content-MD5 you specified did not match what we received.', {
    ExpectedDigest: claimed.toString('base64'),
    CalculatedDigest: actual.toString('base64'),
  });
}

function verifyChecksum(
  { algorithm, value }: DeclaredChecksum,
  decoder: ChunkedDecoder | null,
  computed: Digests,
): void {
  const claimed = value ?? decoder?.trailers.get(checksumHeader(algorithm)) ?? '';
  if (!isChecksumValue(algorithm, claimed)) throw new S3Error('MalformedTrailerError');
  if (digestOf(computed, digestName(algorithm)).toString('base64') === claimed) return;
  throw new S3Error('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
}

/** @returns a whole small body, verified. Throws MaxMessageLengthExceeded. */
export async function readSmallBody(body: IncomingBody, limit: number): Promise<Buffer> {
  if (body.length > limit) {
    throw new S3Error('MaxMessageLengthExceeded', undefined, { MaxMessageLengthBytes: limit });
  }
  const chunks: Buffer[] = [];
  for await (const chunk of body.chunks()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  body.verify(digestNow(bytes, body.digests));
  return bytes;
}

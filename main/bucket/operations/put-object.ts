/** PutObject. */
import { digestName, digestOf } from '#main/hashing';
import { empty, parseWriteCondition, type Reply, S3Error } from '../wire/index.ts';
import { checksumHeaders, DEFAULT_ALGORITHM, fullObject, unique } from './checksums.ts';
import { bodyOf, bucketOf, type Exchange, keyOf } from './exchange.ts';
import { encryptionHeaders, factsOf, refuseUnsupported } from './facts.ts';

/** The most that one request may carry: 5 GiB. */
export const MAX_BODY = 5 * 1024 ** 3;

export function checkSize(size: number): void {
  if (size > MAX_BODY) {
    throw new S3Error('EntityTooLarge', undefined, { ProposedSize: size, MaxSizeAllowed: MAX_BODY });
  }
}

export async function putObject(exchange: Exchange): Promise<Reply> {
  const { store, headers } = exchange;
  const bucket = bucketOf(exchange);
  const key = keyOf(exchange);
  refuseUnsupported(headers);
  const facts = factsOf(headers);
  const condition = parseWriteCondition(headers);
  const body = bodyOf(exchange);
  checkSize(body.length);
  store.checkWrite(bucket.id, key, condition);

  const algorithm = body.checksum?.algorithm ?? DEFAULT_ALGORITHM;
  const names = unique('md5', digestName(algorithm), ...body.digests);
  const { blob, digests } = await store.receive(body.chunks(), body.length, names);
  try {
    body.verify(digests);
    const etag = digestOf(digests, 'md5').toString('hex');
    const checksum = fullObject(algorithm, digests);
    const made = { size: blob.size, etag, facts, checksum, partCount: 0, upload: null };
    await store.putObject(bucket.id, key, made, { kind: 'blob', blob }, condition);
    return empty(200, { etag: `"${etag}"`, ...checksumHeaders(checksum), ...encryptionHeaders(facts) });
  } catch (error) {
    await store.discard(blob);
    throw error;
  }
}

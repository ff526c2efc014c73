import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import type { ObjectStore, StoredObject } from '#main/storage';
import { assertNever, encodeCrc32 } from '#shared/lib';
import { sourceError } from '../source.ts';

/** What is known of the bytes of one version of an object, the strongest that there is. */
export type Measure =
  | {
      readonly kind: 'crc32';
      readonly size: number;
      readonly crc32: number;
      readonly by: 'store' | 'receipt';
    }
  /** Of the whole, where the ETag is that. */
  | { readonly kind: 'md5'; readonly size: number; readonly etag: string }
  /** Of the parts it was written in. Stores differ in how they make such ETags: one that agrees proves, no other refutes. */
  | { readonly kind: 'md5-of-parts'; readonly size: number; readonly etag: string; readonly partSize: number }
  | { readonly kind: 'size'; readonly size: number };

/** @param known CRC-32 that this machine proved of this version when it uploaded it */
export async function measureOf(
  store: ObjectStore,
  key: string,
  stored: StoredObject,
  known: number | null,
  signal: AbortSignal,
): Promise<Measure> {
  const { size, etag } = stored;
  if (stored.crc32 !== null) return { kind: 'crc32', size, crc32: stored.crc32, by: 'store' };
  if (known !== null) return { kind: 'crc32', size, crc32: known, by: 'receipt' };
  if (stored.etagIsMd5) return { kind: 'md5', size, etag: bare(etag) };
  const count = Number(/^[0-9a-f]{32}-(\d+)$/.exec(bare(etag))?.[1] ?? 0);
  const partSize = count > 0 ? await store.firstPartSize(key, etag, signal) : null;
  return partSize !== null && partSize > 0 && Math.ceil(size / partSize) === count
    ? { kind: 'md5-of-parts', size, etag: bare(etag), partSize }
    : { kind: 'size', size };
}

const bare = (etag: string): string => etag.replaceAll('"', '');

export type Verdict =
  | { readonly kind: 'same'; readonly proven: string }
  | { readonly kind: 'other'; readonly reason: string }
  /** There is nothing to tell by but the size. */
  | { readonly kind: 'untold'; readonly proven: string };

/**
 * Holds a file of the right size against what is known of the object.
 * @param crc its CRC-32, where it was computed as the bytes came; the file is read once more only for an MD5
 */
export async function judge(
  path: string,
  measure: Measure,
  crc: number,
  signal: AbortSignal,
): Promise<Verdict> {
  switch (measure.kind) {
    case 'crc32': {
      const whose =
        measure.by === 'store' ? 'the store keeps of the whole object' : 'its upload was proven with';
      return crc === measure.crc32
        ? { kind: 'same', proven: `the CRC-32 of the file is the one ${whose} (${encodeCrc32(crc)})` }
        : {
            kind: 'other',
            reason: `its bytes came as CRC-32 ${encodeCrc32(crc)} instead of ${encodeCrc32(measure.crc32)}`,
          };
    }
    case 'md5':
      return (await etagOf(path, null, signal)) === measure.etag
        ? { kind: 'same', proven: `the MD5 of the file is the ETag of the object (${measure.etag})` }
        : { kind: 'other', reason: `the MD5 of its bytes is not its ETag ${measure.etag}` };
    case 'md5-of-parts':
      return (await etagOf(path, measure.partSize, signal)) === measure.etag
        ? {
            kind: 'same',
            proven: `the MD5s of the parts it was written in make up its ETag (${measure.etag})`,
          }
        : { kind: 'untold', proven: ONLY_SIZE };
    case 'size':
      return { kind: 'untold', proven: ONLY_SIZE };
    default:
      return assertNever(measure);
  }
}

const ONLY_SIZE = 'the store keeps no checksum of the whole that can be compared: size and version were';

/** @param partSize null for an object written in one piece */
async function etagOf(path: string, partSize: number | null, signal: AbortSignal): Promise<string> {
  let hash = createHash('md5');
  const parts: Buffer[] = [];
  let filled = 0;
  for await (const chunk of chunksOf(path, signal)) {
    let rest = chunk;
    while (partSize !== null && filled + rest.length >= partSize) {
      parts.push(hash.update(rest.subarray(0, partSize - filled)).digest());
      rest = rest.subarray(partSize - filled);
      hash = createHash('md5');
      filled = 0;
    }
    hash.update(rest);
    filled += rest.length;
  }
  if (partSize === null) return hash.digest('hex');
  if (filled > 0) parts.push(hash.digest());
  return `${createHash('md5').update(Buffer.concat(parts)).digest('hex')}-${parts.length}`;
}

/** @throws SOURCE_MISSING, SOURCE_UNREADABLE, FILE_ERROR */
export async function crc32OfFile(path: string, signal: AbortSignal): Promise<number> {
  let crc = 0;
  for await (const chunk of chunksOf(path, signal)) crc = crc32(chunk, crc);
  return crc;
}

async function* chunksOf(path: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  try {
    const chunks: AsyncIterable<Buffer> = createReadStream(path, { highWaterMark: 1024 * 1024 });
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      yield chunk;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw sourceError(path, error);
  }
}

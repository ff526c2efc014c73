import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { crc32 } from 'node:zlib';
import {
  bareEtag,
  compositeCrc32,
  expectedMultipartEtag,
  type CompositeCrc32,
  type ObjectStore,
  type StoredObject,
} from '#main/storage';
import { assertNever, encodeCrc32 } from '#shared/lib';
import { sourceError } from '../source/index.ts';

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
  /**
   * Of the parts it was written in, of which the size of the first is known. One that agrees proves; no other refutes,
   * since the rest may be of other sizes, and stores differ in how they make such ETags.
   */
  | {
      readonly kind: 'parts';
      readonly size: number;
      readonly partSize: number;
      readonly etag: string;
      readonly composite: CompositeCrc32 | null;
    }
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
  if (stored.etagIsMd5) return { kind: 'md5', size, etag: bareEtag(etag) };
  const { composite } = stored;
  const count = composite?.parts ?? Number(/^[0-9a-f]{32}-(\d+)$/.exec(bareEtag(etag))?.[1] ?? 0);
  const partSize = count > 0 ? await store.firstPartSize(key, etag, signal) : null;
  return partSize !== null && partSize > 0 && Math.ceil(size / partSize) === count
    ? { kind: 'parts', size, etag: bareEtag(etag), partSize, composite }
    : { kind: 'size', size };
}

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
      return (await md5OfFile(path, signal)) === measure.etag
        ? { kind: 'same', proven: `the MD5 of the file is the ETag of the object (${measure.etag})` }
        : { kind: 'other', reason: `the MD5 of its bytes is not its ETag ${measure.etag}` };
    case 'parts':
      return judgeParts(path, measure, signal);
    case 'size':
      return { kind: 'untold', proven: ONLY_SIZE };
    default:
      return assertNever(measure);
  }
}

const ONLY_SIZE = 'the store keeps no checksum of the whole that can be compared: size and version were';

async function judgeParts(
  path: string,
  { partSize, etag, composite }: Extract<Measure, { kind: 'parts' }>,
  signal: AbortSignal,
): Promise<Verdict> {
  const crcs: number[] = [];
  const md5s: string[] = [];
  for await (const { crc, md5 } of partsOf(path, partSize, signal)) {
    crcs.push(crc);
    md5s.push(md5);
  }
  if (composite !== null && compositeCrc32(crcs).crc32 === composite.crc32) {
    const sum = `${encodeCrc32(composite.crc32)}-${composite.parts}`;
    return {
      kind: 'same',
      proven: `the CRC-32s of the parts it was written in make up the store's own (${sum})`,
    };
  }
  return expectedMultipartEtag(md5s) === etag
    ? { kind: 'same', proven: `the MD5s of the parts it was written in make up its ETag (${etag})` }
    : { kind: 'untold', proven: ONLY_SIZE };
}

async function* partsOf(
  path: string,
  partSize: number,
  signal: AbortSignal,
): AsyncGenerator<{ readonly crc: number; readonly md5: string }> {
  let hash = createHash('md5');
  let crc = 0;
  let filled = 0;
  for await (const chunk of chunksOf(path, signal)) {
    for (let rest = chunk; rest.length > 0;) {
      const piece = rest.subarray(0, partSize - filled);
      hash.update(piece);
      crc = crc32(piece, crc);
      filled += piece.length;
      rest = rest.subarray(piece.length);
      if (filled < partSize) continue;
      yield { crc, md5: hash.digest('hex') };
      hash = createHash('md5');
      crc = 0;
      filled = 0;
    }
  }
  if (filled > 0) yield { crc, md5: hash.digest('hex') };
}

async function md5OfFile(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('md5');
  for await (const chunk of chunksOf(path, signal)) hash.update(chunk);
  return hash.digest('hex');
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

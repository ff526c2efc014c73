import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { mkdir, rename, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  constants,
  crc32,
  createGunzip,
  createGzip,
  createZstdCompress,
  createZstdDecompress,
} from 'node:zlib';
import { contentTypeByName, isCompressedType } from '#main/storage';
import type { Compression } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { sourceError } from './source.ts';

export type Packer = Exclude<Compression, 'none'>;

/** What the name of a compressed object ends with. */
export const SUFFIX: Readonly<Record<Packer, string>> = { gzip: '.gz', zstd: '.zst' };
export const PACKED_TYPE: Readonly<Record<Packer, string>> = {
  gzip: 'application/gzip',
  zstd: 'application/zstd',
};

/** @returns how a file is to be compressed; null where it is not, because nobody asked or its name says that it is already */
export function packerFor(name: string, compress: Compression): Packer | null {
  if (compress === 'none') return null;
  const type = contentTypeByName(name);
  return type !== null && isCompressedType(type) ? null : compress;
}

/** What was read, told by the pass that compressed it. */
export interface Packed {
  readonly crc32: number;
  readonly size: number;
  /** In hex; null where it was not asked for. */
  readonly sha256: string | null;
}

const CHUNK = 1024 * 1024;

/** The same bytes for the same file on the same machine: no time and no name goes in. */
function compressor(packer: Packer): Transform {
  switch (packer) {
    case 'gzip':
      return createGzip({ level: 6, chunkSize: 256 * 1024 });
    case 'zstd':
      return createZstdCompress({
        chunkSize: 256 * 1024,
        params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
      });
    default:
      return assertNever(packer);
  }
}

/** Lets bytes through, and counts and sums them on the way. */
class Meter extends Transform {
  crc = 0;
  bytes = 0;
  readonly #hash;

  constructor(withSha256: boolean) {
    super();
    this.#hash = withSha256 ? createHash('sha256') : null;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    this.crc = crc32(chunk, this.crc);
    this.bytes += chunk.length;
    this.#hash?.update(chunk);
    done(null, chunk);
  }

  packed(): Packed {
    return { crc32: this.crc, size: this.bytes, sha256: this.#hash?.digest('hex') ?? null };
  }
}

/** Room that is left alone whatever is compressed, so that the machine goes on. */
const SPARE_BYTES = 64 * 1024 * 1024;

/** Where files are compressed before they are sent, one for each transfer; gone once it is done or cancelled. */
export class Spool {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  pathFor(transferId: string): string {
    return join(this.#folder, transferId);
  }

  /** @throws DISK_FULL where this many bytes would not fit */
  async assertRoom(bytes: number): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = await statfs(this.#folder);
    if (bavail * bsize < bytes + SPARE_BYTES) throw sluiceError('DISK_FULL', { path: this.#folder });
  }

  /**
   * Compresses a file; published in one step, so that there is never half of it.
   * @throws DISK_FULL, FILE_ERROR, SOURCE_MISSING and its like
   */
  async pack(
    transferId: string,
    source: string,
    packer: Packer,
    withSha256: boolean,
    signal: AbortSignal,
  ): Promise<Packed> {
    const path = this.pathFor(transferId);
    const part = `${path}.part`;
    const meter = new Meter(withSha256);
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await pipeline(
        createReadStream(source, { highWaterMark: CHUNK }),
        meter,
        compressor(packer),
        createWriteStream(part, { mode: 0o600, flush: true }),
        { signal },
      );
      await rename(part, path);
      return meter.packed();
    } catch (error) {
      await rm(part, { force: true });
      signal.throwIfAborted();
      throw this.#packError(source, error);
    }
  }

  #packError(source: string, error: unknown): unknown {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG')
      return sluiceError('DISK_FULL', { path: this.#folder }, error);
    return path?.startsWith(this.#folder) === true && code !== undefined
      ? sluiceError('FILE_ERROR', { path, reason: code }, error)
      : sourceError(source, error);
  }

  /** What cannot be removed now is swept at the next start. */
  async forget(transferId: string): Promise<void> {
    await rm(this.pathFor(transferId), { force: true });
  }

  /** Removes all that no transfer will send any more. At start, before anything is compressed. */
  sweep(keep: ReadonlySet<string>): void {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(this.#folder)) {
      if (!keep.has(name)) rmSync(join(this.#folder, name), { force: true });
    }
  }
}

/** Writes what a compressed file holds. @returns what came out */
export async function unpack(from: string, to: string, packer: Packer, signal: AbortSignal): Promise<Packed> {
  const meter = new Meter(false);
  const opener = packer === 'gzip' ? createGunzip() : createZstdDecompress();
  await pipeline(
    createReadStream(from, { highWaterMark: CHUNK }),
    opener,
    meter,
    createWriteStream(to, { mode: 0o600 }),
    {
      signal,
    },
  );
  return meter.packed();
}

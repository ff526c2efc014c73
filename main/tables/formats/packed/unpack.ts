import { open, rm } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import { UnpackLimits } from './limits.ts';
import type { Packing } from './packing.ts';

export interface Unpacked {
  readonly bytes: number;
  /** Bytes of the packed file that this took. */
  readonly packedBytes: number;
  /** Whether that is all of it. */
  readonly whole: boolean;
}

export interface UnpackOptions {
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Bytes after which to stop; null to unpack all. */
  readonly upTo: number | null;
  /** Of the packed file. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Unpacks into `target`, streaming. What it is packed by says nothing that is believed: size and ratio are held against
 * limits as the bytes come. Throws ARCHIVE_TOO_LARGE, FILE_DAMAGED, DISK_FULL, CANCELLED; leaves nothing behind then.
 */
export async function unpack(packing: Packing, target: string, options: UnpackOptions): Promise<Unpacked> {
  const { signal, upTo } = options;
  signal.throwIfAborted();
  const { stream, read } = await packing.open();
  const limits = new UnpackLimits(packing.name, options.folder, read);
  const out = await open(target, 'w', 0o600);
  let bytes = 0;
  let sum = 0;
  let whole = true;
  try {
    if (upTo === null && packing.claimed !== null) await limits.checkClaim(packing.claimed);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      bytes += chunk.length;
      if (packing.crc !== null) sum = crc32(chunk, sum);
      await limits.check(bytes);
      await out.writeFile(chunk);
      options.onProgress?.(Math.min(read(), packing.packed), packing.packed);
      if (upTo !== null && bytes >= upTo) {
        whole = false;
        break;
      }
    }
    if (whole && packing.crc !== null && sum !== packing.crc)
      throw damaged(packing, 'its checksum does not fit what is in it');
    return { bytes, packedBytes: Math.min(read(), packing.packed), whole };
  } catch (error) {
    await rm(target, { force: true });
    throw signal.aborted ? sluiceError('CANCELLED', {}, error) : unpackError(error, packing, target);
  } finally {
    stream.destroy();
    await out.close();
  }
}

function damaged({ name, what }: Packing, reason: string, cause?: unknown): SluiceError {
  return sluiceError('FILE_DAMAGED', { name, what, reason }, cause);
}

function unpackError(error: unknown, packing: Packing, target: string): unknown {
  if (isSluiceError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return sluiceError('DISK_FULL', { path: target }, error);
  if (code === 'Z_BUF_ERROR') return damaged(packing, 'it ends before its content does', error);
  // What is left are complaints of the unpackers about what they are given.
  return damaged(packing, 'what is packed in it cannot be unpacked', error);
}

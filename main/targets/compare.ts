import type { FileHandle } from 'node:fs/promises';

/** What stands in a target from the place where a delivery writes. */
export type Found =
  /** Nothing of it. */
  | { readonly kind: 'absent' }
  /** Its beginning, or all of its length with a part that never reached the disk: to be written again. */
  | { readonly kind: 'torn' }
  /** All of it, whatever follows. */
  | { readonly kind: 'complete' }
  /** Something else. */
  | { readonly kind: 'foreign' };

const PIECE = 1 << 18;

/**
 * Compares the target from `start` with what was to be written there. After a power cut a file can have its new length
 * and zeros for what was not yet on the disk; CSV has no zeros, so that these are known to be ours.
 */
export async function compare(
  target: FileHandle,
  start: number,
  spool: FileHandle,
  bytes: number,
): Promise<Found> {
  const { size } = await target.stat();
  if (size === start) return { kind: 'absent' };
  if (size < start) return { kind: 'foreign' };
  const there = Math.min(size - start, bytes);
  let zeros = false;
  for (let at = 0; at < there; at += PIECE) {
    const length = Math.min(PIECE, there - at);
    const found = await readExactly(target, start + at, length);
    const wanted = await readExactly(spool, at, length);
    if (!zeros && found.equals(wanted)) continue;
    const from = zeros ? 0 : firstDifference(found, wanted);
    if (found.subarray(from).some((byte) => byte !== 0)) return { kind: 'foreign' };
    zeros = true;
  }
  if (zeros) return size - start > bytes ? { kind: 'foreign' } : { kind: 'torn' };
  return { kind: there < bytes ? 'torn' : 'complete' };
}

function firstDifference(a: Buffer, b: Buffer): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return at;
}

/** @returns exactly so many bytes; fewer only where the file ends before */
export async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

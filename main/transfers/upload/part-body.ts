import { crc32 } from 'node:zlib';
import type { Body } from '#main/storage';
import { sluiceError } from '#shared/errors';
import type { PartRange } from '../plan.ts';
import type { FileUpload } from './context.ts';

const MiB = 1024 * 1024;

/**
 * Parts up to this size are held while they are sent. Larger ones, of files beyond 280 GB, are read twice in pieces
 * instead: once for their checksum, which has to go first, and once to be sent.
 */
const HELD_UP_TO = 32 * MiB;
/** Large enough that the budget for parts bounds how many are under way, beside what sockets hold of each. */
const PIECE = 4 * MiB;

export interface PartBody {
  readonly body: Body;
  readonly crc32: number;
  /** All of it, where it is held. */
  readonly held: Buffer | null;
}

/** Reads a part for as long as the work takes. Memory is the pool's, whatever the part's size. */
export async function withPartBody<T>(
  upload: FileUpload,
  range: PartRange,
  signal: AbortSignal,
  work: (part: PartBody) => Promise<T>,
): Promise<T> {
  const { buffers } = upload.tools;
  const isHeld = range.length <= HELD_UP_TO;
  const buffer = await buffers.acquire(isHeld ? range.length : 2 * PIECE, signal);
  try {
    if (!isHeld) {
      const crc = await checksum(upload, range, buffer, signal);
      const body: Body = { length: range.length, chunks: () => piecesOf(upload, range, buffer, crc) };
      return await work({ body, crc32: crc, held: null });
    }
    await upload.source.read(buffer, range.offset);
    return await work({ body: buffer, crc32: crc32(buffer), held: buffer });
  } finally {
    buffers.release(buffer);
  }
}

async function checksum(
  { source }: FileUpload,
  { offset, length }: PartRange,
  buffer: Buffer,
  signal: AbortSignal,
): Promise<number> {
  let crc = 0;
  for (let done = 0; done < length; done += PIECE) {
    signal.throwIfAborted();
    const piece = buffer.subarray(0, Math.min(PIECE, length - done));
    await source.read(piece, offset + done);
    crc = crc32(piece, crc);
  }
  return crc;
}

/**
 * Two pieces take turns, so that one can be read while the other may still be with the socket.
 * @throws SOURCE_CHANGED before the last piece where the bytes are not those the checksum was made of
 */
async function* piecesOf(
  { source }: FileUpload,
  { offset, length }: PartRange,
  buffer: Buffer,
  expected: number,
): AsyncGenerator<Buffer, void, undefined> {
  let crc = 0;
  let turn = 0;
  for (let done = 0; done < length; done += PIECE) {
    const piece = buffer.subarray(turn * PIECE, turn * PIECE + Math.min(PIECE, length - done));
    turn = 1 - turn;
    await source.read(piece, offset + done);
    crc = crc32(piece, crc);
    if (done + piece.length === length && crc !== expected) {
      throw sluiceError('SOURCE_CHANGED', { path: source.path });
    }
    yield piece;
  }
}

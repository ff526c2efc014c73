/** Bodies of requests, and how they are cut for the socket. */
import { createHash, hash } from 'node:crypto';

/** Bytes too many to be held at once. Can be gone through again, for another try. */
export interface StreamedBody {
  readonly length: number;
  chunks(): AsyncIterable<Buffer>;
}

export type Body = Buffer | StreamedBody;

export const lengthOf = (body: Body | null): number => body?.length ?? 0;

/** @returns all of the body, in order, in pieces of any size */
export async function* piecesOf(body: Body): AsyncGenerator<Buffer, void, undefined> {
  if (Buffer.isBuffer(body)) yield body;
  else yield* body.chunks();
}

/** @returns SHA-256 in hex */
export async function sha256Of(body: Body | null): Promise<string> {
  return digestOf(body, 'sha256');
}

/** @returns MD5 in hex */
export async function md5Of(body: Body): Promise<string> {
  return digestOf(body, 'md5');
}

async function digestOf(body: Body | null, algorithm: 'sha256' | 'md5'): Promise<string> {
  if (body === null) return hash(algorithm, '', 'hex');
  if (Buffer.isBuffer(body)) return hash(algorithm, body, 'hex');
  const digest = createHash(algorithm);
  for await (const chunk of body.chunks()) digest.update(chunk);
  return digest.digest('hex');
}

const LEAST = 16 * 1024;
const MOST = 1024 * 1024;
const QUICK_MS = 50;
const SLOW_MS = 1000;

/**
 * How much is handed to the socket at once. Only what it has taken whole can be seen to have moved, so a slow line gets
 * little at a time, lest it look dead; a fast one gets much, since every piece costs.
 */
export class Pace {
  size = 64 * 1024;

  /** @param ms the socket needed for the last piece */
  took(ms: number): void {
    if (ms < QUICK_MS) this.size = Math.min(MOST, this.size * 2);
    else if (ms > SLOW_MS) this.size = Math.max(LEAST, this.size / 2);
  }
}

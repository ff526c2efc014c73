import { createHash } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from '#main/disk';
import { isSluiceError, sluiceError } from '#shared/errors';
import { compare, readExactly, type Found } from './compare.ts';
import type { DeliveryIntent } from './delivery-log.ts';
import { readTail } from './spool.ts';

/** Moments at which a crash must cost nothing; tests stop there. */
export type Checkpoint = 'spooled' | 'intended' | 'piece-written' | 'written' | 'synced' | 'done';

export interface AppendOptions {
  readonly pieceBytes: number;
  readonly checkpoint: (point: Checkpoint) => Promise<void> | void;
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/**
 * Brings the target to where it holds the rows once, from wherever an earlier try left it, and on the disk. Throws
 * TARGET_CHANGED, having touched nothing, where the file is not as this delivery left it.
 */
export async function completeAppend(
  intent: DeliveryIntent,
  options: AppendOptions,
  signal?: AbortSignal,
): Promise<void> {
  const spool = await open(intent.spool, 'r');
  try {
    const target = await openTarget(intent);
    try {
      const found = await whatIsThere(target, spool, intent);
      if (found.kind === 'foreign') throw sluiceError('TARGET_CHANGED', { path: intent.target });
      if (found.kind !== 'complete') await writeAll(target, spool, intent, options, signal);
      await options.checkpoint('written');
      await target.sync();
    } finally {
      await target.close();
    }
    if (!intent.existed) await syncFolder(dirname(intent.target));
    await options.checkpoint('synced');
  } finally {
    await spool.close();
  }
}

/** @returns false where the rows are there for good, because more was added behind them */
export async function undoAppend(intent: DeliveryIntent): Promise<boolean> {
  const spool = await open(intent.spool, 'r');
  try {
    const target = await open(intent.target, 'r+');
    try {
      const found = await whatIsThere(target, spool, intent);
      if (found.kind === 'foreign') throw sluiceError('TARGET_CHANGED', { path: intent.target });
      const { size } = await target.stat();
      if (size > intent.sizeBefore + intent.bytes) return false;
      await target.truncate(intent.sizeBefore);
      await target.sync();
    } finally {
      await target.close();
    }
    if (!intent.existed) await rm(intent.target);
    return true;
  } catch (error) {
    // Not even begun.
    if (isMissing(error) && !intent.existed) return true;
    throw error;
  } finally {
    await spool.close();
  }
}

async function openTarget(intent: DeliveryIntent): Promise<FileHandle> {
  try {
    return await open(intent.target, 'r+');
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!intent.existed) return open(intent.target, 'wx+');
    if (await isThere(dirname(intent.target))) {
      throw sluiceError('TARGET_CHANGED', { path: intent.target }, error);
    }
    // Its drive may only be unplugged.
    throw error;
  }
}

async function isThere(folder: string): Promise<boolean> {
  try {
    await (await open(folder, 'r')).close();
    return true;
  } catch (error) {
    // Windows opens no folders, but tells a missing one apart.
    return !isMissing(error);
  }
}

async function whatIsThere(target: FileHandle, spool: FileHandle, intent: DeliveryIntent): Promise<Found> {
  const { sizeBefore, tailLength, tailSha256, bytes } = intent;
  const tail = await readTail(target, sizeBefore, tailLength);
  if (sha256(tail) !== tailSha256) return { kind: 'foreign' };
  return compare(target, sizeBefore, spool, bytes);
}

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function writeAll(
  target: FileHandle,
  spool: FileHandle,
  intent: DeliveryIntent,
  { pieceBytes, checkpoint }: AppendOptions,
  signal: AbortSignal | undefined,
): Promise<void> {
  const hash = createHash('sha256');
  for (let at = 0; at < intent.bytes; at += pieceBytes) {
    signal?.throwIfAborted();
    const piece = await readExactly(spool, at, Math.min(pieceBytes, intent.bytes - at));
    hash.update(piece);
    await writeExactly(target, piece, intent.sizeBefore + at);
    await checkpoint('piece-written');
  }
  if (hash.digest('hex') !== intent.sha256) {
    throw sluiceError('FILE_ERROR', { path: intent.spool, reason: 'it is not what was written to it' });
  }
}

async function writeExactly(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, position + written);
    written += bytesWritten;
  }
}

/** Whether trying again as things are can never bring this delivery to its end. */
export const isFinal = (error: unknown) => isSluiceError(error, 'TARGET_CHANGED') || isMissingSpool(error);

const isMissingSpool = (error: unknown) =>
  isMissing(error) && (error as NodeJS.ErrnoException).path?.endsWith('.spool') === true;

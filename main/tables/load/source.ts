import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import type { EncodingName } from '#shared/domain';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import {
  guessEncoding,
  binaryKind,
  controlShare,
  markupKind,
  createTranscoder,
  type EncodingGuess,
} from '../text/index.ts';
import type { TextSample } from '../detect/index.ts';

/** What tells one state of a file from another. */
export interface Identity {
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: number;
}

/** Where the bytes of a table are: in the file itself, or in one that was unpacked from it. */
export interface Content {
  readonly path: string;
  /** Whether it was unpacked for this table and goes with it. */
  readonly temporary: boolean;
  /** What people call it. */
  readonly name: string;
  /** Bytes of all of it; an estimate where it is not whole. */
  readonly size: number;
  /** Whether all of it is there, and not only its beginning. */
  readonly whole: boolean;
}

/** The parts of a file that detection looks at. */
export interface SourceSample {
  readonly name: string;
  readonly identity: Identity;
  readonly content: Content;
  readonly encoding: EncodingGuess;
  readonly text: TextSample;
}

const HEAD = 256 * 1024;
const PART = 64 * 1024;
const LONGEST_HEAD = 16 << 20;
const FEW_LINES = 8;

export async function identify(path: string): Promise<Identity> {
  try {
    const { size, mtimeMs, ino } = await stat(path);
    return { size, modifiedMs: mtimeMs, inode: ino };
  } catch (error) {
    throw sourceError(error, path);
  }
}

export function isSame(a: Identity, b: Identity): boolean {
  return a.size === b.size && a.modifiedMs === b.modifiedMs && a.inode === b.inode;
}

/**
 * Opens an ordinary file that has something in it. Throws SOURCE_MISSING, SOURCE_UNREADABLE, SOURCE_IS_FOLDER,
 * SOURCE_NOT_A_FILE, SOURCE_EMPTY.
 */
export async function openSource(path: string): Promise<{ handle: FileHandle; identity: Identity }> {
  let handle: FileHandle | null = null;
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw sluiceError('SOURCE_IS_FOLDER', { path });
    if (!found.isFile()) throw sluiceError('SOURCE_NOT_A_FILE', { path });
    handle = await open(path, constants.O_RDONLY);
    const { size, mtimeMs, ino } = await handle.stat();
    if (size === 0) throw sluiceError('SOURCE_EMPTY', { path });
    return { handle, identity: { size, modifiedMs: mtimeMs, inode: ino } };
  } catch (error) {
    await handle?.close();
    throw sourceError(error, path);
  }
}

/** Reads the beginning of a file, a piece of its middle and its end, as UTF-8. Throws TABLE_NOT_TEXT and TABLE_ROW_TOO_LONG too. */
export async function sampleSource(content: Content, asked: EncodingName | null): Promise<SourceSample> {
  const { path, name } = content;
  const { handle, identity } = await openSource(path);
  try {
    const { size } = identity;
    const small = size <= HEAD + 2 * PART;
    const whole = small && content.whole;
    const head = small ? await readAt(handle, 0, size) : await readHead(handle, size);
    const rest = small
      ? []
      : [
          await readAt(handle, even(Math.floor(size / 2)), PART),
          await readAt(handle, even(size - PART), PART + 1),
        ];
    const kind = binaryKind(head);
    if (kind !== null) throw sluiceError('TABLE_NOT_TEXT', { name, kind });
    const guess = guessEncoding([head, ...rest]);
    const encoding =
      asked === null
        ? guess
        : { ...guess, encoding: asked, guessed: false, bom: guess.bom && guess.encoding === asked };
    if (!encoding.encoding.startsWith('utf-16')) refuseBinary(head, name);
    if (head.length >= LONGEST_HEAD && !head.includes(10) && !head.includes(13))
      throw sluiceError('TABLE_ROW_TOO_LONG', { name, limitMb: LONGEST_HEAD >> 20 });
    const utf8 = (bytes: Buffer, final: boolean): Buffer =>
      createTranscoder(encoding.encoding).push(bytes, final);
    const text: TextSample = {
      head: utf8(head, whole),
      whole,
      parts: rest.map((part) => utf8(part, true)),
    };
    const markup = markupKind(text.head.toString('utf8', 0, 8192));
    if (markup !== null) throw sluiceError('TABLE_NOT_TEXT', { name, kind: markup });
    if (whole && text.head.toString('utf8').trim() === '') throw sluiceError('SOURCE_EMPTY', { path });
    return { name, identity, content, encoding, text };
  } catch (error) {
    throw sourceError(error, path);
  } finally {
    await handle.close();
  }
}

/** The beginning of a file, with at least a few lines where they are not too long. */
async function readHead(handle: FileHandle, size: number): Promise<Buffer> {
  for (let length = HEAD; ; length *= 4) {
    const head = await readAt(handle, 0, Math.min(length, size));
    let lines = 0;
    for (let at = head.indexOf(10); at !== -1 && lines < FEW_LINES; at = head.indexOf(10, at + 1)) lines += 1;
    if (lines >= FEW_LINES || head.includes(13) || length >= Math.min(size, LONGEST_HEAD)) return head;
  }
}

function refuseBinary(head: Buffer, name: string): void {
  const { zeros, controls } = controlShare(head);
  // Zero bytes between cells or as padding are met in honest exports; other controls are not.
  if (controls > 0.02 || zeros > 0.3) throw sluiceError('TABLE_NOT_TEXT', { name, kind: 'binary data' });
}

function even(offset: number): number {
  return offset - (offset % 4);
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await handle.read(bytes, read, length - read, position + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}

/** @returns what a failure to read a file is called */
export function sourceError(error: unknown, path: string): SluiceError {
  if (isSluiceError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return sluiceError('SOURCE_MISSING', { path }, error);
    case 'EACCES':
    case 'EPERM':
      return sluiceError('SOURCE_UNREADABLE', { path }, error);
    case 'EISDIR':
      return sluiceError('SOURCE_IS_FOLDER', { path }, error);
    case 'ENOSPC':
      return sluiceError('DISK_FULL', { path }, error);
    default:
      return sluiceError(
        'FILE_ERROR',
        { path, reason: error instanceof Error ? error.message : String(error) },
        error,
      );
  }
}

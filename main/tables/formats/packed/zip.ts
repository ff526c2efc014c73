import { PassThrough, Transform } from 'node:stream';
import { createInflateRaw, createZstdDecompress } from 'node:zlib';
import { getFileNameLowLevel, openPromise, parseExtraFields, type Entry, type ZipFile } from 'yauzl';
import { isSluiceError, sluiceError } from '#shared/errors';
import { CHUNK, type Unpacking } from './packing.ts';

/** A file in a zip archive. Its name is what people see and never a path. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes, as the archive says. */
  readonly size: number;
  readonly packed: number;
  readonly crc: number;
  readonly encrypted: boolean;
  /** Whether it is packed in a way that can be unpacked here. */
  readonly readable: boolean;
  readonly entry: Entry;
}

const MOST_ENTRIES = 100_000;

/** The directory of a zip archive. Throws FILE_DAMAGED, ARCHIVE_UNFIT. */
export async function readDirectory(path: string, name: string): Promise<readonly ZipEntry[]> {
  return withZip(path, name, async (zip) => {
    if (zip.entryCount > MOST_ENTRIES)
      throw sluiceError('ARCHIVE_UNFIT', { name, reason: `it holds ${zip.entryCount} files` });
    const entries: ZipEntry[] = [];
    for await (const entry of zip.eachEntry()) {
      entries.push({
        name: nameOf(entry),
        size: entry.uncompressedSize,
        packed: entry.compressedSize,
        crc: entry.crc32,
        encrypted: entry.isEncrypted(),
        readable: [STORED, DEFLATED, ZSTD].includes(entry.compressionMethod),
        entry,
      });
    }
    return entries;
  });
}

/** A stream of one entry. It holds the archive open until it is closed. */
export async function openEntry(path: string, name: string, { entry }: ZipEntry): Promise<Unpacking> {
  const zip = await openZip(path, name);
  try {
    const raw = await zip.openReadStreamPromise(entry, { decodeFileData: false });
    let read = 0;
    const counter = new Transform({
      transform: (chunk: Buffer, _, done) => {
        read += chunk.length;
        done(null, chunk);
      },
    });
    const unpacker = unpackerOf(entry.compressionMethod);
    raw.on('error', (error) => unpacker.destroy(error));
    unpacker.on('close', () => {
      raw.destroy();
      zip.close();
    });
    return { stream: raw.pipe(counter).pipe(unpacker), read: () => read };
  } catch (error) {
    zip.close();
    throw zipError(error, name);
  }
}

const [STORED, DEFLATED, ZSTD] = [0, 8, 93];

function unpackerOf(method: number): Transform {
  if (method === DEFLATED) return createInflateRaw({ chunkSize: CHUNK });
  if (method === ZSTD) return createZstdDecompress({ chunkSize: CHUNK });
  return new PassThrough();
}

/** The first bytes of an entry. */
export async function entryHead(
  path: string,
  name: string,
  entry: ZipEntry,
  length: number,
): Promise<Buffer> {
  const { stream } = await openEntry(path, name, entry);
  const chunks: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      read += chunk.length;
      if (read >= length) break;
    }
  } catch (error) {
    throw zipError(error, name);
  } finally {
    stream.destroy();
  }
  return Buffer.concat(chunks).subarray(0, length);
}

async function withZip<T>(path: string, name: string, work: (zip: ZipFile) => Promise<T>): Promise<T> {
  const zip = await openZip(path, name);
  try {
    return await work(zip);
  } catch (error) {
    throw zipError(error, name);
  } finally {
    zip.close();
  }
}

async function openZip(path: string, name: string): Promise<ZipFile> {
  try {
    // Names are decoded here: a name that would be dangerous as a path is still only a name.
    return await openPromise(path, { lazyEntries: true, decodeStrings: false, autoClose: false });
  } catch (error) {
    throw zipError(error, name);
  }
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFieldRaw } = entry;
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, parseExtraFields(extraFieldRaw), false);
}

function zipError(error: unknown, name: string): unknown {
  if (isSluiceError(error)) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (/^E[A-Z]+$/.test(code)) return error;
  return sluiceError(
    'FILE_DAMAGED',
    { name, what: 'zip', reason: 'its directory or content is broken' },
    error,
  );
}

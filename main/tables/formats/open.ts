import { randomUUID } from 'node:crypto';
import { open, rm, type FileHandle } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Reading } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { openSource, type Content } from '../load/index.ts';
import { contentKind, whyNoTable, type ContentKind } from './content-kind.ts';
import { openDelimited } from './delimited.ts';
import { openJson } from './json/index.ts';
import { chooseEntry, compressed, readDirectory, unpack, type Packing } from './packed/index.ts';
import { openParquet } from './parquet/index.ts';
import type { OpenedTable, OpenTools, Origin } from './table.ts';
import { openWorkbook, refuseCompound, refuseOtherOffice, isWorkbook } from './workbook/index.ts';

const FIRST = 64 * 1024;
/** So much is unpacked to look at; a smaller file wholly. */
const HEAD = 8 << 20;

/**
 * Opens the table in a file, whatever kind it is and whatever it is packed in, from its beginning where that is enough.
 * Throws SOURCE_*, TABLE_*, FILE_DAMAGED, ARCHIVE_*, ENTRY_MISSING, SHEET_MISSING, WORKBOOK_*.
 */
export async function openFile(path: string, asked: Reading, tools: OpenTools): Promise<OpenedTable> {
  const { handle, identity } = await openSource(path);
  const first = await readAndClose(handle);
  const name = basename(path);
  const origin: Origin = { path, name, identity, packing: null };
  const kind = contentKind(first);
  const content: Content = { path, temporary: false, name, size: identity.size, whole: true };
  switch (kind) {
    case 'gzip':
    case 'zstd':
      return openPacked(origin, compressed(path, name, identity.size, kind), asked, tools);
    case 'zip': {
      const entries = await readDirectory(path, name);
      if (isWorkbook(entries)) return openWorkbook(origin, content, asked);
      refuseOtherOffice(entries, name);
      const packing = await chooseEntry(path, name, entries, asked.entry, whyNoTable);
      return openPacked(origin, packing, asked, tools);
    }
    case 'cfb':
    case 'parquet':
    case 'json':
    case 'text':
      return openContent(origin, content, kind, asked, tools);
    default:
      return assertNever(kind);
  }
}

/** The whole of a table of which only the beginning was unpacked. */
export async function complete(
  table: OpenedTable,
  asked: Reading,
  tools: OpenTools,
  onProgress: (done: number, total: number) => void,
): Promise<OpenedTable> {
  const { packing, path, name, identity } = table;
  if (packing === null || table.content.whole) return table;
  return openUnpacked({ path, name, identity, packing }, packing, asked, tools, null, onProgress);
}

async function openPacked(
  origin: Origin,
  packing: Packing,
  asked: Reading,
  tools: OpenTools,
): Promise<OpenedTable> {
  return openUnpacked({ ...origin, packing }, packing, asked, tools, HEAD);
}

async function openUnpacked(
  origin: Origin,
  packing: Packing,
  asked: Reading,
  tools: OpenTools,
  upTo: number | null,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<OpenedTable> {
  const { folder, signal } = tools;
  const path = join(folder, `${randomUUID()}.unpacked`);
  let { bytes, packedBytes, whole } = await unpack(packing, path, { folder, signal, upTo, onProgress });
  try {
    if (bytes === 0) throw sluiceError('SOURCE_EMPTY', { path: origin.path });
    const kind = await kindOf(path);
    if (!whole && needsWhole(kind)) {
      ({ bytes, packedBytes, whole } = await unpack(packing, path, {
        folder,
        signal,
        upTo: null,
        onProgress,
      }));
    }
    const share = packing.packed / Math.max(1, packedBytes);
    const size = whole ? bytes : Math.max(bytes, packing.claimed ?? Math.round(bytes * share));
    const content: Content = { path, temporary: true, name: packing.name, size, whole };
    if (kind !== 'zip') return await openContent(origin, content, kind, asked, tools);
    const entries = await readDirectory(path, packing.name);
    if (isWorkbook(entries)) return await openWorkbook(origin, content, asked);
    return nested(origin);
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
}

/** Kinds that are read from their end. */
function needsWhole(kind: ContentKind): boolean {
  return kind === 'zip' || kind === 'parquet' || kind === 'cfb';
}

async function openContent(
  origin: Origin,
  content: Content,
  kind: Exclude<ContentKind, 'zip'>,
  asked: Reading,
  tools: OpenTools,
): Promise<OpenedTable> {
  switch (kind) {
    case 'parquet':
      return openParquet(origin, content, tools);
    case 'json':
      // A person who names a delimiter does not mean JSON.
      return asked.delimiter === null
        ? openJson(origin, content, asked)
        : openDelimited(origin, content, asked);
    case 'text':
      return openDelimited(origin, content, asked);
    case 'cfb':
      return refuseCompound(content);
    case 'gzip':
    case 'zstd':
      return nested(origin);
    default:
      return assertNever(kind);
  }
}

function nested({ name }: Origin): never {
  throw sluiceError('ARCHIVE_UNFIT', { name, reason: 'it holds another archive' });
}

async function kindOf(path: string): Promise<ContentKind> {
  return contentKind(await readAndClose(await open(path, 'r')));
}

async function readAndClose(handle: FileHandle): Promise<Buffer> {
  try {
    const first = Buffer.allocUnsafe(FIRST);
    const { bytesRead } = await handle.read(first, 0, FIRST, 0);
    return first.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

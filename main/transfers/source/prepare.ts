import { access, stat } from 'node:fs/promises';
import type { Prepared, TransferRecord, TransferRecords } from '#main/journal';
import type { Clock } from '#main/ports';
import { BYTES, contentTypeByContent, contentTypeByName, isCompressedType, SNIFF_BYTES } from '#main/storage';
import { metadataBytes, type WaitReason } from '#shared/domain';
import { isSluiceError, sluiceError, type SluiceError } from '#shared/errors';
import { encodeCrc32 } from '#shared/lib';
import { packAttributes, readAttributes, readsAttributes } from './attributes.ts';
import { packerFor, SUFFIX, type Packer, type Spool } from './packing.ts';
import { SMALL_FILE, type SmallFiles } from './small-files.ts';
import { FileSource, sameIdentity } from './source.ts';

export interface PrepareTools {
  readonly records: TransferRecords;
  readonly clock: Clock;
  readonly spool: Spool;
  readonly smallFiles: SmallFiles;
}

/** How often it is looked whether there is room by now. */
const ROOM_MS = 10_000;

/** S3's limit for all metadata of an object, in bytes. */
export const METADATA_BYTES = 2048;
/** Of these, what the mark of the transfer takes. */
const MARK_BYTES = 64;

/**
 * Opens what is to be sent for a transfer: the file itself, or what it was compressed to. What was found of the file is
 * journalled first, so that a later try sends the same.
 */
export async function openPrepared(
  record: TransferRecord,
  path: string,
  tools: PrepareTools,
  onWait: (reason: WaitReason, error: SluiceError) => void,
  signal: AbortSignal,
): Promise<FileSource> {
  if (!needsLook(record)) {
    return record.size <= SMALL_FILE ? FileSource.load(path, tools.smallFiles) : FileSource.open(path);
  }
  const file = await FileSource.open(path);
  if (file.identity.size === 0) return file;
  let sends: FileSource | null = null;
  try {
    const head = await headOfFile(file);
    const kind = contentTypeByContent(head, head.length === file.identity.size);
    const packer = packerOf(record, kind);
    if (record.prepared === null || packer !== null) {
      const prepared = { ...(record.prepared ?? (await found(record, file, kind, packer))) };
      if (packer !== null) await pack(record, prepared, file, packer, tools, onWait, signal);
      else tools.records.savePrepared(record.id, prepared, placeOf(record, kind));
    }
    sends = packer === null ? file : await FileSource.open(tools.spool.pathFor(record.id));
    return sends;
  } finally {
    if (sends !== file) await file.close();
  }
}

/** Most files are sent as they are, by their name: they are opened and nothing else. */
function needsLook({ options, name }: TransferRecord): boolean {
  return (
    options.compress !== 'none' ||
    options.keepAttributes ||
    (options.contentType === null && contentTypeByName(name) === null)
  );
}

async function headOfFile(file: FileSource): Promise<Uint8Array> {
  const head = new Uint8Array(Math.min(SNIFF_BYTES, file.identity.size));
  await file.read(head, 0);
  return head;
}

/** @returns how it is compressed; null where it is sent as it is. What was decided once stays. */
function packerOf(record: TransferRecord, kind: string | null): Packer | null {
  const packer = packerFor(record.name, record.options.compress);
  if (packer === null || record.prepared?.packing?.kind === 'skipped') return null;
  if (record.prepared?.packing?.kind === 'packed') return packer;
  return kind !== null && isCompressedType(kind) ? null : packer;
}

/** Where it goes and as what, where that is another than was planned by its name. */
function placeOf(record: TransferRecord, kind: string | null): Pick<TransferRecord, 'key' | 'contentType'> {
  const { options, name, key } = record;
  const planned = packerFor(name, options.compress);
  const suffix = planned === null ? '' : SUFFIX[planned];
  return {
    key: suffix !== '' && key.endsWith(suffix) ? key.slice(0, -suffix.length) : key,
    contentType: options.contentType ?? contentTypeByName(name) ?? kind ?? BYTES,
  };
}

/** What is kept of the file beside its bytes, and what a person should know of it. */
async function found(
  record: TransferRecord,
  file: FileSource,
  kind: string | null,
  packer: Packer | null,
): Promise<Prepared> {
  const { options, name } = record;
  const metadata: Record<string, string> = {};
  const notes: string[] = [];
  if (options.keepAttributes) Object.assign(metadata, await attributesOf(record, file, notes));
  if (options.compress === 'none' || packer !== null) return { metadata, notes, packing: null };
  const what = contentTypeByName(name) ?? kind ?? BYTES;
  notes.push(`it was not compressed again: its content (${what}) is compressed already`);
  return { metadata, notes, packing: { kind: 'skipped' } };
}

async function attributesOf(
  { options }: TransferRecord,
  file: FileSource,
  notes: string[],
): Promise<Readonly<Record<string, string>>> {
  const { mode } = await stat(file.path);
  const modified = file.identity.modifiedNs.padStart(10, '0');
  const kept = {
    'sluice-mtime': `${modified.slice(0, -9)}.${modified.slice(-9)}`,
    'sluice-mode': (mode & 0o7777).toString(8).padStart(4, '0'),
  };
  if (!readsAttributes()) {
    notes.push('its time and rights are kept; extended attributes cannot be read on this computer');
    return kept;
  }
  const packed = packAttributes(await readAttributes(file.path));
  if (packed === null) return kept;
  const all = { ...kept, 'sluice-attributes': packed };
  if (metadataBytes({ ...options.metadata, ...all }) + MARK_BYTES <= METADATA_BYTES) return all;
  notes.push('its time and rights are kept; its extended attributes are larger than metadata can be');
  return kept;
}

/** Compresses the file unless that was done before, and journals what it was. Waits where the disk is too full. */
async function pack(
  record: TransferRecord,
  prepared: Prepared,
  file: FileSource,
  packer: Packer,
  tools: PrepareTools,
  onWait: (reason: WaitReason, error: SluiceError) => void,
  signal: AbortSignal,
): Promise<void> {
  const { spool, records, clock } = tools;
  const { identity, path } = file;
  if (prepared.packing?.kind === 'packed' && sameIdentity(prepared.packing.source, identity)) {
    if (await isThere(spool.pathFor(record.id))) return;
  }
  const packed = await withRoom(
    async () => {
      await spool.assertRoom(identity.size);
      return spool.pack(record.id, path, packer, record.options.sha256, signal);
    },
    (error) => onWait('disk', error),
    () => clock.sleep(ROOM_MS, signal),
  );
  try {
    await file.assertUnchanged();
    if (packed.size !== identity.size) throw sluiceError('SOURCE_CHANGED', { path });
  } catch (error) {
    await spool.forget(record.id); // what lies there is of no file that ever was
    throw error;
  }
  const metadata = {
    ...prepared.metadata,
    'sluice-original-size': String(packed.size),
    'sluice-original-crc32': encodeCrc32(packed.crc32),
  };
  records.savePrepared(
    record.id,
    { ...prepared, metadata, packing: { kind: 'packed', packer, source: identity, crc32: packed.crc32 } },
    { key: record.key, contentType: record.contentType },
  );
  if (packed.sha256 !== null) records.saveSha256(record.id, packed.sha256);
}

async function withRoom<T>(
  work: () => Promise<T>,
  onFull: (error: SluiceError) => void,
  pause: () => Promise<void>,
): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isSluiceError(error, 'DISK_FULL')) throw error;
      onFull(error);
      await pause();
    }
  }
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

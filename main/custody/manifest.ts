import type { TransferRecord } from '#main/journal';
import type { ManifestFile } from '#shared/domain';

/** What a manifest says of one file. @param record with its receipt, where it is done */
export function manifestFileOf(record: TransferRecord): ManifestFile {
  const { receipt, state } = record;
  const ended = state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled';
  return {
    path: record.relativePath,
    key: record.key,
    size: receipt?.object.size ?? record.size,
    state: ended ? state.kind : 'unfinished',
    crc32: receipt?.crc32 ?? null,
    original: receipt?.original ?? null,
    sha256: receipt?.sha256 ?? null,
    etag: receipt?.object.etag ?? null,
    versionId: receipt?.object.versionId ?? null,
    modified: receipt?.source.modified ?? null,
    proven: receipt?.proven ?? [],
    finishedAt: receipt?.finishedAt ?? null,
    receiptId: receipt === null ? null : record.id,
  };
}

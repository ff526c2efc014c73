import type { TransferRecord } from '#main/journal';
import type { ObjectHead } from '#main/storage';
import { MARK } from '../verify.ts';

/** Stores allow 2 KB of metadata in all. */
const NAME_LIMIT = 1500;

/** What the object is created with. The name travels percent-encoded, since headers are ASCII. */
export function headOf(record: TransferRecord): ObjectHead {
  const { options } = record;
  const name = encodeURIComponent(record.name.toWellFormed());
  return {
    contentType: record.contentType,
    metadata: {
      ...options.metadata,
      ...(name.length <= NAME_LIMIT ? { 'sluice-name': name } : {}),
      [MARK]: record.id,
    },
    ...(options.storageClass === null ? {} : { storageClass: options.storageClass }),
    encryption: options.encryption,
    tags: options.tags,
  };
}

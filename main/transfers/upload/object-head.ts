import type { TransferRecord } from '#main/journal';
import type { ObjectHead } from '#main/storage';
import { metadataBytes } from '#shared/domain';
import { METADATA_BYTES } from '../source/index.ts';
import { MARK } from '../verify.ts';

/** What the object is created with. The name travels percent-encoded, since headers are ASCII, where there is room for it. */
export function headOf(record: TransferRecord): ObjectHead {
  const { options, prepared } = record;
  const metadata = { ...options.metadata, ...prepared?.metadata, [MARK]: record.id };
  const named = { ...metadata, 'sluice-name': encodeURIComponent(record.name.toWellFormed()) };
  return {
    contentType: record.contentType,
    metadata: metadataBytes(named) <= METADATA_BYTES ? named : metadata,
    ...(options.storageClass === null ? {} : { storageClass: options.storageClass }),
    encryption: options.encryption,
    tags: options.tags,
  };
}

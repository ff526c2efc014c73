import type { TransferRecord } from '#main/journal';
import type { Expected } from '../verify.ts';
import type { UploadContext } from './context.ts';

/** What the object of an upload must be. */
export const expected = (upload: UploadContext, record: TransferRecord, crc: number): Expected => ({
  key: record.key,
  size: record.size,
  crc32: crc,
  transferId: record.id,
  adopted: record.adopted,
  parts:
    record.uploadId === null
      ? []
      : upload.tools.records.parts(record.id).map((part) => ({ ...part, etag: part.etag ?? '' })),
  md5: upload.taken?.md5 ?? null,
});

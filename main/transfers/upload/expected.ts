import type { TransferRecord } from '#main/journal';
import { expectedMultipartEtag } from '#main/storage';
import type { Expected } from '../verify.ts';
import type { UploadContext } from './context.ts';

/** What the object must be. One whose upload another program began does not carry our mark: its parts tell it. */
export function expected({ tools }: UploadContext, record: TransferRecord, crc: number): Expected {
  const { key, size, id, adopted } = record;
  const known = { key, size, crc32: crc, transferId: id };
  return adopted
    ? { ...known, partsEtag: expectedMultipartEtag(tools.records.parts(id).map(({ etag }) => etag ?? '')) }
    : known;
}

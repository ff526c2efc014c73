import { GetObjectCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { StoreAccess } from './access.ts';
import type { SignedRequest } from './stored.ts';

const CHECKSUM = 'x-amz-checksum-crc32';

interface At {
  readonly Bucket: string;
  readonly Key: string;
}

/** A PUT of one part. @param at its `checksum` is CRC-32 as S3 writes it; null where the store takes none */
export async function presignPart(
  access: StoreAccess,
  at: At & { readonly uploadId: string; readonly number: number; readonly checksum: string | null },
  seconds: number,
): Promise<SignedRequest> {
  const { Bucket, Key, uploadId, number, checksum } = at;
  const command = new UploadPartCommand({
    Bucket,
    Key,
    UploadId: uploadId,
    PartNumber: number,
    ...(checksum === null ? {} : { ChecksumCRC32: checksum }),
  });
  const url = await getSignedUrl(access.client, command, {
    expiresIn: seconds,
    signingDate: new Date(access.clock.now()),
    unhoistableHeaders: new Set([CHECKSUM]),
  });
  return { url, headers: checksum === null ? {} : { [CHECKSUM]: checksum } };
}

/** A GET. @param fileName given to a browser that saves it; null shows it */
export function presignRead(
  access: StoreAccess,
  at: At,
  seconds: number,
  fileName: string | null,
): Promise<string> {
  const command = new GetObjectCommand({
    ...at,
    ...(fileName === null ? {} : { ResponseContentDisposition: attachment(fileName) }),
  });
  return getSignedUrl(access.client, command, {
    expiresIn: seconds,
    signingDate: new Date(access.clock.now()),
  });
}

/** RFC 6266: an ASCII fallback, and the true name. */
function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7e]|["\\%]/g, '_');
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

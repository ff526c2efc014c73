import { sluiceError } from '#shared/errors';

export interface S3Uri {
  readonly bucket: string;
  /** Without a leading slash; may be empty. */
  readonly key: string;
}

/** @throws URI_INVALID */
export function parseS3Uri(uri: string): S3Uri {
  const match = /^s3:\/\/([a-z0-9][a-z0-9._-]{1,61}[a-z0-9])(?:\/(.*))?$/is.exec(uri);
  if (match?.[1] === undefined) throw sluiceError('URI_INVALID', { uri });
  return { bucket: match[1], key: match[2] ?? '' };
}

import type { Connection } from '#shared/domain';
import { sluiceError } from '#shared/errors';

/** Endpoint host of S3 Transfer Acceleration. */
export const ACCELERATED = 's3-accelerate.amazonaws.com';

const AWS_HOST = /(^|\.)amazonaws\.com$/;
/** What names of directory buckets (S3 Express One Zone) end with. */
const DIRECTORY = /--x-s3$/;

type Place = Pick<Connection, 'bucket' | 'endpoint'>;

/** @returns why a bucket cannot be accelerated; null where nothing speaks against it */
export function whyNotAccelerated({ bucket, endpoint }: Place): string | null {
  if (endpoint !== null && !AWS_HOST.test(new URL(endpoint).hostname)) return 'only AWS itself has it';
  if (DIRECTORY.test(bucket)) return 'a directory bucket is not reached through it';
  if (bucket.includes('.')) return 'a bucket name with a dot is no host name that it could be reached by';
  return null;
}

/** @throws ACCELERATION_UNSUPPORTED */
export function assertAccelerates(place: Place): void {
  const reason = whyNotAccelerated(place);
  if (reason !== null) throw sluiceError('ACCELERATION_UNSUPPORTED', { bucket: place.bucket, reason });
}

/** What kinds of stores allow, where they differ. Data; what a bucket really does is learnt by asking it. */
import type { Connection } from '#shared/domain';

const MiB = 1024 ** 2;
const GiB = 1024 ** 3;
const TiB = 1024 ** 4;

export type StoreKind =
  | 'aws'
  | 'aws-directory'
  | 'builtin'
  | 'r2'
  | 'b2'
  | 'storj'
  | 'gcs'
  | 'wasabi'
  | 'digitalocean'
  | 'unknown';

/** Sizes in bytes. */
export interface StoreLimits {
  readonly kind: StoreKind;
  /** But for the last. */
  readonly minPart: number;
  readonly maxPart: number;
  readonly maxParts: number;
  readonly maxObject: number;
  /** Most that one PUT may carry. */
  readonly maxPut: number;
  /** Parts this large are cheapest or quickest there; null where it makes no difference. */
  readonly preferredPart: number | null;
  /** Whether all parts but the last must have the same size. Ours always have. */
  readonly equalParts: boolean;
  /** Whether `If-None-Match: *` is heeded; where not, it is ignored or refused. */
  readonly conditionalPut: boolean;
  /** Whether there is Transfer Acceleration. */
  readonly accelerate: boolean;
  /** Whether the ETag of an object in parts is the MD5 of their MD5s. */
  readonly md5Etags: boolean;
}

const S3: StoreLimits = {
  kind: 'aws',
  minPart: 5 * MiB,
  maxPart: 5 * GiB,
  maxParts: 10_000,
  maxObject: 10_000 * 5 * GiB,
  maxPut: 5 * GiB,
  preferredPart: null,
  equalParts: false,
  conditionalPut: true,
  accelerate: true,
  md5Etags: true,
};

const LIMITS: Readonly<Record<StoreKind, StoreLimits>> = {
  aws: S3,
  // One part takes many connections there; its tags are random.
  'aws-directory': { ...S3, kind: 'aws-directory', accelerate: false, md5Etags: false },
  builtin: { ...S3, kind: 'builtin', accelerate: false },
  r2: { ...S3, kind: 'r2', maxObject: 5 * TiB - 5 * GiB, equalParts: true, accelerate: false },
  b2: { ...S3, kind: 'b2', maxObject: 10 * TiB, conditionalPut: false, accelerate: false },
  // Segments there are 64 MB: smaller parts cost as much and are slower.
  storj: { ...S3, kind: 'storj', preferredPart: 64 * MiB, conditionalPut: false, accelerate: false },
  gcs: { ...S3, kind: 'gcs', maxObject: 5 * TiB, conditionalPut: false, accelerate: false },
  wasabi: { ...S3, kind: 'wasabi', maxObject: 5 * TiB, conditionalPut: false, accelerate: false },
  digitalocean: { ...S3, kind: 'digitalocean', maxObject: 5 * TiB, conditionalPut: false, accelerate: false },
  // MinIO, Ceph, Garage, SeaweedFS, ...: what is not known to be less is taken to be as with S3; the store says no if not.
  unknown: { ...S3, kind: 'unknown', conditionalPut: false, accelerate: false },
};

/** Ends of host names. */
const HOSTS: readonly (readonly [RegExp, StoreKind])[] = [
  [/(^|\.)amazonaws\.com(\.cn)?$/, 'aws'],
  [/\.r2\.cloudflarestorage\.com$/, 'r2'],
  [/(^|\.)backblazeb2\.com$/, 'b2'],
  [/(^|\.)storjshare\.io$/, 'storj'],
  [/(^|\.)storage\.googleapis\.com$/, 'gcs'],
  [/(^|\.)wasabisys\.com$/, 'wasabi'],
  [/(^|\.)digitaloceanspaces\.com$/, 'digitalocean'],
];

export function storeKind({
  kind,
  endpoint,
  bucket,
}: Pick<Connection, 'kind' | 'endpoint' | 'bucket'>): StoreKind {
  if (kind === 'builtin') return 'builtin';
  const host = endpoint === null ? 's3.amazonaws.com' : new URL(endpoint).hostname;
  const found = HOSTS.find(([ending]) => ending.test(host))?.[1] ?? 'unknown';
  return found === 'aws' && bucket.endsWith('--x-s3') ? 'aws-directory' : found;
}

export function limitsOf(connection: Pick<Connection, 'kind' | 'endpoint' | 'bucket'>): StoreLimits {
  return LIMITS[storeKind(connection)];
}

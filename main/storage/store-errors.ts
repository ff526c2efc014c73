import { SluiceError, sluiceError } from '#shared/errors';
import { EXPIRED, NoAnswer, SKEWED } from './wire/index.ts';

/** What the caller was doing, for the sentence. */
export interface StoreContext {
  readonly action: string;
  readonly endpoint: string;
  readonly bucket: string;
  readonly key: string;
  /** Whether the request asked that nothing stand at the key. */
  readonly absent?: boolean | undefined;
}

/** The parts of an error of the wire, of the AWS SDK, or of the sockets under them, that tell it apart. */
interface Facts {
  readonly name: string;
  readonly message: string;
  readonly status: number | null;
  readonly code: string | null;
  readonly region: string | null;
}

function facts(error: unknown): Facts {
  const e = error as {
    name?: unknown;
    message?: unknown;
    code?: unknown;
    errors?: readonly { code?: unknown }[];
    $metadata?: { httpStatusCode?: unknown };
    $response?: { headers?: Record<string, string> };
    region?: unknown;
    Region?: unknown;
  };
  const inner = Array.isArray(e.errors) ? e.errors[0]?.code : undefined; // AggregateError of several addresses
  const code = typeof e.code === 'string' ? e.code : typeof inner === 'string' ? inner : null;
  const status = e.$metadata?.httpStatusCode;
  return {
    name: typeof e.name === 'string' ? e.name : 'Error',
    message: typeof e.message === 'string' ? e.message : String(error),
    status: typeof status === 'number' ? status : null,
    code,
    region:
      [e.region, e.$response?.headers?.['x-amz-bucket-region'], e.Region].find(
        (region) => typeof region === 'string',
      ) ?? null,
  };
}

const NETWORK: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection reset'],
  ['EPIPE', 'connection closed'],
  ['ETIMEDOUT', 'timed out'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'the name cannot be looked up'],
  ['EHOSTUNREACH', 'host unreachable'],
  ['ENETUNREACH', 'network unreachable'],
  ['ENOENT', 'nothing listens there'],
]);

const WRONG_KEYS: ReadonlySet<string> = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
  'InvalidToken',
  'UnrecognizedClientException',
]);

/** The store is there and takes less than it is given. */
const BUSY: ReadonlySet<string> = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestLimitExceeded',
  'TooManyRequests',
  'TooManyRequestsException',
  'BandwidthLimitExceeded',
  'ConditionalRequestConflict',
]);

/** What an object was to be made with is not taken: its encryption, class, metadata or tags. */
const OPTIONS: ReadonlySet<string> = new Set([
  'InvalidStorageClass',
  'InvalidTag',
  'MetadataTooLarge',
  'InvalidEncryptionAlgorithmError',
  'ServerSideEncryptionConfigurationNotFoundError',
  'InvalidEncryptionMethodError',
]);
const isOptionRefused = (name: string): boolean => OPTIONS.has(name) || name.startsWith('KMS.');

/** The request did not arrive as it was sent: the same again may. */
const DAMAGED: ReadonlyMap<string, string> = new Map([
  ['BadDigest', 'what arrived was damaged on the way'],
  ['XAmzContentChecksumMismatch', 'what arrived was damaged on the way'],
  ['IncompleteBody', 'not all of it arrived'],
  ['RequestTimeout', 'what was sent came too slowly'],
]);

/** Turns whatever the wire or the SDK throws into an error of the catalogue. Names and numbers decide, never the text. */
export function storeError(error: unknown, context: StoreContext): SluiceError {
  if (error instanceof SluiceError) return error;
  const { name, message, status, code, region } = facts(error);
  const { bucket, key, endpoint, action } = context;

  if (error instanceof NoAnswer) {
    return sluiceError('STORE_UNREACHABLE', { endpoint, reason: error.reason }, error);
  }

  if (name === 'AbortError') return sluiceError('CANCELLED', {}, error);
  if (name === 'CredentialsProviderError')
    return sluiceError('CREDENTIALS_MISSING', { source: message }, error);
  if (name === 'NoSuchBucket') return sluiceError('BUCKET_MISSING', { bucket }, error);
  if (name === 'NoSuchKey' || name === 'NotFound' || name === 'NoSuchUpload') {
    return key === ''
      ? sluiceError('BUCKET_MISSING', { bucket }, error)
      : sluiceError('OBJECT_MISSING', { key }, error);
  }
  // A signature for another region is malformed to a store that says which one it wants.
  const misplaced = name === 'AuthorizationHeaderMalformed' && region !== null;
  if (name === 'PermanentRedirect' || misplaced || (status === 301 && region !== null)) {
    return sluiceError('BUCKET_OTHER_REGION', { bucket, region: region ?? 'another region' }, error);
  }
  if (EXPIRED.has(name)) return sluiceError('CREDENTIALS_EXPIRED', {}, error);
  if (WRONG_KEYS.has(name)) return sluiceError('CREDENTIALS_WRONG', { reason: name }, error);
  if (isOptionRefused(name)) return sluiceError('OPTION_REFUSED', { code: name, reason: message }, error);
  if (name === SKEWED) return sluiceError('CLOCK_SKEWED', {}, error);
  const damage = DAMAGED.get(name);
  if (damage !== undefined) return sluiceError('STORE_UNREACHABLE', { endpoint, reason: damage }, error);
  if (status === 507) return sluiceError('DISK_FULL', { path: `the bucket ${bucket}` }, error);
  if (status === 412) {
    return sluiceError(context.absent === true ? 'OBJECT_EXISTS' : 'OBJECT_CHANGED', { key }, error);
  }
  if (BUSY.has(name) || status === 429) {
    return sluiceError('STORE_BUSY', { endpoint }, error);
  }
  if (name === 'AccessDenied' || status === 403) {
    return sluiceError('ACCESS_DENIED', { action, resource: key === '' ? bucket : key }, error);
  }
  if (code !== null && NETWORK.has(code)) {
    return sluiceError('STORE_UNREACHABLE', { endpoint, reason: NETWORK.get(code) ?? code }, error);
  }
  if (name === 'TimeoutError')
    return sluiceError('STORE_UNREACHABLE', { endpoint, reason: 'timed out' }, error);
  if (status === 404) {
    return key === ''
      ? sluiceError('BUCKET_MISSING', { bucket }, error)
      : sluiceError('OBJECT_MISSING', { key }, error);
  }
  if (status !== null && status >= 500) {
    return sluiceError('STORE_UNREACHABLE', { endpoint, reason: `it answered ${status} ${name}` }, error);
  }
  if (status !== null && status < 300) {
    // It did what was asked, as far as can be told: half an answer is as good as one that was lost.
    return sluiceError('STORE_UNREACHABLE', { endpoint, reason: 'its answer could not be read' }, error);
  }
  if (status !== null) return sluiceError('STORE_REFUSED', { code: name, reason: message }, error);
  if (code !== null) return sluiceError('STORE_UNREACHABLE', { endpoint, reason: code }, error);
  return sluiceError('STORE_REFUSED', { code: name, reason: message }, error);
}

/** The name S3 gave the error, e.g. `NoSuchUpload`; null where it is none of S3's. */
export function s3ErrorName(error: unknown): string | null {
  const cause = error instanceof SluiceError ? error.cause : error;
  return cause instanceof Error && '$metadata' in cause ? cause.name : null;
}

/** What a request claims about who signed it, read from its Authorization header or its query. */
import { formatAmzDate, parseAmzDate, type Scope } from '#main/sigv4';
import { parseHttpDate, type RequestHeaders, S3Error } from '../wire/index.ts';

export interface Claim {
  readonly by: 'header' | 'query';
  readonly accessKeyId: string;
  readonly scope: Scope;
  /** As signed: `yyyymmddThhmmssZ`. */
  readonly amzDate: string;
  /** ms since the epoch. */
  readonly signedAt: number;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Seconds a presigned URL lives; null for a signed header. */
  readonly expires: number | null;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const MAX_EXPIRES = 604_800;

/** Throws AccessDenied where nothing is claimed, or what S3 says of a malformed claim. */
export function readClaim(headers: RequestHeaders, query: URLSearchParams): Claim {
  const authorization = headers.get('authorization');
  if (authorization !== null) {
    if (query.has('X-Amz-Algorithm')) {
      throw new S3Error(
        'InvalidArgument',
        'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
      );
    }
    return claimOfHeader(authorization, headers);
  }
  if (query.has('X-Amz-Algorithm')) return claimOfQuery(query);
  if (query.has('Signature') && query.has('AWSAccessKeyId')) throw oldMechanism();
  throw new S3Error('AccessDenied');
}

function oldMechanism(): S3Error {
  return new S3Error(
    'InvalidRequest',
    `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.`,
  );
}

type Complain = (message: string) => S3Error;

function claimOfHeader(authorization: string, headers: RequestHeaders): Claim {
  const complain: Complain = (message) => new S3Error('AuthorizationHeaderMalformed', message);
  const [algorithm = '', ...rest] = authorization.trim().split(/\s+/);
  if (algorithm !== ALGORITHM) throw oldMechanism();

  const facts = new Map<string, string>();
  for (const item of rest.join('').split(',')) {
    const equals = item.indexOf('=');
    if (equals > 0) facts.set(item.slice(0, equals), item.slice(equals + 1));
  }
  const credential = facts.get('Credential');
  const signedHeaders = facts.get('SignedHeaders');
  const signature = facts.get('Signature');
  if (credential === undefined || signedHeaders === undefined || signature === undefined) {
    throw complain(
      'The authorization header is malformed; it needs Credential, SignedHeaders and Signature.',
    );
  }
  const amzDate = dateOfHeaders(headers);
  const signedAt = parseDate(amzDate);
  return {
    by: 'header',
    ...parseCredential(credential, amzDate, complain),
    amzDate,
    signedAt,
    signedHeaders: signedHeaders.split(';'),
    signature,
    expires: null,
  };
}

function dateOfHeaders(headers: RequestHeaders): string {
  const given = headers.get('x-amz-date');
  if (given !== null) return given;
  const date = parseHttpDate(headers.get('date'));
  return date === null ? '' : formatAmzDate(date);
}

function parseDate(amzDate: string): number {
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === null) {
    throw new S3Error('AccessDenied', 'AWS authentication requires a valid Date or x-amz-date header');
  }
  return signedAt;
}

function claimOfQuery(query: URLSearchParams): Claim {
  const complain: Complain = (message) => new S3Error('AuthorizationQueryParametersError', message);
  const need = (name: string): string => {
    const value = query.get(name);
    if (value !== null && value !== '') return value;
    throw complain(
      'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
    );
  };
  if (need('X-Amz-Algorithm') !== ALGORITHM) {
    throw complain(`X-Amz-Algorithm only supports "${ALGORITHM}"`);
  }
  const amzDate = need('X-Amz-Date');
  const signedAt = parseAmzDate(amzDate);
  if (signedAt === null) {
    throw complain("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");
  }
  const expires = need('X-Amz-Expires');
  if (!/^\d+$/.test(expires)) throw complain('X-Amz-Expires should be a number');
  if (Number(expires) > MAX_EXPIRES) {
    throw complain(`X-Amz-Expires must be less than a week (in seconds); the given value is ${expires}`);
  }
  return {
    by: 'query',
    ...parseCredential(need('X-Amz-Credential'), amzDate, complain),
    amzDate,
    signedAt,
    signedHeaders: need('X-Amz-SignedHeaders').split(';'),
    signature: need('X-Amz-Signature'),
    expires: Number(expires),
  };
}

function parseCredential(
  credential: string,
  amzDate: string,
  complain: Complain,
): { accessKeyId: string; scope: Scope } {
  // The key comes first and may itself hold slashes.
  const fields = credential.split('/');
  const [date = '', region = '', service = '', terminator = ''] = fields.slice(-4);
  if (fields.length < 5 || terminator !== 'aws4_request') {
    throw complain(
      'The Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
    );
  }
  if (date !== amzDate.slice(0, 8)) {
    throw complain(
      `Invalid credential date "${date}". This date is not the same as X-Amz-Date: "${amzDate.slice(0, 8)}".`,
    );
  }
  return { accessKeyId: fields.slice(0, -4).join('/'), scope: { date, region, service } };
}

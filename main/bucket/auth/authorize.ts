/** Whether a request was signed with the bucket's key, and what its signature says of its body. */
import {
  canonicalRequest,
  sameSignature,
  sign,
  SigningKeys,
  stringToSign,
  uriEncodePath,
  type SigningKey,
} from '#main/sigv4';
import { isoDate, type RequestHeaders, S3Error, type Target } from '../wire/index.ts';
import { ChunkSigner } from './chunk-signer.ts';
import { type Claim, readClaim } from './claim.ts';
import { parsePayload, type Payload, UNSIGNED } from './payload.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface SignedRequest {
  readonly method: string;
  readonly target: Target;
  readonly headers: RequestHeaders;
}

export interface Authorized {
  /** The headers to go by: those of a presigned query count too. */
  readonly headers: RequestHeaders;
  readonly payload: Payload;
  /** Checks the chunks of a body whose chunks are signed. */
  readonly chunks: ChunkSigner | null;
}

const MAX_SKEW = 15 * 60_000;

const signingKeys = new SigningKeys();

/** Throws the S3 error that tells what is wrong with the signature, its key, its time or its scope. */
export function authorize(
  request: SignedRequest,
  credentials: Credentials,
  region: string,
  now: number,
): Authorized {
  const { target } = request;
  const claim = readClaim(request.headers, target.query);
  const headers = claim.by === 'query' ? request.headers.withQuery(target.query) : request.headers;
  checkScope(claim, region);
  if (!sameSignature(credentials.accessKeyId, claim.accessKeyId)) {
    throw new S3Error('InvalidAccessKeyId', undefined, { AWSAccessKeyId: claim.accessKeyId });
  }
  if (headers.get('x-amz-security-token') !== null) throw new S3Error('InvalidToken');
  checkTime(claim, now);
  checkSignedHeaders(claim, request.headers);

  const payloadHash = headers.get('x-amz-content-sha256') ?? (claim.by === 'query' ? UNSIGNED : null);
  if (payloadHash === null) {
    throw new S3Error('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  const payload = parsePayload(payloadHash);
  const key = signingKeys.of(credentials.secretAccessKey, claim.scope);
  checkSignature(request, claim, payloadHash, key);
  const signer =
    payload.kind === 'chunked' && payload.signed
      ? new ChunkSigner(key, claim.amzDate, claim.scope, claim.signature)
      : null;
  return { headers, payload, chunks: signer };
}

function checkScope(claim: Claim, region: string): void {
  const [code, what] =
    claim.by === 'header'
      ? (['AuthorizationHeaderMalformed', 'The authorization header is malformed'] as const)
      : (['AuthorizationQueryParametersError', 'Error parsing the X-Amz-Credential parameter'] as const);
  if (claim.scope.region !== region) {
    const message = `${what}; the region '${claim.scope.region}' is wrong; expecting '${region}'`;
    throw new S3Error(code, message, { Region: region });
  }
  if (claim.scope.service !== 's3') {
    throw new S3Error(
      code,
      `${what}; incorrect service "${claim.scope.service}". This endpoint belongs to "s3".`,
    );
  }
}

function checkTime(claim: Claim, now: number): void {
  if (claim.expires === null) {
    if (Math.abs(now - claim.signedAt) <= MAX_SKEW) return;
    throw new S3Error('RequestTimeTooSkewed', undefined, {
      RequestTime: claim.amzDate,
      ServerTime: isoDate(now),
      MaxAllowedSkewMilliseconds: MAX_SKEW,
    });
  }
  if (claim.signedAt - now > MAX_SKEW) {
    throw new S3Error('AccessDenied', 'Request is not valid yet', {
      'X-Amz-Date': claim.amzDate,
      ServerTime: isoDate(now),
    });
  }
  const until = claim.signedAt + claim.expires * 1000;
  if (now >= until) {
    throw new S3Error('AccessDenied', 'Request has expired', {
      'X-Amz-Expires': claim.expires,
      Expires: isoDate(until),
      ServerTime: isoDate(now),
    });
  }
}

/** Whatever steers S3 must have been signed: the host and every x-amz-* that was sent. */
function checkSignedHeaders(claim: Claim, sent: RequestHeaders): void {
  const signed = new Set(claim.signedHeaders);
  const unsigned: string[] = signed.has('host') ? [] : ['host'];
  for (const [name] of sent.entries()) {
    if (!name.startsWith('x-amz-') || signed.has(name)) continue;
    // Only narrows what a presigned URL allows: the body is checked against it.
    if (claim.by === 'query' && name === 'x-amz-content-sha256') continue;
    unsigned.push(name);
  }
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', 'There were headers present in the request which were not signed', {
    HeadersNotSigned: unsigned.join(', '),
  });
}

function checkSignature(request: SignedRequest, claim: Claim, payloadHash: string, key: SigningKey): void {
  const { target } = request;
  const signedHash =
    claim.by === 'query' && !claim.signedHeaders.includes('x-amz-content-sha256')
      ? (target.query.get('X-Amz-Content-Sha256') ?? UNSIGNED)
      : payloadHash;
  const canonicalOf = (uri: string): string =>
    canonicalRequest({
      method: request.method,
      uri,
      query: target.query,
      header: (name) => request.headers.get(name),
      signedHeaders: claim.signedHeaders,
      payloadHash: signedHash,
    });
  // Clients differ in what they escape; the bytes signed are the same either way.
  const canonical = canonicalOf(uriEncodePath(target.path));
  const text = stringToSign(claim.amzDate, claim.scope, canonical);
  if (sameSignature(sign(key, text), claim.signature)) return;
  const asSent = stringToSign(claim.amzDate, claim.scope, canonicalOf(target.rawPath));
  if (sameSignature(sign(key, asSent), claim.signature)) return;
  throw new S3Error('SignatureDoesNotMatch', undefined, {
    AWSAccessKeyId: claim.accessKeyId,
    StringToSign: text,
    SignatureProvided: claim.signature,
    CanonicalRequest: canonical,
  });
}

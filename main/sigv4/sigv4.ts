/** Signature Version 4 as S3 uses it: pure functions from a request to its signature. */
import { createHmac, createSecretKey, hash, timingSafeEqual, type KeyObject } from 'node:crypto';

/** As a key object: given its bytes, an HMAC spends most of its time on finding out what they are. */
export type SigningKey = KeyObject;

export const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What a signature is bound to: `yyyymmdd/region/service/aws4_request`. */
export interface Scope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export interface CanonicalInput {
  readonly method: string;
  /** Already encoded. */
  readonly uri: string;
  readonly query: Iterable<readonly [string, string]>;
  readonly header: (name: string) => string | null;
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

export function scopeText(scope: Scope): string {
  return `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
}

/** Percent-encodes all but the unreserved characters, as SigV4 has it. */
export function uriEncode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

export function uriEncodePath(path: string): string {
  return path.split('/').map(uriEncode).join('/');
}

function canonicalQuery(query: Iterable<readonly [string, string]>): string {
  const pairs: string[] = [];
  for (const [name, value] of query) {
    if (name !== 'X-Amz-Signature') pairs.push(`${uriEncode(name)}=${uriEncode(value)}`);
  }
  // '=' sorts after '-', '.' and digits, so pairs are compared by name first.
  return pairs
    .map((pair) => pair.split('=') as [string, string])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @returns the canonical request; header values are one character per byte, so the text is latin1 */
export function canonicalRequest(input: CanonicalInput): string {
  const headers = input.signedHeaders.map(
    (name) => `${name}:${(input.header(name) ?? '').trim().replace(/ +/g, ' ')}\n`,
  );
  return [
    input.method,
    input.uri,
    canonicalQuery(input.query),
    headers.join(''),
    input.signedHeaders.join(';'),
    input.payloadHash,
  ].join('\n');
}

export function stringToSign(amzDate: string, scope: Scope, canonical: string): string {
  const digest = hash('sha256', Buffer.from(canonical, 'latin1'), 'hex');
  return `AWS4-HMAC-SHA256\n${amzDate}\n${scopeText(scope)}\n${digest}`;
}

function hmac(key: Buffer | KeyObject | string, data: string): Buffer {
  return createHmac('sha256', key).update(data, 'utf8').digest();
}

export function signingKey(secret: string, scope: Scope): SigningKey {
  const date = hmac(`AWS4${secret}`, scope.date);
  return createSecretKey(hmac(hmac(hmac(date, scope.region), scope.service), 'aws4_request'));
}

/** @returns the signature in hex */
export function sign(key: SigningKey, text: string): string {
  return createHmac('sha256', key).update(text, 'utf8').digest('hex');
}

/** Compares in a time that tells nothing of where they differ. */
export function sameSignature(expected: string, given: string): boolean {
  const a = Buffer.from(expected, 'utf8');
  const b = Buffer.from(given, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

/** @returns ms since the epoch of `yyyymmddThhmmssZ`, or null where it is none */
export function parseAmzDate(value: string): number | null {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(value);
  if (match === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

export function formatAmzDate(ms: number): string {
  return new Date(ms).toISOString().replace(/[-:]|\.\d{3}/g, '');
}

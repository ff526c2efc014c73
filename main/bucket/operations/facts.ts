/** What a request says of the object it makes; what the server cannot do is refused, never ignored. */
import type { ObjectFacts } from '../store/index.ts';
import { type ReplyHeaders, type RequestHeaders, S3Error, type S3ErrorCode } from '../wire/index.ts';

const KEPT = ['cache-control', 'content-disposition', 'content-language', 'content-type', 'expires'];
const META = 'x-amz-meta-';
const MAX_METADATA = 2048;
const DEFAULT_TYPE = 'binary/octet-stream';

/** Headers that ask for what is not here and cannot be passed over, unless they say one of these harmless things. */
const REFUSED: readonly (readonly [header: string, code: S3ErrorCode, harmless: readonly string[]])[] = [
  ['x-amz-acl', 'AccessControlListNotSupported', ['private', 'bucket-owner-full-control']],
  ['x-amz-grant-full-control', 'AccessControlListNotSupported', []],
  ['x-amz-grant-read', 'AccessControlListNotSupported', []],
  ['x-amz-grant-read-acp', 'AccessControlListNotSupported', []],
  ['x-amz-grant-write-acp', 'AccessControlListNotSupported', []],
  ['x-amz-server-side-encryption-customer-algorithm', 'NotImplemented', []],
  ['x-amz-object-lock-mode', 'NotImplemented', []],
  ['x-amz-object-lock-legal-hold', 'NotImplemented', ['OFF']],
  ['x-amz-website-redirect-location', 'NotImplemented', []],
  ['x-amz-write-offset-bytes', 'NotImplemented', []],
];

export function refuseUnsupported(headers: RequestHeaders): void {
  for (const [header, code, harmless] of REFUSED) {
    const value = headers.get(header);
    if (value !== null && !harmless.includes(value)) {
      throw new S3Error(code, undefined, code === 'NotImplemented' ? { Header: header } : {});
    }
  }
}

const CLASS = 'x-amz-storage-class';
const ENCRYPTION = 'x-amz-server-side-encryption';
const ENCRYPTION_KEY = 'x-amz-server-side-encryption-aws-kms-key-id';
const CLASSES = new Set([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'GLACIER_IR',
  'DEEP_ARCHIVE',
]);
const ENCRYPTIONS = new Set(['AES256', 'aws:kms', 'aws:kms:dsse']);

/** Throws InvalidStorageClass or InvalidArgument. */
function askedOf(headers: RequestHeaders): Readonly<Record<string, string>> {
  const asked: Record<string, string> = {};
  const storageClass = headers.get(CLASS) ?? 'STANDARD';
  if (!CLASSES.has(storageClass)) throw new S3Error('InvalidStorageClass');
  // As S3 has it: the usual one is not told.
  if (storageClass !== 'STANDARD') asked[CLASS] = storageClass;
  const encryption = headers.get(ENCRYPTION);
  if (encryption !== null) {
    if (!ENCRYPTIONS.has(encryption)) {
      throw new S3Error('InvalidArgument', 'The encryption method specified is not supported', {
        ArgumentName: ENCRYPTION,
        ArgumentValue: encryption,
      });
    }
    asked[ENCRYPTION] = encryption;
    const key = headers.get(ENCRYPTION_KEY);
    if (key !== null && encryption !== 'AES256') asked[ENCRYPTION_KEY] = checked(ENCRYPTION_KEY, key);
  }
  return asked;
}

const MAX_TAGS = 10;

/** Throws InvalidTag. */
function tagsOf(header: string | null): Readonly<Record<string, string>> {
  const pairs = [...new URLSearchParams(header ?? '')];
  const tags = Object.fromEntries(pairs);
  const names = Object.keys(tags);
  if (names.length !== pairs.length) throw new S3Error('InvalidTag');
  if (pairs.length > MAX_TAGS) throw new S3Error('InvalidTag');
  for (const [name, value] of pairs) {
    if (name === '' || name.length > 128 || value.length > 256) throw new S3Error('InvalidTag');
  }
  return tags;
}

/** Throws InvalidArgument, InvalidStorageClass, InvalidTag or MetadataTooLarge. */
export function factsOf(headers: RequestHeaders): ObjectFacts {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = headers.get(name);
    if (value !== null) kept[name] = checked(name, value);
  }
  const encoding = (headers.get('content-encoding') ?? '')
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding.toLowerCase() !== 'aws-chunked');
  if (encoding.length > 0) kept['content-encoding'] = checked('content-encoding', encoding.join(','));

  const metadata: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of headers.entries()) {
    if (!name.startsWith(META)) continue;
    const short = name.slice(META.length);
    size += short.length + value.length;
    metadata[short] = checked(name, value);
  }
  if (size > MAX_METADATA) {
    throw new S3Error('MetadataTooLarge', undefined, { Size: size, MaxSizeAllowed: MAX_METADATA });
  }
  const asked = askedOf(headers);
  const tags = tagsOf(headers.get('x-amz-tagging'));
  return {
    headers: kept,
    metadata,
    ...(Object.keys(asked).length > 0 && { asked }),
    ...(Object.keys(tags).length > 0 && { tags }),
  };
}

/** A value that came by a query can hold what no header can carry back. */
function checked(name: string, value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[\u0000-\u0008\u000A-\u001F\u007F]/.test(value)) return value;
  throw new S3Error('InvalidArgument', 'Header value cannot be represented', { ArgumentName: name });
}

/** @returns the headers an object is answered with */
export function headersOf({ headers, metadata, asked, tags }: ObjectFacts): ReplyHeaders {
  const reply: Record<string, string> = { 'content-type': DEFAULT_TYPE, ...headers, ...asked };
  if (tags !== undefined) reply['x-amz-tagging-count'] = String(Object.keys(tags).length);
  for (const [name, value] of Object.entries(metadata)) reply[`${META}${name}`] = value;
  return reply;
}

const OVERRIDES = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
];

/** @returns the headers that `response-*` of the query put in the place of the object's own */
export function overridesOf(query: URLSearchParams): ReplyHeaders {
  const reply: Record<string, string> = {};
  for (const name of OVERRIDES) {
    const value = query.get(`response-${name}`);
    if (value !== null) reply[name] = checked(name, Buffer.from(value, 'utf8').toString('latin1'));
  }
  return reply;
}

/** @returns what a request that made an object is answered with, of how it is kept */
export function encryptionHeaders({ asked = {} }: ObjectFacts): ReplyHeaders {
  return Object.fromEntries(Object.entries(asked).filter(([name]) => name !== CLASS));
}

export const storageClassOf = ({ asked }: ObjectFacts): string => asked?.[CLASS] ?? 'STANDARD';

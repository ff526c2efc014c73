/** GetObject and HeadObject. */
import type { ObjectRecord, Store } from '../store/index.ts';
import {
  bareETag,
  type ByteRange,
  checkRead,
  empty,
  httpDate,
  parseHttpDate,
  parseRange,
  type Reply,
  type ReplyHeaders,
  type RequestHeaders,
  S3Error,
} from '../wire/index.ts';
import { askedChecksum, checksumHeaders } from './checksums.ts';
import { type Exchange, objectOf } from './exchange.ts';
import { headersOf, overridesOf } from './facts.ts';

/** What of an object is sent, and what is said of just that. */
interface Selection {
  readonly range: ByteRange;
  readonly partial: boolean;
  readonly headers: ReplyHeaders;
}

export function getObject(exchange: Exchange): Reply {
  const { store, headers, target } = exchange;
  const object = objectOf(exchange);

  const validators = { etag: `"${object.etag}"`, 'last-modified': httpDate(object.modified) };
  if (checkRead(headers, object) === 'not-modified') return empty(304, validators);

  const selection = select(store, headers, target.query.get('partNumber'), object);
  const reply = {
    ...headersOf(object.facts),
    ...validators,
    'accept-ranges': 'bytes',
    'content-length': String(selection.range.length),
    ...selection.headers,
    ...overridesOf(target.query),
  };
  const status = selection.partial ? 206 : 200;
  if (exchange.method === 'HEAD') return empty(status, reply);
  const content = store.openContent(object.id, selection.range);
  return { status, headers: reply, body: { kind: 'content', content } };
}

function select(
  store: Store,
  headers: RequestHeaders,
  partNumber: string | null,
  object: ObjectRecord,
): Selection {
  const whole: Selection = {
    range: { start: 0, length: object.size },
    partial: false,
    headers: askedChecksum(headers, object),
  };
  const range = headers.get('range');
  if (partNumber !== null) {
    if (range !== null) {
      throw new S3Error('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
    }
    return selectPart(store, headers, partNumber, object);
  }
  if (range === null || !rangeStillHolds(headers.get('if-range'), object)) return whole;
  const wanted = parseRange(range, object.size);
  if (wanted === null) return whole;
  return { range: wanted, partial: true, headers: { 'content-range': contentRange(wanted, object.size) } };
}

function contentRange({ start, length }: ByteRange, size: number): string {
  return `bytes ${start}-${start + length - 1}/${size}`;
}

/** A range with an If-Range that no longer holds is a request for the whole. */
function rangeStillHolds(ifRange: string | null, object: ObjectRecord): boolean {
  if (ifRange === null || bareETag(ifRange) === object.etag) return true;
  const date = parseHttpDate(ifRange);
  return date !== null && Math.floor(object.modified / 1000) === Math.floor(date / 1000);
}

function selectPart(
  store: Store,
  headers: RequestHeaders,
  partNumber: string,
  object: ObjectRecord,
): Selection {
  const number = parsePartNumber(partNumber);
  if (object.partCount === 0) {
    if (number !== 1) throw new S3Error('InvalidPartNumber', undefined, { PartNumberRequested: number });
    const range = { start: 0, length: object.size };
    const said = object.size === 0 ? {} : { 'content-range': contentRange(range, object.size) };
    return { range, partial: object.size > 0, headers: { ...said, ...askedChecksum(headers, object) } };
  }
  let start = 0;
  for (const part of store.listParts(object.id)) {
    if (part.number === number) {
      const range = { start, length: part.size };
      const asked = headers.get('x-amz-checksum-mode')?.toUpperCase() === 'ENABLED';
      const { algorithm, checksum: value } = part;
      return {
        range,
        partial: part.size > 0,
        headers: {
          ...(part.size > 0 && { 'content-range': contentRange(range, object.size) }),
          'x-amz-mp-parts-count': String(object.partCount),
          ...(asked && checksumHeaders({ algorithm, type: object.checksum.type, value })),
        },
      };
    }
    start += part.size;
  }
  throw new S3Error('InvalidPartNumber', undefined, {
    PartNumberRequested: number,
    ActualPartCount: object.partCount,
  });
}

/** Throws InvalidArgument. */
export function parsePartNumber(text: string): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= 10_000) return number;
  throw new S3Error('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', {
    ArgumentName: 'partNumber',
    ArgumentValue: text,
  });
}

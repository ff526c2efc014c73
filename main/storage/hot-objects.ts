/** The requests that an upload or a download is made of, on the wire: what the SDK spends on each is most of their cost. */
import type { IncomingMessage } from 'node:http';
import type { Capabilities } from '#shared/domain';
import { decodeCrc32, encodeCrc32 } from '#shared/lib';
import { bareEtag, isMd5, parseComposite, type CompositeCrc32 } from './composite.ts';
import type { PageRequest } from './confirmations.ts';
import { parseListing, type ListingPage } from './listing-page.ts';
import { headHeaders, type ObjectHead } from './object-head.ts';
import { md5Of, type Body, type Gate, type Wire, type WireAnswer } from './wire/index.ts';

/** How a body is sent, beside what it is. */
export interface Sending {
  readonly signal?: AbortSignal | undefined;
  /** Told how many bytes of the body the socket took so far; from 0 again when it has to be sent again. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  /** Where a limit holds: asked before each slice of the body. */
  readonly gate?: Gate | undefined;
  /** Fails with OBJECT_EXISTS rather than write over an object. */
  readonly ifNoneMatch?: '*' | undefined;
}

/** What the store said of bytes it took. */
export interface Taken {
  readonly etag: string;
  readonly versionId: string | null;
  /** The store's own, over what arrived; null where it does not say. */
  readonly crc32: number | null;
  /** Of the bytes, in hex, where it went along for the store to check. */
  readonly md5: string | null;
}

export interface StoredObject {
  readonly size: number;
  readonly etag: string;
  readonly versionId: string | null;
  /** CRC-32 of the whole object; null where the store keeps none or only one per part. */
  readonly crc32: number | null;
  /** CRC-32 of the CRC-32s of its parts; null where the store keeps none. */
  readonly composite: CompositeCrc32 | null;
  /** Whether the ETag is the MD5 of the bytes: of what was written in one piece, and not encrypted with a key apart. */
  readonly etagIsMd5: boolean;
  readonly metadata: Readonly<Record<string, string>>;
}

const CRC = 'x-amz-checksum-crc32';
const ENCRYPTION = 'x-amz-server-side-encryption';
const META = 'x-amz-meta-';

export class HotObjects {
  readonly #wire: Wire;
  readonly #checksum: Capabilities['checksum'];

  constructor(wire: Wire, checksum: Capabilities['checksum']) {
    this.#wire = wire;
    this.#checksum = checksum;
  }

  async put(key: string, body: Body, crc32: number, head: ObjectHead, sending: Sending): Promise<Taken> {
    const { proof, md5 } = await this.#proofOf(body, crc32);
    const { signal, onSent, gate, ifNoneMatch } = sending;
    const answer = await this.#wire.send({
      method: 'PUT',
      key,
      headers: {
        ...headHeaders(head),
        ...proof,
        ...(ifNoneMatch === undefined ? {} : { 'if-none-match': ifNoneMatch }),
      },
      body,
      signal,
      onSent,
      gate,
      repeatable: ifNoneMatch === undefined,
    });
    return takenOf(answer, md5);
  }

  async uploadPart(
    at: { readonly key: string; readonly uploadId: string; readonly number: number },
    body: Body,
    crc32: number,
    sending: Sending,
  ): Promise<Taken> {
    const { proof, md5 } = await this.#proofOf(body, crc32);
    const { signal, onSent, gate } = sending;
    const answer = await this.#wire.send({
      method: 'PUT',
      key: at.key,
      query: [
        ['partNumber', String(at.number)],
        ['uploadId', at.uploadId],
      ],
      headers: proof,
      body,
      signal,
      onSent,
      gate,
    });
    return takenOf(answer, md5);
  }

  async head(key: string, signal: AbortSignal | undefined): Promise<StoredObject> {
    const { headers } = await this.#wire.send({
      method: 'HEAD',
      key,
      headers: this.#checksum === 'none' ? {} : { 'x-amz-checksum-mode': 'ENABLED' },
      signal,
    });
    const crc = text(headers[CRC]);
    const metadata: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (name.startsWith(META)) metadata[name.slice(META.length)] = text(value);
    }
    return {
      size: Number(headers['content-length'] ?? -1),
      etag: text(headers.etag),
      versionId: versionOf(headers),
      crc32: headers['x-amz-checksum-type'] === 'COMPOSITE' ? null : decodeCrc32(crc),
      composite: parseComposite(crc),
      etagIsMd5:
        isMd5(text(headers.etag)) &&
        (headers[ENCRYPTION] ?? 'AES256') === 'AES256' &&
        headers[`${ENCRYPTION}-customer-algorithm`] === undefined,
      metadata,
    };
  }

  /** Of an object that was written in parts. @returns bytes; null where the store does not tell */
  async firstPartSize(key: string, etag: string, signal: AbortSignal | undefined): Promise<number | null> {
    const { headers } = await this.#wire.send({
      method: 'HEAD',
      key,
      query: [['partNumber', '1']],
      headers: { 'if-match': etag },
      signal,
    });
    const size = Number(headers['content-length']);
    return Number.isSafeInteger(size) ? size : null;
  }

  /** @param range first and last byte, both included */
  async read(
    key: string,
    range: { readonly first: number; readonly last: number } | null,
    etag: string | null,
    signal: AbortSignal | undefined,
  ): Promise<IncomingMessage | null> {
    const { stream } = await this.#wire.send({
      method: 'GET',
      key,
      headers: {
        ...(range === null ? {} : { range: `bytes=${range.first}-${range.last}` }),
        ...(etag === null ? {} : { 'if-match': etag }),
      },
      signal,
      streams: true,
    });
    return stream;
  }

  async listPage({ prefix, after, limit, token }: PageRequest): Promise<ListingPage> {
    const { body } = await this.#wire.send({
      method: 'GET',
      key: '',
      query: [
        ['list-type', '2'],
        ['max-keys', String(limit)],
        ['prefix', prefix],
        ...(after === '' ? [] : [['start-after', after] as const]),
        ...(token === null ? [] : [['continuation-token', token] as const]),
      ],
      headers: {},
    });
    return parseListing(body.toString('utf8'));
  }

  /** By which the store can tell that a body arrived as it was read: where it knows no CRC-32, the MD5 that all know. */
  async #proofOf(
    body: Body,
    crc32: number,
  ): Promise<{ proof: Readonly<Record<string, string>>; md5: string | null }> {
    if (this.#checksum !== 'none') return { proof: { [CRC]: encodeCrc32(crc32) }, md5: null };
    const md5 = await md5Of(body);
    return { proof: { 'content-md5': Buffer.from(md5, 'hex').toString('base64') }, md5 };
  }
}

function takenOf({ headers }: WireAnswer, md5: string | null): Taken {
  const etag = text(headers.etag);
  return {
    etag,
    versionId: versionOf(headers),
    crc32: decodeCrc32(text(headers[CRC])),
    // Only where the store's tags are MD5s does this one prove anything.
    md5: md5 !== null && bareEtag(etag) === md5 ? md5 : null,
  };
}

const text = (value: string | string[] | undefined): string =>
  typeof value === 'string' ? value : (value?.join(', ') ?? '');

function versionOf(headers: WireAnswer['headers']): string | null {
  const version = headers['x-amz-version-id'];
  return typeof version === 'string' ? version : null;
}

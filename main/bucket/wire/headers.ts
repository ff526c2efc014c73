/** Reading request headers, and the dates and tags they are made of. */
import type { IncomingMessage } from 'node:http';

/**
 * The headers of a request by lower-case name. In a presigned URL the `x-amz-*` of the query count as headers too,
 * because presigners move them there.
 */
export class RequestHeaders {
  readonly #values: ReadonlyMap<string, string>;

  constructor(values: ReadonlyMap<string, string>) {
    this.#values = values;
  }

  static of(request: Pick<IncomingMessage, 'headersDistinct'>): RequestHeaders {
    const values = new Map<string, string>();
    for (const [name, list] of Object.entries(request.headersDistinct)) {
      if (list !== undefined) values.set(name, list.join(','));
    }
    return new RequestHeaders(values);
  }

  get(name: string): string | null {
    return this.#values.get(name) ?? null;
  }

  entries(): Iterable<[string, string]> {
    return this.#values.entries();
  }

  /** @returns these with the `x-amz-*` of a presigned query added; a header that was sent wins */
  withQuery(query: URLSearchParams): RequestHeaders {
    const values = new Map<string, string>();
    for (const [name, value] of query) {
      const lower = name.toLowerCase();
      if (lower.startsWith('x-amz-')) values.set(lower, latin1(value));
    }
    for (const [name, value] of this.#values) values.set(name, value);
    return new RequestHeaders(values);
  }
}

/** @returns text as a header can carry it: its UTF-8 bytes, one character each */
export function latin1(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function httpDate(ms: number): string {
  return new Date(ms).toUTCString();
}

/** @returns e.g. `2026-11-20T13:11:09.000Z`, as listings carry it */
export function isoDate(ms: number): string {
  return new Date(ms).toISOString();
}

/** @returns the time a header names, in whole seconds as ms, or null where it is none */
export function parseHttpDate(value: string | null): number | null {
  if (value === null) return null;
  const ms = Date.parse(value);
  return Number.isNaN(ms) ? null : ms;
}

/** @returns an entity tag without weakness mark and quotes */
export function bareETag(value: string): string {
  return value
    .trim()
    .replace(/^W\//, '')
    .replace(/^"(.*)"$/, '$1');
}

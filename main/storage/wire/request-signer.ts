/** Signs the header of one request. */
import {
  canonicalRequest,
  formatAmzDate,
  scopeText,
  sign,
  SigningKeys,
  stringToSign,
  uriEncode,
} from '#main/sigv4';
import type { Keys } from '../credentials.ts';

/** What signatures for one bucket are bound to. */
export interface SigningTerms {
  readonly region: string;
  /** Directory buckets (S3 Express) have a service, and a name for the token, of their own. */
  readonly service: 's3' | 's3express';
}

export interface Unsigned {
  readonly method: string;
  /** Encoded. */
  readonly path: string;
  /** Not encoded. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** By lower-case name, `host` among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex, or UNSIGNED-PAYLOAD. */
  readonly payload: string;
}

const TOKEN_HEADER = { s3: 'x-amz-security-token', s3express: 'x-amz-s3session-token' } as const;

export class RequestSigner {
  readonly #terms: SigningTerms;
  readonly #signingKeys = new SigningKeys();

  constructor(terms: SigningTerms) {
    this.#terms = terms;
  }

  /**
   * Everything that is sent is signed, so that nobody between can take a condition away.
   * @param now ms since the epoch, as the store has it
   * @returns the headers to send
   */
  sign(request: Unsigned, keys: Keys, now: number): Record<string, string> {
    const { region, service } = this.#terms;
    const amzDate = formatAmzDate(now);
    const headers: Record<string, string> = {
      ...request.headers,
      'x-amz-date': amzDate,
      'x-amz-content-sha256': request.payload,
    };
    if (keys.sessionToken !== undefined) headers[TOKEN_HEADER[service]] = keys.sessionToken;
    const signedHeaders = Object.keys(headers).sort();
    const scope = { date: amzDate.slice(0, 8), region, service };
    const canonical = canonicalRequest({
      method: request.method,
      uri: request.path,
      query: request.query,
      header: (name) => headers[name] ?? null,
      signedHeaders,
      payloadHash: request.payload,
    });
    const key = this.#signingKeys.of(keys.secretAccessKey, scope);
    const signature = sign(key, stringToSign(amzDate, scope, canonical));
    headers['authorization'] =
      `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scopeText(scope)}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
    return headers;
  }
}

/** @returns the query as it is sent, with its question mark; empty where there is none */
export function queryText(query: Unsigned['query']): string {
  if (query.length === 0) return '';
  return `?${query.map(([name, value]) => (value === '' ? uriEncode(name) : `${uriEncode(name)}=${uriEncode(value)}`)).join('&')}`;
}

/** Requests written by hand, for what stock clients never send. */
import { createHash } from 'node:crypto';
import { request, type IncomingHttpHeaders } from 'node:http';
import {
  canonicalRequest,
  formatAmzDate,
  type Scope,
  sign,
  signingKey,
  type SigningKey,
  stringToSign,
  uriEncodePath,
} from '#main/sigv4';
import { CREDENTIALS, REGION } from './support.ts';

export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the server asked for the body. */
  readonly continued: boolean;
  /** The code of an error document. */
  readonly code: string | undefined;
}

export interface RawRequest {
  readonly method: string;
  /** Encoded; with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
}

export interface Signing {
  readonly now?: number;
  readonly accessKeyId?: string;
  readonly secret?: string;
  readonly region?: string;
  readonly service?: string;
  /** Instead of the hash of the body. */
  readonly payload?: string;
  /** Left out of what is signed. */
  readonly unsigned?: readonly string[];
}

/** Sends a request as it is. A body is held back until the server asks where `Expect` is among the headers. */
export function sendRaw(
  origin: string,
  { method, path, headers = {}, body }: RawRequest,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(origin);
    let continued = false;
    const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const outgoing = request({
      method,
      hostname,
      port,
      path,
      agent: false,
      headers: { ...length, ...headers },
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const answer = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: answer,
          continued,
          code: /<Code>(\w+)<\/Code>/.exec(answer.toString())?.[1],
        });
        outgoing.destroy();
      });
    });
    outgoing.on('error', reject);
    outgoing.on('continue', () => {
      continued = true;
      outgoing.end(body);
    });
    if ('expect' in headers) outgoing.flushHeaders();
    else outgoing.end(body);
  });
}

export interface SignedHeaders {
  readonly headers: Record<string, string>;
  readonly scope: Scope;
  readonly key: SigningKey;
  readonly amzDate: string;
  readonly signature: string;
}

export function signRaw(origin: string, raw: RawRequest, signing: Signing = {}): SignedHeaders {
  const amzDate = formatAmzDate(signing.now ?? Date.now());
  const scope: Scope = {
    date: amzDate.slice(0, 8),
    region: signing.region ?? REGION,
    service: signing.service ?? 's3',
  };
  const payloadHash =
    signing.payload ??
    createHash('sha256')
      .update(raw.body ?? '')
      .digest('hex');
  const headers: Record<string, string> = {
    host: new URL(origin).host,
    'x-amz-date': amzDate,
    'x-amz-content-sha256': payloadHash,
    ...raw.headers,
  };
  const [path = '', query = ''] = raw.path.split('?');
  const signedHeaders = Object.keys(headers)
    .filter((name) => !signing.unsigned?.includes(name) && name !== 'expect')
    .sort();
  const canonical = canonicalRequest({
    method: raw.method,
    uri: uriEncodePath(decodeURIComponent(path)),
    query: new URLSearchParams(query),
    header: (name) => headers[name] ?? null,
    signedHeaders,
    payloadHash,
  });
  const key = signingKey(signing.secret ?? CREDENTIALS.secretAccessKey, scope);
  const signature = sign(key, stringToSign(amzDate, scope, canonical));
  const credential = `${signing.accessKeyId ?? CREDENTIALS.accessKeyId}/${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  headers['authorization'] =
    `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`;
  return { headers, scope, key, amzDate, signature };
}

export function sendSigned(origin: string, raw: RawRequest, signing: Signing = {}): Promise<RawAnswer> {
  return sendRaw(origin, { ...raw, headers: signRaw(origin, raw, signing).headers });
}

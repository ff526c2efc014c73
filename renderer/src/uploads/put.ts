/** Why a PUT of a part did not succeed; what to do next follows from the kind, never from a text. */
export type PutFailure =
  /** No answer: the network or the store is away. */
  | { readonly kind: 'unreachable' }
  /** The signature is not taken (any more): sign again. */
  | { readonly kind: 'unsigned'; readonly status: number }
  /** The bytes were not those the checksum was made of: the file changed under us, or the wire did it. */
  | { readonly kind: 'bad-bytes' }
  /** The upload is gone from the store. */
  | { readonly kind: 'no-upload' }
  /** The store is busy. */
  | { readonly kind: 'busy'; readonly status: number }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string };

export class PutError extends Error {
  override readonly name = 'PutError';
  readonly failure: PutFailure;

  constructor(failure: PutFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

export interface PutRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Blob;
  readonly onSent: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/** A part that does not move for so long is given up and sent again. */
const STALL_MS = 60_000;
/** Set by the browser itself; a page may not. */
const FORBIDDEN_HEADERS = new Set(['host', 'content-length']);

/** Sends one part. XMLHttpRequest, for only it tells how much of a body has left. */
export function putPart({
  url,
  headers,
  body,
  onSent,
  signal,
}: PutRequest): Promise<{ etag: string | null }> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let stall = setTimeout(abort, STALL_MS);
    const settle = () => {
      clearTimeout(stall);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded }) => {
      clearTimeout(stall);
      stall = setTimeout(abort, STALL_MS);
      onSent(loaded);
    });
    request.addEventListener('load', () => {
      settle();
      const { status } = request;
      if (status >= 200 && status < 300) resolve({ etag: request.getResponseHeader('etag') });
      else reject(new PutError(failureOf(status, request.responseText)));
    });
    request.addEventListener('error', () => (settle(), reject(new PutError({ kind: 'unreachable' }))));
    request.addEventListener('abort', () => {
      settle();
      reject(signal.aborted ? (signal.reason as Error) : new PutError({ kind: 'unreachable' }));
    });
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) {
      if (!FORBIDDEN_HEADERS.has(name.toLowerCase())) request.setRequestHeader(name, value);
    }
    request.send(body);
  });
}

/** @param body the error document of the store, whose `Code` is part of the S3 protocol */
export function failureOf(status: number, body: string): PutFailure {
  const code = /<Code>([^<]+)<\/Code>/.exec(body)?.[1] ?? '';
  if (code === 'NoSuchUpload') return { kind: 'no-upload' };
  if (code === 'BadDigest' || code === 'InvalidDigest' || code === 'XAmzContentChecksumMismatch') {
    return { kind: 'bad-bytes' };
  }
  if (status === 429 || status >= 500) return { kind: 'busy', status };
  if (status === 403 || code === 'ExpiredToken' || code === 'RequestTimeTooSkewed') {
    return { kind: 'unsigned', status };
  }
  return { kind: 'refused', status, code };
}

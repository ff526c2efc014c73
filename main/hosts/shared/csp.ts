/** What a page of ours may load; the same for every host, so that what works in one works in all. */
export interface CspOptions {
  /** Origins the page may send requests to, beside its own, e.g. `http://127.0.0.1:4000`. */
  readonly connect: readonly string[];
}

/** @returns the value of the Content-Security-Policy header. Throws TypeError for what is not an origin. */
export function contentSecurityPolicy({ connect }: CspOptions): string {
  const origins = connect.map(requireOrigin);
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // Libraries place things with style attributes; a style element stays refused.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ['connect-src', "'self'", ...origins].join(' '),
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

/** An endpoint is typed in by a person: nothing but an origin may get into the header. */
function requireOrigin(text: string): string {
  const url = URL.parse(text);
  const scheme = url?.protocol.slice(0, -1);
  if (url === null || !['http', 'https', 'ws', 'wss'].includes(scheme ?? '') || url.origin === 'null') {
    throw new TypeError(`${JSON.stringify(text)} is not an origin`);
  }
  return url.origin;
}

/** Answers for pages: which origins may read what the server says. */
import { CHECKSUM_HEADERS } from './checksum-headers.ts';
import type { RequestHeaders } from './headers.ts';
import { empty, type Reply, type ReplyHeaders } from './reply.ts';
import { S3Error } from './s3-error.ts';

export const CORS_METHODS = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'] as const;

/** Response headers a page may read, beside those it always may. */
export const EXPOSED_HEADERS: readonly string[] = [
  'ETag',
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Encoding',
  'Content-Length',
  'Content-Range',
  'Date',
  ...CHECKSUM_HEADERS,
  'x-amz-id-2',
  'x-amz-mp-parts-count',
  'x-amz-request-id',
];

const MAX_AGE = '3600';

/** @returns the headers every answer to this request carries; none where no page of an allowed origin asked */
export function corsHeaders(headers: RequestHeaders, allowed: readonly string[]): ReplyHeaders {
  const origin = headers.get('origin');
  if (origin === null) return {};
  if (!allowed.includes(origin)) return { vary: 'Origin' };
  return {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': EXPOSED_HEADERS.join(', '),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

/** Throws AccessForbidden. */
export function preflight(headers: RequestHeaders, allowed: readonly string[]): Reply {
  const origin = headers.get('origin');
  const method = headers.get('access-control-request-method');
  const permitted = CORS_METHODS.some((candidate) => candidate === method);
  if (origin === null || !allowed.includes(origin) || !permitted) throw new S3Error('AccessForbidden');
  const asked = headers.get('access-control-request-headers');
  return empty(200, {
    'access-control-allow-methods': CORS_METHODS.join(', '),
    'access-control-max-age': MAX_AGE,
    ...(asked !== null && { 'access-control-allow-headers': asked }),
    // Browsers ask this of a page that reaches for the machine it runs on.
    ...(headers.get('access-control-request-private-network') !== null && {
      'access-control-allow-private-network': 'true',
    }),
  });
}

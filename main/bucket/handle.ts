/** One request from its first line to its last byte: parse, authorise, route, answer. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { authorize, type Credentials } from './auth/index.ts';
import { type Exchange, route } from './operations/index.ts';
import { ClientGone, errorReply, send } from './send.ts';
import type { Store } from './store/index.ts';
import {
  corsHeaders,
  parseTarget,
  preflight,
  type Reply,
  type ReplyHeaders,
  RequestHeaders,
  S3Error,
  toS3Error,
} from './wire/index.ts';

export interface Site {
  readonly store: Store;
  readonly credentials: Credentials;
  readonly region: string;
  readonly allowedOrigins: () => readonly string[];
  readonly now: () => number;
  readonly log: (message: string, error: unknown) => void;
}

/** What of a refused body is read so that the client gets to see why; beyond it the connection is cut. */
const DRAINED = 64 * 1024 * 1024;

/** @param expecting whether the client waits to be asked for its body */
export async function handle(
  site: Site,
  request: IncomingMessage,
  response: ServerResponse,
  expecting: boolean,
): Promise<void> {
  const requestId = randomUUID().replaceAll('-', '').slice(0, 16).toUpperCase(); // its entropy is drawn in bulk
  const headers = RequestHeaders.of(request);
  let waiting = expecting;
  const begin = (): void => {
    if (waiting) response.writeContinue();
    waiting = false;
  };
  try {
    // Before the answer: from there on nothing may fail until `send`, which releases what the answer holds.
    const cors = corsHeaders(headers, site.allowedOrigins());
    const reply = await answer(site, request, headers, begin, requestId);
    const common: ReplyHeaders = {
      ...cors,
      'x-amz-request-id': requestId,
      'x-amz-id-2': 'sluice',
      server: 'Sluice',
      // A client that was not asked for its body may or may not send it: the connection cannot be used again.
      ...(waiting && { connection: 'close' }),
    };
    await send(request, response, { ...reply, headers: { ...reply.headers, ...common } });
    if (!waiting) drain(request);
  } catch (error) {
    if (!(error instanceof ClientGone)) site.log('The built-in bucket could not finish an answer', error);
    response.destroy();
  }
}

async function answer(
  site: Site,
  request: IncomingMessage,
  headers: RequestHeaders,
  begin: () => void,
  requestId: string,
): Promise<Reply> {
  const url = request.url ?? '/';
  try {
    if (request.method === 'OPTIONS') return preflight(headers, site.allowedOrigins());
    return await operate(site, request, headers, begin);
  } catch (error) {
    const known = toS3Error(error);
    const gone = request.destroyed && !request.complete;
    if (known.status >= 500 && known.code !== 'NotImplemented' && !gone) {
      site.log(`The built-in bucket answered ${known.code}`, known.cause ?? known);
    }
    return errorReply(known, url.split('?')[0] ?? '/', requestId);
  }
}

async function operate(
  site: Site,
  request: IncomingMessage,
  sent: RequestHeaders,
  begin: () => void,
): Promise<Reply> {
  const method = request.method ?? 'GET';
  const target = parseTarget(request.url ?? '/', request.headers.host);
  const authorized = authorize({ method, target, headers: sent }, site.credentials, site.region, site.now());
  const { headers } = authorized;
  const owner = headers.get('x-amz-expected-bucket-owner');
  if (owner !== null && !/^0+$/.test(owner)) throw new S3Error('AccessDenied');
  const exchange: Exchange = {
    request,
    method,
    target,
    headers,
    authorized,
    begin,
    store: site.store,
    region: site.region,
    allowedOrigins: site.allowedOrigins,
  };
  return route(exchange)(exchange);
}

/** Reads what is left of a body nobody wanted, so that the answer is not lost in a reset connection. */
function drain(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return;
  let left = DRAINED;
  request.on('data', (bytes: Buffer) => {
    left -= bytes.length;
    if (left < 0) request.destroy();
  });
  request.on('error', () => request.destroy());
  request.resume();
}

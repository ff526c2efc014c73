import { request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { assertNever } from '#shared/lib';
import { cutAfter, flip, throttle } from './bodies.ts';
import type { Fate } from './fates.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
  readonly now: (() => number) | null;
}

/** What is done to a request and its answer on the way; what is left out goes through as it is. */
interface Changes {
  readonly request?: (body: Readable) => Readable;
  /** Instead of handing the answer on. */
  readonly answer?: (answer: IncomingMessage, response: ServerResponse) => void;
}

export function carryOut(
  fate: Fate,
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
): void {
  const go = (changes: Changes = {}): void => pass(request, response, target, changes);
  switch (fate.kind) {
    case 'pass':
      return go();
    case 'drop-before':
      request.socket.destroy();
      return;
    case 'drop-after':
      return go({ answer: (answer) => whole(answer, () => request.socket.destroy()) });
    case 'answer':
      return refuse(request, response, target, fate.status, fate.code, fate.headers);
    case 'redirect':
      return refuse(request, response, target, fate.status, 'PermanentRedirect', {
        'x-amz-bucket-region': fate.region,
      });
    case 'reset-request':
      return go({ request: (body) => cutAfter(body, fate.after, () => request.socket.resetAndDestroy()) });
    case 'reset-answer':
      return go({
        answer: (answer) => {
          response.writeHead(answer.statusCode ?? 502, headersOf(answer, target));
          response.flushHeaders();
          cutAfter(answer, fate.after, () => request.socket.resetAndDestroy()).pipe(response);
        },
      });
    case 'stall':
      request.pause();
      return;
    case 'stall-answer':
      return go({ answer: (answer) => answer.resume() });
    case 'late':
      return go({
        answer: (answer) => {
          const held = collect(answer);
          void (async () => {
            const body = await held;
            fate.acted?.();
            await fate.until;
            response.writeHead(answer.statusCode ?? 502, headersOf(answer, target)).end(body);
          })();
        },
      });
    case 'error-in-200':
      return fate.acts
        ? go({ answer: (answer) => whole(answer, () => errorIn200(response, fate.code)) })
        : whole(request, () => errorIn200(response, fate.code));
    case 'empty-200':
      return fate.acts
        ? go({ answer: (answer) => whole(answer, () => empty200(response)) })
        : whole(request, () => empty200(response));
    case 'truncate':
      return go({
        answer: (answer) => {
          void (async () => {
            const body = (await collect(answer)).subarray(0, fate.to);
            const headers = { ...headersOf(answer, target), 'content-length': String(body.length) };
            response.writeHead(answer.statusCode ?? 502, headers).end(body);
          })();
        },
      });
    case 'wrong-etag':
      return go({
        answer: (answer) => {
          const headers = { ...headersOf(answer, target), etag: '"00000000000000000000000000000000"' };
          response.writeHead(answer.statusCode ?? 502, headers);
          answer.pipe(response);
        },
      });
    case 'corrupt-request':
      return go({ request: (body) => flip(body, at(fate.at, request.headers['content-length'])) });
    case 'corrupt-answer':
      return go({
        answer: (answer) => {
          response.writeHead(answer.statusCode ?? 502, headersOf(answer, target));
          flip(answer, at(fate.at, answer.headers['content-length'])).pipe(response);
        },
      });
    case 'slow':
      return go({
        request: (body) => throttle(body, fate.bytesPerSecond),
        answer: (answer) => {
          response.writeHead(answer.statusCode ?? 502, headersOf(answer, target));
          throttle(answer, fate.bytesPerSecond).pipe(response);
        },
      });
    default:
      return assertNever(fate);
  }
}

/** The Host header goes through as it came, since it is signed. */
function pass(request: IncomingMessage, response: ServerResponse, target: Target, changes: Changes): void {
  const { method, url, headers } = request;
  const onward = forward(
    { host: target.host, port: target.port, method, path: url, headers, agent: false },
    (answer) => {
      answer.on('error', () => request.socket.destroy());
      if (changes.answer !== undefined) return changes.answer(answer, response);
      response.writeHead(answer.statusCode ?? 502, headersOf(answer, target));
      answer.pipe(response);
    },
  );
  onward.on('error', () => request.socket.destroy());
  // A client that goes away takes its half of a request with it.
  request.on('close', () => {
    if (!request.complete) onward.destroy();
  });
  (changes.request?.(request) ?? request).pipe(onward);
}

function headersOf(answer: IncomingMessage, { now }: Target): NodeJS.Dict<string | string[]> {
  return now === null ? answer.headers : { ...answer.headers, date: new Date(now()).toUTCString() };
}

/** An answer of S3's that the store knows nothing of; the body of the request is read first, as S3 does. */
function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { now }: Target,
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  whole(request, () => {
    response.writeHead(status, {
      'Content-Type': 'application/xml',
      Connection: 'close',
      ...(now === null ? {} : { Date: new Date(now()).toUTCString() }),
      ...headers,
    });
    response.end(request.method === 'HEAD' ? undefined : errorXml(code));
  });
}

const errorXml = (code: string): string =>
  `<Error><Code>${code}</Code><Message>said the proxy</Message></Error>`;

function errorIn200(response: ServerResponse, code: string): void {
  response.writeHead(200, { 'Content-Type': 'application/xml' });
  response.write('<?xml version="1.0" encoding="UTF-8"?>\n');
  response.write('  \n'.repeat(8));
  response.end(errorXml(code));
}

function empty200(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Length': '0' }).end();
}

/** Reads a body to its end and throws it away. */
function whole(body: IncomingMessage, then: () => void): void {
  body.on('end', then).resume();
}

async function collect(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Within a body of this length, if it is known. */
function at(wanted: number, length: string | undefined): number {
  const bytes = Number(length ?? 0);
  return bytes > 0 ? wanted % bytes : wanted;
}

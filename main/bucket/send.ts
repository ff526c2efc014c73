/** Writing a reply to its socket, at the pace the client reads. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { assertNever } from '#shared/lib';
import { type Content, errorDocument, field, optional, type Reply, type S3Error, xml } from './wire/index.ts';

/** The client went away before it had everything. Nobody is left to be told. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

export function errorReply(error: S3Error, resource: string, requestId: string): Reply {
  const document = errorDocument(
    field('Code', error.code),
    field('Message', error.message),
    ...Object.entries(error.fields).map(([name, value]) => field(name, value)),
    optional('Resource', resource),
    field('RequestId', requestId),
    field('HostId', 'sluice'),
  );
  return xml(document, {}, error.status);
}

/** Releases the reply's content, whatever happens. Throws ClientGone or what reading threw. */
export async function send(request: IncomingMessage, response: ServerResponse, reply: Reply): Promise<void> {
  const { status, headers, body } = reply;
  const bodiless = request.method === 'HEAD' || status === 204 || status === 304;
  switch (body.kind) {
    case 'none':
      response.writeHead(
        status,
        bodiless || 'content-length' in headers ? headers : { ...headers, 'content-length': '0' },
      );
      response.end();
      return;
    case 'xml': {
      const bytes = Buffer.from(body.text, 'utf8');
      response.writeHead(status, {
        ...headers,
        'content-type': 'application/xml',
        'content-length': String(bytes.length),
      });
      response.end(bodiless ? undefined : bytes);
      return;
    }
    case 'content':
      try {
        response.writeHead(status, headers);
        await stream(response, body.content);
        response.end();
      } finally {
        body.content.release();
      }
      return;
    default:
      assertNever(body);
  }
}

async function stream(response: ServerResponse, content: Content): Promise<void> {
  let giveUp: ((error: Error) => void) | null = null;
  const closed = (): void => giveUp?.(new ClientGone());
  response.on('close', closed);
  try {
    await content.read(
      (bytes) =>
        new Promise<void>((resolve, reject) => {
          if (response.destroyed || response.closed) {
            reject(new ClientGone());
            return;
          }
          giveUp = reject;
          response.write(bytes, (error) => {
            if (error === null || error === undefined) resolve();
            else reject(new ClientGone(undefined, { cause: error }));
          });
        }),
    );
  } finally {
    response.off('close', closed);
  }
}

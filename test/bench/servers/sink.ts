/**
 * An S3 server that throws bytes away: as much of S3 as an upload of ours asks for, and nothing that costs. What it
 * keeps of a part is its size, ETag and the CRC-32 its header names. It trusts everybody.
 *
 * `node sink.ts [--check]`: with `--check` the CRC-32 of every body is computed and held against its header.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import { encodeCrc32 } from '#shared/lib';
import { COUNTS_PATH, isPart, PartCounter } from './part-counts.ts';
import { SinkStore } from './sink-store.ts';
import { announce } from './start.ts';

const CHECKSUM = 'x-amz-checksum-crc32';
const PAGE = 1000;

const check = process.argv.includes('--check');
const store = new SinkStore();
const counter = new PartCounter();

const server = createServer((request, response) => {
  request.on('error', () => undefined); // broken off; what that means is counted where the body is read
  void answer(request, response).catch((error: unknown) => {
    if (!response.headersSent) refuse(response, 500, 'InternalError', String(error));
  });
});
server.requestTimeout = 0;
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  announce({ endpoint: `http://127.0.0.1:${port}` });
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', headers } = request;
  if (request.url === COUNTS_PATH) {
    response.end(JSON.stringify(counter.counts));
    return;
  }
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://sink');
  const key = decodeURIComponent(pathname.slice(1));
  const isBucket = !key.replace(/\/$/, '').includes('/');
  const uploadId = query.get('uploadId');

  if (method === 'HEAD' && isBucket) return void response.end();
  if (method === 'HEAD') return head(response, key);
  if (method === 'GET' && query.has('uploads')) {
    return listUploads(response, key.replace(/\/?$/, '/') + (query.get('prefix') ?? ''));
  }
  if (method === 'GET' && uploadId !== null) {
    return listParts(response, uploadId, Number(query.get('part-number-marker') ?? 0));
  }
  if (method === 'POST' && query.has('uploads')) {
    const id = store.create(key, metadataOf(headers));
    return xml(response, 'InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`);
  }
  if (method === 'POST' && query.has('delete')) {
    const names = [...(await textOf(request)).matchAll(/<Key>(.*?)<\/Key>/g)].map((found) =>
      unescape(found[1] ?? ''),
    );
    for (const name of names) store.remove(`${key.replace(/\/$/, '')}/${name}`);
    return xml(response, 'DeleteResult', '');
  }
  if (method === 'POST' && uploadId !== null) return complete(request, response, uploadId);
  if (method === 'DELETE' && uploadId !== null) {
    if (store.upload(uploadId) === null) return refuse(response, 404, 'NoSuchUpload');
    store.abort(uploadId);
    return void response.writeHead(204).end();
  }
  if (method === 'PUT' && uploadId !== null) {
    return putPart(request, response, uploadId, Number(query.get('partNumber')));
  }
  if (method === 'PUT') return put(request, response, key);
  return refuse(response, 501, 'NotImplemented', `${method} ${request.url ?? ''}`);
}

function head(response: ServerResponse, key: string): void {
  const object = store.head(key);
  if (object === null) return void response.writeHead(404).end();
  response.writeHead(200, {
    ...object.metadata,
    'content-length': object.size,
    etag: object.etag,
    'last-modified': new Date().toUTCString(),
    [CHECKSUM]: object.crc32,
    'x-amz-checksum-type': 'FULL_OBJECT',
  });
  response.end();
}

function listUploads(response: ServerResponse, prefix: string): void {
  const uploads = store
    .uploads(prefix)
    .map(
      ({ id, key, startedAt }) =>
        `<Upload><Key>${escape(key.slice(key.indexOf('/') + 1))}</Key><UploadId>${id}</UploadId><Initiated>${startedAt.toISOString()}</Initiated></Upload>`,
    );
  xml(response, 'ListMultipartUploadsResult', `<IsTruncated>false</IsTruncated>${uploads.join('')}`);
}

function listParts(response: ServerResponse, uploadId: string, after: number): void {
  const upload = store.upload(uploadId);
  if (upload === null) return refuse(response, 404, 'NoSuchUpload');
  const { page, isLast } = store.parts(upload, after, PAGE);
  const parts = page.map(
    ({ number, size, etag, crc32 }) =>
      `<Part><PartNumber>${number}</PartNumber><Size>${size}</Size><ETag>${escape(etag)}</ETag><ChecksumCRC32>${crc32}</ChecksumCRC32></Part>`,
  );
  const next = isLast ? '' : `<NextPartNumberMarker>${page.at(-1)?.number ?? after}</NextPartNumberMarker>`;
  xml(response, 'ListPartsResult', `<IsTruncated>${!isLast}</IsTruncated>${next}${parts.join('')}`);
}

async function complete(request: IncomingMessage, response: ServerResponse, uploadId: string): Promise<void> {
  const body = await textOf(request);
  const upload = store.upload(uploadId);
  if (upload === null) return refuse(response, 404, 'NoSuchUpload');
  const named = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = '']) => ({
    number: Number(/<PartNumber>(\d+)</.exec(part)?.[1]),
    etag: unescape(/<ETag>(.*?)</.exec(part)?.[1] ?? ''),
  }));
  const size = request.headers['x-amz-mp-object-size'];
  const object = store.complete(upload, named, {
    size: typeof size === 'string' ? Number(size) : null,
    crc32: headerOf(request, CHECKSUM),
  });
  if (typeof object === 'string') return refuse(response, 400, object);
  xml(
    response,
    'CompleteMultipartUploadResult',
    `<ETag>${escape(object.etag)}</ETag><ChecksumCRC32>${object.crc32}</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>`,
  );
}

async function putPart(
  request: IncomingMessage,
  response: ServerResponse,
  uploadId: string,
  number: number,
): Promise<void> {
  const upload = store.upload(uploadId);
  if (upload === null) return refuse(response, 404, 'NoSuchUpload');
  const counted = isPart(request);
  if (counted) counter.began();
  const body = await swallow(request, (bytes) => counted && counter.took(bytes));
  if (counted) counter.ended(body.isWhole ? 'whole' : 'cut');
  const crc32 = agreed(response, request, body);
  if (crc32 === null) return;
  const etag = store.etag();
  upload.parts.set(number, { number, size: body.size, etag, crc32 });
  response.writeHead(200, { etag, [CHECKSUM]: crc32 }).end();
}

async function put(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
  const body = await swallow(request);
  const crc32 = agreed(response, request, body);
  if (crc32 === null) return;
  const etag = store.etag();
  store.put(key, { size: body.size, etag, crc32, metadata: metadataOf(request.headers) });
  response.writeHead(200, { etag, [CHECKSUM]: crc32 }).end();
}

interface Swallowed {
  readonly size: number;
  readonly crc32: string;
  /** As many bytes as its length said. */
  readonly isWhole: boolean;
}

/** Reads a body to its end and keeps nothing. */
function swallow(request: IncomingMessage, took?: (bytes: number) => unknown): Promise<Swallowed> {
  return new Promise((resolve) => {
    let size = 0;
    let crc = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      took?.(chunk.length);
      if (check) crc = crc32(chunk, crc);
    });
    request.once('close', () => {
      const isWhole = request.complete && size === Number(request.headers['content-length']);
      resolve({ size, crc32: encodeCrc32(crc), isWhole });
    });
  });
}

/** @returns the CRC-32 of the body, or null where it was refused */
function agreed(response: ServerResponse, request: IncomingMessage, body: Swallowed): string | null {
  const named = headerOf(request, CHECKSUM);
  if (!body.isWhole) refuse(response, 400, 'IncompleteBody');
  else if (named === null) refuse(response, 400, 'InvalidRequest', `the sink wants a ${CHECKSUM} header`);
  else if (check && named !== body.crc32) refuse(response, 400, 'BadDigest');
  else return named;
  return null;
}

function headerOf(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' ? value : null;
}

const metadataOf = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      name.startsWith('x-amz-meta-') && typeof value === 'string' ? [[name, value]] : [],
    ),
  );

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

const unescape = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function xml(response: ServerResponse, root: string, content: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<${root}>${content}</${root}>`);
}

function refuse(response: ServerResponse, status: number, code: string, message = code): void {
  response.writeHead(status, { 'content-type': 'application/xml', connection: 'close' });
  response.end(`<Error><Code>${code}</Code><Message>${escape(message)}</Message></Error>`);
}

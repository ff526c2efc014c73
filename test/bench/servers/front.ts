/**
 * Stands before a store and hands on what comes, over TLS where it is given a certificate; counts the bodies of parts.
 *
 * `node front.ts '{"target": "http://127.0.0.1:9000", "tls": {"key": PATH, "cert": PATH} | null}'`
 */
import { readFileSync } from 'node:fs';
import {
  Agent,
  createServer,
  request as ask,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FrontOptions } from './index.ts';
import { COUNTS_PATH, isPart, PartCounter } from './part-counts.ts';
import { announce } from './start.ts';

const { target, tls } = JSON.parse(process.argv[2] ?? '') as FrontOptions;
const { hostname, port } = new URL(target);
const agent = new Agent({ keepAlive: true });
const counter = new PartCounter();

const listener: RequestListener = (request, response) => {
  if (request.url === COUNTS_PATH) response.end(JSON.stringify(counter.counts));
  else handOn(request, response);
};
const server =
  tls === null
    ? createServer(listener)
    : createSecureServer({ key: readFileSync(tls.key), cert: readFileSync(tls.cert) }, listener);
server.requestTimeout = 0;
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const { port: own } = server.address() as AddressInfo;
  announce({ endpoint: `${tls === null ? 'http' : 'https'}://127.0.0.1:${own}` });
});

function handOn(request: IncomingMessage, response: ServerResponse): void {
  const { method, url: path } = request;
  const counted = isPart(request);
  const onward = ask({
    agent,
    host: hostname,
    port,
    method,
    path,
    headers: request.rawHeaders, // as they were signed
    setHost: false,
  });
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  request.on('error', () => undefined); // its end is seen below
  request.pipe(onward);
  if (counted) {
    counter.began();
    request.on('data', (chunk: Buffer) => counter.took(chunk.length));
  }
  response.once('close', () => {
    if (!response.writableFinished) onward.destroy();
    if (counted) counter.ended(response.writableFinished ? 'whole' : 'cut');
  });
}

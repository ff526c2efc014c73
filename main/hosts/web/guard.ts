import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Names a browser on this machine may call us by; anything else is a rebound name of somebody's. */
export function allowedHosts(port: number): ReadonlySet<string> {
  return new Set([`127.0.0.1:${port}`, `localhost:${port}`]);
}

export function allowedOrigins(port: number): readonly string[] {
  return [...allowedHosts(port)].map((host) => `http://${host}`);
}

/**
 * Whether a request may be answered at all: for one of our names, in origin form, and not sent by a page of somebody
 * else's. The token decides on everything that matters; this keeps other sites from even trying.
 */
export function isForUs(request: IncomingMessage, port: number): boolean {
  const hosts = request.headersDistinct['host'] ?? [];
  if (hosts.length !== 1 || !allowedHosts(port).has(hosts[0] ?? '')) return false;
  if (!(request.url ?? '').startsWith('/')) return false;
  const site = request.headers['sec-fetch-site'];
  return site === undefined || site === 'same-origin' || site === 'none';
}

/** A WebSocket must say which page opened it, and that must be ours. */
export function isFromOurPage(request: IncomingMessage, port: number): boolean {
  const origins = request.headersDistinct['origin'] ?? [];
  return origins.length === 1 && allowedOrigins(port).includes(origins[0] ?? '');
}

const TOKEN = 'token.';

/** The token a page sends as a sub-protocol, since a WebSocket can carry no header of its own. */
export function tokenOf(request: IncomingMessage): string | null {
  const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const token = offered.find((each) => each.startsWith(TOKEN));
  return token === undefined ? null : token.slice(TOKEN.length);
}

/** In constant time. */
export function sameToken(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

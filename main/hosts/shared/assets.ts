import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** One file of the built page. */
export interface Asset {
  readonly file: string;
  readonly type: string;
  readonly size: number;
  /** Its name holds a hash of its content, so that it may be kept for ever. */
  readonly immutable: boolean;
}

/** From the path in an address, e.g. `/assets/index-x1y2.js`, to the file. `/` is the page itself. */
export type Assets = ReadonlyMap<string, Asset>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.csv': 'text/csv; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
};

/**
 * Lists the built page once. Requests are then looked up and never joined to a folder, so that no spelling of `..` can
 * lead out of it. Files of unknown types are left out.
 */
export async function readAssets(folder: string): Promise<Assets> {
  const assets = new Map<string, Asset>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const type = TYPES[extname(entry.name).toLowerCase()];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length).replaceAll('\\', '/').replace(/^\/*/, '/');
    const { size } = await stat(file);
    assets.set(path, { file, type, size, immutable: /^\/assets\/.+-[\w-]{8}\.\w+$/.test(path) });
  }
  const index = assets.get('/index.html');
  if (index !== undefined) assets.set('/', index);
  return assets;
}

/** Headers every answer with an asset carries, whatever the host. */
export function assetHeaders(asset: Asset, csp: string): Readonly<Record<string, string>> {
  return {
    'Content-Type': asset.type,
    'Content-Length': String(asset.size),
    'Content-Security-Policy': csp,
    'Cache-Control': asset.immutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

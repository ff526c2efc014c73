import { protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { assetHeaders, contentSecurityPolicy, readAssets, type Assets } from '../shared/index.ts';
import { isOurUrl, SCHEME } from './origin.ts';

/** Before the app is ready, and once. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: SCHEME,
      // `standard` gives it an origin, `codeCache` a cache of compiled code; everything else stays off.
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** @param folder the built page */
export async function setupProtocol(folder: string): Promise<void> {
  const assets = await readAssets(folder);
  protocol.handle(SCHEME, (request) => respond(assets, request));
}

/** Everything the page sends goes through its port: it connects to nothing but its own files. */
const CSP = contentSecurityPolicy({ connect: [] });

export async function respond(
  assets: Assets,
  request: { readonly url: string; readonly method: string },
): Promise<Response> {
  if (request.method !== 'GET') return new Response(null, { status: 405, headers: { Allow: 'GET' } });
  const path = isOurUrl(request.url) ? URL.parse(request.url)?.pathname : undefined;
  const asset = path === undefined ? undefined : assets.get(path);
  if (asset === undefined) return new Response(null, { status: 404 });
  const body = await readFile(asset.file);
  // Of what was read: the length must be right even where the page was built again meanwhile.
  return new Response(body, { headers: assetHeaders({ ...asset, size: body.byteLength }, CSP) });
}

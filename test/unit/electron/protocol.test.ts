import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { registerScheme, respond, setupProtocol } from '#internal/main/hosts/electron/protocol';
import { contentSecurityPolicy, readAssets, type Assets } from '#internal/main/hosts/shared/index';
import { calls, resetDouble } from '../../support/electron-double.ts';
import { temporaryFolder } from './support.ts';

beforeEach(resetDouble);

async function builtPage(): Promise<string> {
  const folder = join(await temporaryFolder(), 'renderer');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Sluice</title>');
  await writeFile(join(folder, 'assets', 'index-DwpV_efG.js'), 'export {};\n');
  await writeFile(join(folder, 'assets', 'notes.exe'), 'no');
  await writeFile(join(folder, 'apple-touch-icon.png'), 'no hash');
  await writeFile(join(folder, '..', 'secret.json'), '{"secret":true}');
  return folder;
}

const get = (assets: Assets, url: string, method = 'GET') => respond(assets, { url, method });

test('the scheme has an origin of its own, and no privilege it does not need', () => {
  registerScheme();
  expect(calls('protocol.registerSchemesAsPrivileged')).toEqual([
    [
      [
        {
          scheme: 'sluice',
          privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
        },
      ],
    ],
  ]);
});

test('the page comes whole, with its length and its policy', async () => {
  const assets = await readAssets(await builtPage());
  for (const url of ['sluice://app/', 'sluice://app/index.html', 'sluice://app/?x=1#y']) {
    const response = await get(assets, url);
    expect(response.status).toBe(200);
    const text = await response.text();
    expect(text).toContain('<title>Sluice</title>');
    expect(response.headers.get('content-length')).toBe(String(text.length));
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy({ connect: [] }));
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('files with a hash in their name are kept for ever', async () => {
  const assets = await readAssets(await builtPage());
  const response = await get(assets, 'sluice://app/assets/index-DwpV_efG.js');
  expect(response.headers.get('cache-control')).toContain('immutable');
  const plain = await get(assets, 'sluice://app/apple-touch-icon.png');
  expect(plain.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
});

test.each([
  'sluice://app/../secret.json',
  'sluice://app/..%2fsecret.json',
  'sluice://app/%2e%2e/secret.json',
  'sluice://app/%2e%2e%2fsecret.json',
  'sluice://app/assets/..%5c..%5csecret.json',
  'sluice://app/assets/../../secret.json',
  'sluice://app//secret.json',
  'sluice://app/index.html%00.js',
  'sluice://app/index%2ehtml',
  'sluice://app/INDEX.HTML',
  'sluice://app/assets',
  'sluice://app/assets/',
  'sluice://app/assets/notes.exe',
  'sluice://other/index.html',
  'https://app/index.html',
  'not an address',
])('%s gives nothing', async (url) => {
  const assets = await readAssets(await builtPage());
  const response = await get(assets, url);
  expect(response.status).toBe(404);
  expect(await response.text()).toBe('');
});

test('nothing but reading is allowed', async () => {
  const assets = await readAssets(await builtPage());
  expect((await get(assets, 'sluice://app/', 'POST')).status).toBe(405);
});

test('the handler that Electron is given answers from the built page', async () => {
  await setupProtocol(await builtPage());
  const [scheme, handler] = calls('protocol.handle')[0] as [string, (request: Request) => Promise<Response>];
  expect(scheme).toBe('sluice');
  const response = await handler({ url: 'sluice://app/', method: 'GET' } as Request);
  expect(response.status).toBe(200);
});

describe('the policy', () => {
  test('lets nothing in but what the page is made of', () => {
    const policy = contentSecurityPolicy({ connect: [] });
    const directives = new Map(policy.split('; ').map((part) => [part.split(' ')[0], part]));
    expect(directives.get('default-src')).toBe("default-src 'none'");
    expect(directives.get('script-src')).toBe("script-src 'self'");
    expect(directives.get('style-src')).toBe("style-src 'self'");
    expect(directives.get('connect-src')).toBe("connect-src 'self'");
    expect(directives.get('frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-eval');
    expect(policy.match(/unsafe-inline/g)).toHaveLength(1);
  });

  test('takes origins to send to, and only their origin', () => {
    const policy = contentSecurityPolicy({
      connect: ['http://127.0.0.1:9000/bucket?x=1', 'https://s3.example'],
    });
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:9000 https://s3.example;");
  });

  test.each(['*', "'unsafe-inline'", 'https://a.example; script-src *', 'javascript:0', '', 'file:///x'])(
    'refuses %j as an origin',
    (text) => {
      const make = () => contentSecurityPolicy({ connect: [text] });
      expect(make).toThrow(TypeError);
    },
  );
});

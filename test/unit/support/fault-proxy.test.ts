import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  bytesOf,
  evenly,
  expired,
  PASS,
  seeded,
  startFaultProxy,
  type Fate,
  type FaultProxy,
  type ProxiedRequest,
} from '../../support/fault-proxy/index.ts';

const ANSWER = 'what the store says';
const BODY = bytesOf(1, 300_000);

/** A store that remembers what reached it, and always says the same. */
let store: Server;
let heard: Buffer[] = [];
let fate: Fate | ((request: ProxiedRequest) => Fate) = PASS;
let proxy: FaultProxy;
let storeTime: (() => number) | undefined;

beforeEach(async () => {
  heard = [];
  fate = PASS;
  store = createServer((incoming, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      heard.push(Buffer.concat(chunks));
      response.writeHead(200, { ETag: '"kept"', 'Content-Length': ANSWER.length }).end(ANSWER);
    })().catch(() => undefined); // the request broke off: it was not heard
  });
  store.listen(0, '127.0.0.1');
  await once(store, 'listening');
  proxy = await startFaultProxy(
    `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
    (asked) => (typeof fate === 'function' ? fate(asked) : fate),
    { now: () => storeTime?.() ?? Date.now() },
  );
});
afterEach(async () => {
  await proxy.close();
  store.close();
  store.closeAllConnections();
});

type Answer =
  | { readonly status: number; readonly headers: IncomingHttpHeaders; readonly body: string }
  | { readonly broken: string | undefined; readonly got: string };

/** @param patienceMs how long this client waits while nothing moves */
function ask(
  options: { readonly patienceMs?: number; readonly headers?: Record<string, string> } = {},
): Promise<Answer> {
  return new Promise((resolve) => {
    let got = '';
    const broken = (error: Error): void => resolve({ broken: (error as NodeJS.ErrnoException).code, got });
    const asked = request(
      `${proxy.origin}/bucket/key?partNumber=1&uploadId=u`,
      { method: 'PUT', agent: false, headers: { 'Content-Length': BODY.length, ...options.headers } },
      (answer) => {
        answer.setEncoding('latin1');
        answer.on('data', (chunk: string) => (got += chunk));
        answer.on('error', broken);
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: got }),
        );
      },
    );
    asked.on('error', broken);
    if (options.patienceMs !== undefined) {
      asked.setTimeout(options.patienceMs, () =>
        asked.destroy(Object.assign(new Error('no patience left'), { code: 'GAVE_UP' })),
      );
    }
    asked.end(BODY);
  });
}

test('what passes is heard and answered as it is', async () => {
  expect(await ask()).toMatchObject({ status: 200, headers: { etag: '"kept"' }, body: ANSWER });
  expect(heard).toEqual([BODY]);
  expect(proxy.seen).toMatchObject([{ index: 0, method: 'PUT', operation: 'UploadPart' }]);
  expect(proxy.story()).toBe('#0 UploadPart part 1 pass');
});

test.each([
  [{ kind: 'drop-before' }, 0],
  [{ kind: 'drop-after' }, 1],
  [{ kind: 'reset-request', after: 1000 }, 0],
] as const)('%o breaks the connection, and the store hears %d requests', async (what, count) => {
  fate = what;
  expect(await ask()).toMatchObject({ broken: expect.any(String) as string, got: '' });
  expect(heard).toHaveLength(count);
});

test('an answer that is reset came as far as was said', async () => {
  fate = { kind: 'reset-answer', after: 4 };
  expect(await ask()).toEqual({ broken: 'ECONNRESET', got: ANSWER.slice(0, 4) });
  expect(heard).toHaveLength(1);
});

test.each([
  [{ kind: 'stall' }, 0],
  [{ kind: 'stall-answer' }, 1],
] as const)('%o lasts until the client gives up', async (what, count) => {
  fate = what;
  expect(await ask({ patienceMs: 100 })).toEqual({ broken: 'GAVE_UP', got: '' });
  expect(heard).toHaveLength(count);
});

test('an answer that is late comes when it may, after the store acted', async () => {
  let letGo = (): void => undefined;
  const acted = new Promise<void>((resolve) => {
    fate = { kind: 'late', until: new Promise((go) => (letGo = go)), acted: resolve };
  });
  const answer = ask();
  await acted;
  expect(heard).toHaveLength(1);
  letGo();
  expect(await answer).toMatchObject({ status: 200, body: ANSWER });
});

test.each([
  [{ kind: 'answer', status: 503, code: 'SlowDown' }, 503, /<Code>SlowDown</, 0],
  [{ kind: 'redirect', status: 307, region: 'eu-west-1' }, 307, /<Code>PermanentRedirect</, 0],
  [{ kind: 'error-in-200', code: 'InternalError', acts: false }, 200, /^<\?xml.*>\s+<Error><Code>Int/s, 0],
  [{ kind: 'error-in-200', code: 'InternalError', acts: true }, 200, /^<\?xml.*>\s+<Error><Code>Int/s, 1],
  [{ kind: 'empty-200', acts: true }, 200, /^$/, 1],
  [{ kind: 'truncate', to: 6 }, 200, /^what t$/, 1],
  [{ kind: 'corrupt-answer', at: 0 }, 200, /^vhat the store says$/, 1],
  [{ kind: 'slow', bytesPerSecond: 5_000_000 }, 200, /^what the store says$/, 1],
] as const)('%o', async (what, status, body, count) => {
  fate = what;
  const answer = await ask();
  expect(answer).toMatchObject({ status, body: expect.stringMatching(body) as string });
  expect(heard).toHaveLength(count);
});

test('a body that creeps takes as long as it must', async () => {
  fate = { kind: 'slow', bytesPerSecond: 1_000_000 };
  const from = performance.now();
  await ask();
  expect(performance.now() - from).toBeGreaterThan((BODY.length / 1_000_000) * 900);
});

test('a redirect names the region, and an ETag can be told wrong', async () => {
  fate = { kind: 'redirect', status: 301, region: 'eu-west-1' };
  expect(await ask()).toMatchObject({ status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } });
  fate = { kind: 'wrong-etag' };
  expect(await ask()).toMatchObject({ status: 200, headers: { etag: `"${'0'.repeat(32)}"` } });
});

test('one flipped bit is all that reaches the store otherwise', async () => {
  fate = { kind: 'corrupt-request', at: 70_001 };
  await ask();
  const [arrived = Buffer.alloc(0)] = heard;
  expect(arrived.length).toBe(BODY.length);
  const wrong = [...arrived.keys()].filter((index) => arrived[index] !== BODY[index]);
  expect(wrong).toEqual([70_001]);
});

test('the store can be said to take another time for the right one', async () => {
  storeTime = () => Date.UTC(2026, 10, 5, 12);
  expect(await ask()).toMatchObject({ headers: { date: 'Thu, 05 Nov 2026 12:00:00 GMT' } });
  fate = { kind: 'answer', status: 403, code: 'RequestTimeTooSkewed' };
  expect(await ask()).toMatchObject({ headers: { date: 'Thu, 05 Nov 2026 12:00:00 GMT' } });
  storeTime = undefined;
});

test('keys are expired until others are used', async () => {
  fate = expired('OLDKEY');
  expect(await ask({ headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=OLDKEY/x' } })).toMatchObject({
    status: 400,
    body: expect.stringContaining('ExpiredToken') as string,
  });
  expect(await ask({ headers: { Authorization: 'AWS4-HMAC-SHA256 Credential=NEWKEY/x' } })).toMatchObject({
    status: 200,
  });
});

test('a seed repeats its schedule, and another is another', () => {
  const asked = (index: number): ProxiedRequest => ({
    index,
    method: 'PUT',
    url: '/b/k',
    operation: 'UploadPart',
    headers: {},
    gone: () => false,
  });
  const drawn = (seed: number): string => {
    const decide = seeded(seed, evenly(2));
    return JSON.stringify(Array.from({ length: 200 }, (_, index) => decide(asked(index))));
  };
  expect(drawn(7)).toBe(drawn(7));
  expect(drawn(7)).not.toBe(drawn(8));
  const struck = (JSON.parse(drawn(7)) as Fate[]).filter(({ kind }) => kind !== 'pass');
  expect(struck.length).toBeGreaterThan(40);
  expect(new Set(struck.map(({ kind }) => kind)).size).toBeGreaterThan(5);
});

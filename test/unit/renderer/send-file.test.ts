import { expect, test, vi } from 'vitest';
import { type PartState, type PartStrip } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { missingParts } from '#internal/renderer/src/uploads/plan';
import { failureOf, PutError, type PutFailure } from '#internal/renderer/src/uploads/put';
import { beginSending, type SendPorts } from '#internal/renderer/src/uploads/send-file';
import { Slots } from '#internal/renderer/src/uploads/slots';
import { sessionOf, transferOf } from '#internal/test/support/fake-engine/data';
import { encode } from '#internal/test/support/fake-engine/uploads';

const PART = 8 * 1024 * 1024;
const SIZE = 10 * PART - 17;
const source = { file: new File([], 'big.csv'), relativePath: 'big.csv' };
Object.defineProperty(source.file, 'size', { value: SIZE });
const forever = new AbortController().signal;

/** An engine and a bucket that remember; `trouble` says what becomes of a PUT. */
function world(
  trouble: (number: number, attempt: number) => PutFailure | null = () => null,
  stuck: (number: number) => boolean = () => false,
) {
  const states = Array.from({ length: 10 }, (_, index) =>
    index < 2 ? ('kept' as const) : ('waiting' as const),
  );
  const store: PartState[] = [...states];
  const log = {
    begun: 0,
    puts: [] as number[],
    most: 0,
    completed: 0,
    reports: 0,
    notes: [] as (string | null)[],
  };
  const attempts = new Map<number, number>();
  let flying = 0;
  let verdict: 'go-on' | 'paused' | 'stopped' = 'go-on';
  const strip = (): PartStrip => encode(store);
  const engine = {
    begin: () => {
      log.begun += 1;
      const state = { kind: 'transferring' as const };
      const transfer = transferOf(
        's',
        'f',
        { name: 'big.csv', size: SIZE, state, parts: strip(), page: true },
        0,
      );
      return Promise.resolve({ session: sessionOf('s', 'big', 0, [transfer], 0), transfer, parts: strip() });
    },
    sign: ({ parts }: { parts: readonly { number: number }[] }) =>
      Promise.resolve(parts.map(({ number }) => ({ number, url: `https://store/${number}`, headers: {} }))),
    report: ({ sent }: { sent: readonly { number: number }[] }) => {
      log.reports += 1;
      for (const { number } of sent) store[number - 1] = 'sent';
      return Promise.resolve({ state: verdict });
    },
    complete: () => {
      log.completed += 1;
      return Promise.resolve(
        transferOf('s', 'f', { name: 'big.csv', size: SIZE, state: { kind: 'done' }, parts: strip() }, 0),
      );
    },
  };
  const ports: SendPorts = {
    engine: engine,
    hash: (_, start, end) => Promise.resolve(`${start}-${end}`),
    put: async ({ url, onSent, signal }) => {
      const number = Number(url.split('/').at(-1));
      const attempt = (attempts.get(number) ?? 0) + 1;
      attempts.set(number, attempt);
      flying += 1;
      log.most = Math.max(log.most, flying);
      try {
        onSent(PART / 2);
        await ports.sleep(500, signal);
        if (stuck(number)) await ports.sleep(1_000_000, signal);
        const failure = trouble(number, attempt);
        if (failure !== null) throw new PutError(failure);
        log.puts.push(number);
        return { etag: `"${number}"` };
      } finally {
        flying -= 1;
      }
    },
    // Fifty times as fast as life.
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const timer = setTimeout(resolve, ms / 50);
        signal.addEventListener('abort', () => {
          clearTimeout(timer);
          reject(signal.reason as Error);
        });
      }),
    slots: new Slots(6),
  };
  const begin = async () => {
    const { sending } = await beginSending(
      source,
      { sessionId: null, connectionId: null, transferId: null, place: null },
      ports,
      { onNote: (_, note) => log.notes.push(note) },
      forever,
    );
    return sending;
  };
  const send = async () => (await begin()).run(forever);
  return { log, engine, store, begin, send, say: (next: typeof verdict) => (verdict = next) };
}

test('plans what is missing, the last part shorter', () => {
  const strip: PartStrip = [
    { state: 'verified', count: 1 },
    { state: 'flying', count: 1 },
    { state: 'sent', count: 7 },
    { state: 'waiting', count: 1 },
  ];
  expect(missingParts(SIZE, PART, strip)).toEqual([
    { number: 2, start: PART, end: 2 * PART },
    { number: 10, start: 9 * PART, end: SIZE },
  ]);
  expect(missingParts(0, PART, [{ state: 'waiting', count: 1 }])).toEqual([{ number: 1, start: 0, end: 0 }]);
  expect(missingParts(0, PART, [])).toEqual([]);
});

test('sends only what is missing, four at a time, and has it put together once', async () => {
  const { log, store, send } = world();
  expect(await send()).toBe('done');
  expect(log.puts.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(log.most).toBe(4);
  expect(store.filter((state) => state === 'waiting')).toEqual([]);
  expect(log).toMatchObject({ begun: 1, completed: 1 });
});

test('waits for a store that is away, says so, and goes on', async () => {
  const { log, send } = world((number, attempt) =>
    number === 5 && attempt <= 3 ? { kind: 'unreachable' } : null,
  );
  expect(await send()).toBe('done');
  expect(log.notes.some((note) => note?.startsWith('The bucket does not answer') === true)).toBe(true);
  expect(log.notes.at(-1)).toBeNull();
});

test('signs again what the store does not take any more', async () => {
  const { log, send } = world((number, attempt) =>
    number === 4 && attempt === 1 ? { kind: 'unsigned', status: 403 } : null,
  );
  expect(await send()).toBe('done');
  expect(log.puts.filter((number) => number === 4)).toHaveLength(1);
});

test('a file that changes under it is told, not sent', async () => {
  const { log, send } = world((number) => (number === 6 ? { kind: 'bad-bytes' } : null));
  await expect(send()).rejects.toMatchObject({ code: 'SOURCE_CHANGED' });
  expect(log.completed).toBe(0);
});

test('puts everything down when it is paused, and goes on where it was', async () => {
  let jam = true;
  const { log, begin, say } = world(undefined, (number) => jam && number >= 6);
  const sending = await begin();
  const end = sending.run(forever);
  await vi.waitFor(() => expect(log.puts).toHaveLength(3), 20_000);
  say('paused');
  expect(await end).toBe('paused');
  expect(log.puts.toSorted((a, b) => a - b)).toEqual([3, 4, 5]);
  expect(log.completed).toBe(0);
  jam = false;
  say('go-on');
  expect(await sending.run(forever)).toBe('done');
  expect(log.puts.toSorted((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  expect(log.begun).toBe(1);
});

test('goes on where it was when the connection to the engine was lost for a moment', async () => {
  const { log, engine, send } = world();
  const { sign } = engine;
  let calls = 0;
  engine.sign = (input) => {
    calls += 1;
    return calls === 6 ? Promise.reject(sluiceError('ENGINE_LOST', {})) : sign(input);
  };
  expect(await send()).toBe('done');
  expect(log).toMatchObject({ begun: 1, completed: 1 });
  expect(new Set(log.puts).size).toBe(8);
});

test('says so when the engine waits for it no more, or the store forgot it', async () => {
  const started = world();
  const sending = await started.begin();
  started.say('stopped');
  expect(await sending.run(forever)).toBe('stopped');
  const forgetful = world((number) => (number === 4 ? { kind: 'no-upload' } : null));
  expect(await forgetful.send()).toBe('forgotten');
});

test('knows what a store means', () => {
  const xml = (code: string) => `<?xml version="1.0"?><Error><Code>${code}</Code></Error>`;
  expect(failureOf(404, xml('NoSuchUpload')).kind).toBe('no-upload');
  expect(failureOf(400, xml('BadDigest')).kind).toBe('bad-bytes');
  expect(failureOf(503, xml('SlowDown')).kind).toBe('busy');
  expect(failureOf(403, xml('RequestTimeTooSkewed')).kind).toBe('unsigned');
  expect(failureOf(400, xml('ExpiredToken')).kind).toBe('unsigned');
  expect(failureOf(400, xml('EntityTooSmall'))).toEqual({
    kind: 'refused',
    status: 400,
    code: 'EntityTooSmall',
  });
});

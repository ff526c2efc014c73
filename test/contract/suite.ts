import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { reportFromWire } from '#shared/contract';
import type { CarrierKind, Joined } from './carriers.ts';
import { createProbe, probe, type Seen } from './probe.ts';

/** @returns what a call failed with */
async function failure(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

/** The promises of the contract, on one kind of carrier. */
export function describeCarrier(kind: CarrierKind): void {
  describe(`over ${kind.name}`, () => {
    let joined: Joined<typeof probe>;
    let seen: Seen;
    beforeEach(async () => {
      const made = createProbe();
      seen = made.seen;
      joined = await kind.join(made.router, probe);
    });
    afterEach(() => joined.dispose());

    test('a call is answered', async () => {
      await expect(joined.client.plain.echo({ text: 'häß 😀 \u0000' })).resolves.toEqual({
        text: 'häß 😀 \u0000',
      });
    });

    test('a hundred calls at once get each its own answer', async () => {
      const texts = Array.from({ length: 100 }, (_, n) => `call ${n}`);
      const answers = await Promise.all(texts.map((text) => joined.client.plain.echo({ text })));
      expect(answers.map(({ text }) => text)).toEqual(texts);
    });

    test('a megabyte goes there and back', async () => {
      const text = 'é'.repeat(500_000);
      const answer = await joined.client.plain.echo({ text });
      expect(answer.text === text).toBe(true);
    });

    test('a stream arrives whole, in order, and ends', async () => {
      const got: number[] = [];
      for await (const { n } of await joined.client.streams.count({ to: 500 })) got.push(n);
      expect(got).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
      expect(seen.ended).toBe(1);
    });

    test('a slow reader loses nothing', async () => {
      let last = 0;
      for await (const { n } of await joined.client.streams.count({ to: 60, padding: 10_000 })) {
        expect(n).toBe(last + 1);
        last = n;
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      expect(last).toBe(60);
    });

    test('a reader that leaves a stream ends it on the other side', async () => {
      for await (const { n } of await joined.client.streams.quiet()) {
        expect(n).toBe(1);
        break;
      }
      await vi.waitFor(() => expect(seen.ended).toBe(1));
    });

    test('an error in a stream arrives after what came before it', async () => {
      const got: number[] = [];
      const error = await failure(
        (async () => {
          for await (const { n } of await joined.client.streams.failAfter({ items: 2 })) got.push(n);
        })(),
      );
      expect(got).toEqual([1, 2]);
      expect(reportFromWire(error)?.code).toBe('DISK_FULL');
      expect(error).toMatchObject({ defined: true });
    });

    test('cancelling a call is seen by the other side, and the caller gets its own reason', async () => {
      const controller = new AbortController();
      const call = failure(joined.client.plain.hang(undefined, { signal: controller.signal }));
      await vi.waitFor(() => expect(seen.started).toBe(1));
      const reason = new Error('the person pressed Escape');
      controller.abort(reason);
      expect(await call).toBe(reason);
      await vi.waitFor(() => expect(seen.aborted).toBe(1));
      expect(seen.bugs).toEqual([]);
    });

    test('a failure arrives with its code, sentence, hint, retry and details', async () => {
      const error = await failure(joined.client.plain.refuse({ path: '/a/b.csv' }));
      expect(error).toMatchObject({ defined: true, code: 'TARGET_EXISTS' });
      expect(reportFromWire(error)).toEqual({
        code: 'TARGET_EXISTS',
        message: 'There is already a file at /a/b.csv.',
        hint: 'Choose another name or folder; Sluice never writes over a file by itself.',
        retry: 'after-fix',
        details: { path: '/a/b.csv' },
      });
    });

    test('a code the contract forgot to declare still says what happened, but is not defined', async () => {
      const error = await failure(joined.client.plain.surprise());
      expect(error).toMatchObject({ defined: false });
      expect(reportFromWire(error)?.code).toBe('DISK_FULL');
    });

    test('what nobody foresaw is a bug, told to the caller and to the log', async () => {
      const error = await failure(joined.client.plain.crash());
      expect(reportFromWire(error)).toMatchObject({
        code: 'BUG',
        message: 'Sluice made a mistake: cannot read properties of undefined.',
      });
      expect(seen.bugs).toEqual(['plain.crash failed']);
      expect(JSON.stringify(error)).not.toContain('probe.ts');
    });

    test('bad input is refused on the engine side, naming the field', async () => {
      const list = [{ n: 1 }, { n: 12 }];
      const error = await failure(joined.client.plain.echo({ text: 'x', list }));
      expect(error).toMatchObject({ defined: true });
      const report = reportFromWire(error);
      expect(report?.code).toBe('INPUT_INVALID');
      expect(report?.message).toContain('list[1].n: ');
      const missing = await failure(joined.client.plain.echo({} as { text: string }));
      expect(reportFromWire(missing)?.message).toContain('text: ');
    });

    test('an answer that breaks the contract never reaches the page', async () => {
      const error = await failure(joined.client.plain.breaksContract());
      expect(reportFromWire(error)?.message).toContain('the answer of plain.breaksContract');
    });

    test('an unknown procedure is refused, and is not taken for a missing thing', async () => {
      const loose = joined.client as unknown as { plain: { nothing(): Promise<void> } };
      const error = await failure(loose.plain.nothing());
      expect(error).toMatchObject({ defined: false });
      expect(reportFromWire(error)).toBeNull();
    });

    test('frames that are not ours harm nobody', async () => {
      const complaints = vi.spyOn(console, 'error').mockReturnValue();
      for (const frame of ['', 'not json', '[1]', '{"i":"1","t":1}', '{}', 'null']) joined.sendRaw(frame);
      await expect(joined.client.plain.echo({ text: 'still here' })).resolves.toEqual({ text: 'still here' });
      complaints.mockRestore();
    });

    test('the engine going away rejects the calls and streams that wait', async () => {
      const stream = await joined.client.streams.quiet();
      await stream.next();
      const call = failure(joined.client.plain.hang());
      const next = failure(stream.next());
      await vi.waitFor(() => expect(seen.started).toBe(2));
      joined.closeEngine();
      expect(reportFromWire(await call)).toBeNull();
      expect(reportFromWire(await next)).toBeNull();
    });

    test('the page going away is seen by calls and streams as an abort', async () => {
      const stream = await joined.client.streams.quiet();
      await stream.next();
      const call = failure(joined.client.plain.hang());
      const next = failure(stream.next());
      await vi.waitFor(() => expect(seen.started).toBe(2));
      joined.closePage();
      await vi.waitFor(() => expect(seen).toMatchObject({ aborted: 2, ended: 1 }));
      await Promise.all([call, next]);
      expect(seen.bugs).toEqual([]);
    });
  });
}

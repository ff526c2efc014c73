import { eventIterator } from '@orpc/contract';
import { implement } from '@orpc/server';
import { z } from 'zod';
import { reportsErrors } from '#main/api';
import type { Log } from '#main/ports';
import { procedure } from '#internal/shared/contract/procedure';
import { sluiceError } from '#shared/errors';

/** Procedures that do what the contract's own do, but on demand. */
export const probe = {
  plain: {
    echo: procedure()
      .input(
        z.object({ text: z.string(), list: z.array(z.object({ n: z.number().int().max(9) })).optional() }),
      )
      .output(z.object({ text: z.string() })),
    /** Answers when its caller gives up, or its carrier closes. */
    hang: procedure().output(z.void()),
    refuse: procedure('TARGET_EXISTS')
      .input(z.object({ path: z.string() }))
      .output(z.void()),
    /** Fails with a code it does not declare. */
    surprise: procedure().output(z.void()),
    crash: procedure().output(z.void()),
    breaksContract: procedure().output(z.object({ n: z.number() })),
  },
  streams: {
    count: procedure()
      .input(z.object({ to: z.number().int(), padding: z.number().int().optional() }))
      .output(eventIterator(z.object({ n: z.number(), padding: z.string() }))),
    failAfter: procedure('DISK_FULL')
      .input(z.object({ items: z.number().int() }))
      .output(eventIterator(z.object({ n: z.number() }))),
    /** Yields once, then waits until nobody listens. */
    quiet: procedure().output(eventIterator(z.object({ n: z.number() }))),
  },
};

/** What the serving side saw. */
export interface Seen {
  started: number;
  aborted: number;
  /** Items the streams have yielded. */
  yielded: number;
  /** Streams that came to an end, for whatever reason. */
  ended: number;
  bugs: string[];
}

export function createProbe() {
  const seen: Seen = { started: 0, aborted: 0, yielded: 0, ended: 0, bugs: [] };
  const log: Log = { info: () => undefined, error: (message) => void seen.bugs.push(message) };
  const p = implement(probe).use(reportsErrors(log));

  const untilAborted = (signal: AbortSignal | undefined) =>
    new Promise<never>((_resolve, reject) => {
      seen.started += 1;
      const abort = () => {
        seen.aborted += 1;
        reject(signal?.reason as Error);
      };
      if (signal?.aborted === true) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });

  const router = p.router({
    plain: {
      echo: p.plain.echo.handler(({ input }) => ({ text: input.text })),
      hang: p.plain.hang.handler(({ signal }) => untilAborted(signal)),
      refuse: p.plain.refuse.handler(({ input }) => {
        throw sluiceError('TARGET_EXISTS', { path: input.path });
      }),
      surprise: p.plain.surprise.handler(() => {
        throw sluiceError('DISK_FULL', { path: '/data' });
      }),
      crash: p.plain.crash.handler(() => {
        throw new TypeError('cannot read properties of undefined');
      }),
      breaksContract: p.plain.breaksContract.handler(() => ({ n: 'one' as unknown as number })),
    },
    streams: {
      count: p.streams.count.handler(async function* ({ input }) {
        const padding = 'x'.repeat(input.padding ?? 0);
        try {
          for (let n = 1; n <= input.to; n += 1) {
            seen.yielded += 1;
            yield { n, padding };
          }
        } finally {
          seen.ended += 1;
        }
      }),
      failAfter: p.streams.failAfter.handler(async function* ({ input }) {
        for (let n = 1; n <= input.items; n += 1) yield { n };
        throw sluiceError('DISK_FULL', { path: '/data' });
      }),
      quiet: p.streams.quiet.handler(async function* ({ signal }) {
        try {
          yield { n: 1 };
          await untilAborted(signal);
        } finally {
          seen.ended += 1;
        }
      }),
    },
  });
  return { router, seen };
}

import { Transform, type Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';

/** Lets so many bytes through, then calls `cut` instead of more; a body that is shorter is cut at its end. */
export function cutAfter(body: Readable, bytes: number, cut: () => void): Readable {
  let left = bytes;
  return body.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (chunk.length <= left) {
          left -= chunk.length;
          done(null, chunk);
          return;
        }
        this.push(chunk.subarray(0, left));
        left = 0;
        setImmediate(cut); // what was pushed gets on its way first; `done` is never called: nothing follows
      },
      flush() {
        setImmediate(cut);
      },
    }),
  );
}

/** Flips one bit of the byte at this position. */
export function flip(body: Readable, at: number): Readable {
  let passed = 0;
  return body.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        const inside = at - passed;
        passed += chunk.length;
        if (inside < 0 || inside >= chunk.length) {
          done(null, chunk);
          return;
        }
        const copy = Buffer.from(chunk);
        copy[inside] = (copy[inside] ?? 0) ^ 1;
        done(null, copy);
      },
    }),
  );
}

/** How often a second bytes are handed on. */
const STEPS = 100;

export function throttle(body: Readable, bytesPerSecond: number): Readable {
  const atOnce = Math.max(1, Math.round(bytesPerSecond / STEPS));
  const restMs = (atOnce / bytesPerSecond) * 1000;
  return body.pipe(
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        void (async () => {
          for (let from = 0; from < chunk.length && !this.destroyed; from += atOnce) {
            this.push(chunk.subarray(from, from + atOnce));
            await pause(restMs);
          }
          done();
        })();
      },
    }),
  );
}

import { expect, test } from 'vitest';
import { BufferPool } from '#internal/main/transfers/limits/buffers';
import { Slots } from '#internal/main/transfers/line/slots';

const signal = new AbortController().signal;

test('buffers are used again, and who wants one over the budget waits in line', async () => {
  const pool = new BufferPool(200);
  const a = await pool.acquire(100, signal);
  const b = await pool.acquire(100, signal);
  let third: Buffer | null = null;
  const waiting = pool.acquire(60, signal).then((buffer) => (third = buffer));
  await Promise.resolve();
  expect(third).toBeNull();
  pool.release(a);
  const c = await waiting;
  expect(c.length).toBe(60);
  expect(c.buffer).toBe(a.buffer);
  pool.release(b);
  pool.release(c);
});

test('one larger than the budget is given when nothing else is out', async () => {
  const pool = new BufferPool(100);
  const large = await pool.acquire(1000, signal);
  expect(large.length).toBe(1000);
  pool.release(large);
  expect((await pool.acquire(50, signal)).length).toBe(50);
});

test('who gives up while waiting does not hold up the line', async () => {
  const pool = new BufferPool(100);
  const a = await pool.acquire(100, signal);
  const impatient = new AbortController();
  const gone = pool.acquire(100, impatient.signal);
  const next = pool.acquire(100, signal);
  impatient.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  pool.release(a);
  expect((await next).length).toBe(100);
});

test('never more at once than there are slots', async () => {
  const slots = new Slots(() => 3);
  let now = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 20 }, () =>
      slots.run(signal, async () => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
      }),
    ),
  );
  expect(most).toBe(3);
  expect(now).toBe(0);
});

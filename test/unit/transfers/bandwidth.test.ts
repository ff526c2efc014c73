import { expect, test } from 'vitest';
import { Bandwidth, type Sender } from '#internal/main/transfers/limits/bandwidth';
import { Limits } from '#internal/main/transfers/limits/limits';
import { DEFAULT_TRANSFER_SETTINGS } from '#shared/domain';
import { VirtualClock } from '../../support/virtual-clock.ts';

const SLICE = 64 * 1024;
const never = new AbortController().signal;

/** Sends without end, and counts. */
function send(bandwidth: Bandwidth, sender: Sender, streams: number, signal: AbortSignal): { bytes: number } {
  const sent = { bytes: 0 };
  const stream = async (): Promise<void> => {
    for (;;) {
      await bandwidth.take(SLICE, signal, sender);
      sent.bytes += SLICE;
    }
  };
  for (let count = 0; count < streams; count += 1) stream().catch(() => undefined); // until it is aborted
  return sent;
}

const of = (transferId: string, connectionId = 'c'): Sender => ({ connectionId, transferId });

test('without a limit nobody waits, and bodies need not be cut', async () => {
  const bandwidth = new Bandwidth(new VirtualClock());
  expect(bandwidth.limits(of('a'))).toBe(false);
  await bandwidth.take(1e12, never, of('a'));
  bandwidth.setConnectionLimit('c', 1000);
  expect(bandwidth.limits(of('a'))).toBe(true);
  expect(bandwidth.limits(of('a', 'other'))).toBe(false);
  bandwidth.setConnectionLimit('c', null);
  expect(bandwidth.limits(of('a'))).toBe(false);
});

test('a limit is one from the first second on, and a change acts at once', async () => {
  const clock = new VirtualClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(1e6);
  const stop = new AbortController();
  const sent = send(bandwidth, of('a'), 8, stop.signal);
  await clock.pass(1000);
  expect(sent.bytes).toBeGreaterThan(0.9e6);
  expect(sent.bytes).toBeLessThan(1.2e6);
  await clock.pass(9000);
  expect(sent.bytes).toBeGreaterThan(9.8e6);
  expect(sent.bytes).toBeLessThan(10.2e6);
  const before = sent.bytes;
  bandwidth.setLimit(10e6);
  await clock.pass(1000);
  expect(sent.bytes - before).toBeGreaterThan(9.5e6);
  expect(sent.bytes - before).toBeLessThan(11.2e6);
  stop.abort();
});

test('transfers take turns, however many parts each has under way', async () => {
  const clock = new VirtualClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(2e6);
  const stop = new AbortController();
  const many = send(bandwidth, of('large'), 16, stop.signal);
  const one = send(bandwidth, of('small'), 1, stop.signal);
  await clock.pass(5000);
  expect(one.bytes / many.bytes).toBeGreaterThan(0.9);
  expect(one.bytes / many.bytes).toBeLessThan(1.1);
  stop.abort();
});

test('the limit of one connection leaves the others alone', async () => {
  const clock = new VirtualClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(10e6);
  bandwidth.setConnectionLimit('slow', 1e6);
  const stop = new AbortController();
  const slow = send(bandwidth, of('a', 'slow'), 4, stop.signal);
  const quick = send(bandwidth, of('b', 'quick'), 4, stop.signal);
  await clock.pass(4000);
  expect(slow.bytes / 4e6).toBeGreaterThan(0.9);
  expect(slow.bytes / 4e6).toBeLessThan(1.1);
  expect((slow.bytes + quick.bytes) / 40e6).toBeGreaterThan(0.9);
  expect((slow.bytes + quick.bytes) / 40e6).toBeLessThan(1.1);
  stop.abort();
});

test('one who leaves the line takes nothing with him', async () => {
  const clock = new VirtualClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(1000);
  await bandwidth.take(10_000, never, of('a')); // ten seconds of debt
  const gone = new AbortController();
  const left = bandwidth.take(1e9, gone.signal, of('a'));
  const kept = bandwidth.take(100, never, of('b'));
  gone.abort(new Error('paused'));
  await expect(left).rejects.toThrow('paused');
  await clock.pass(11_000);
  await kept;
});

test('at nought what is under way stops, and goes on once something may pass', async () => {
  const clock = new VirtualClock();
  const bandwidth = new Bandwidth(clock);
  bandwidth.setLimit(1e6);
  await bandwidth.take(SLICE * 10, never, of('a'));
  const inLine = bandwidth.take(SLICE, never, of('a'));
  const told: string[] = [];
  const wholeJob = bandwidth.whileOpen(
    async () => {
      await bandwidth.take(SLICE, never, of('b'));
      return 'sent';
    },
    never,
    (error) => told.push(error.message),
  );
  bandwidth.setLimit(0, 'tomorrow 06:00');
  await expect(inLine).rejects.toMatchObject({ code: 'LIMIT_STANDS_STILL' });
  await clock.pass(60_000);
  expect(told).toEqual(['The speed limit lets nothing through until tomorrow 06:00.']);
  bandwidth.setLimit(5e6);
  await clock.pass(1000);
  await expect(wholeJob).resolves.toBe('sent');
});

test('who waits for the limit can be stopped, and other failures pass through', async () => {
  const bandwidth = new Bandwidth(new VirtualClock());
  bandwidth.setLimit(0);
  const pause = new AbortController();
  const waiting = bandwidth.whileOpen(
    () => Promise.resolve(1),
    pause.signal,
    () => undefined,
  );
  pause.abort(new Error('paused'));
  await expect(waiting).rejects.toThrow('paused');
  bandwidth.setLimit(null);
  const failing = bandwidth.whileOpen(
    () => Promise.reject(new Error('other')),
    never,
    () => undefined,
  );
  await expect(failing).rejects.toThrow('other');
});

test('the timetable is followed by the clock, also after the machine slept', async () => {
  const start = new Date(2026, 10, 20, 17, 59).getTime();
  const clock = new VirtualClock(start);
  const bandwidth = new Bandwidth(clock);
  let changes = 0;
  const every = [0, 1, 2, 3, 4, 5, 6];
  const limits = new Limits(
    clock,
    bandwidth,
    {
      ...DEFAULT_TRANSFER_SETTINGS,
      timetable: [{ days: every, from: '18:00', to: '20:00', bytesPerSecond: 1e6 }],
    },
    () => (changes += 1),
  );
  expect(limits.now).toEqual({ bytesPerSecond: null, by: 'setting', until: start + 60_000 });
  await clock.pass(60_000);
  expect(limits.now.bytesPerSecond).toBe(1e6);
  expect(bandwidth.limits(of('a'))).toBe(true);
  clock.jump(3 * 3_600_000); // asleep past its end: timers were not told
  expect(limits.now.bytesPerSecond).toBe(1e6);
  await clock.pass(30_000);
  expect(limits.now.bytesPerSecond).toBeNull();
  expect(changes).toBe(2);

  limits.apply({ ...limits.settings, override: { bytesPerSecond: 0, until: clock.now() + 5000 } });
  expect(limits.now).toMatchObject({ bytesPerSecond: 0, by: 'hand' });
  await clock.pass(5000);
  expect(limits.now).toMatchObject({ bytesPerSecond: null, by: 'setting' });
  limits.close();
});

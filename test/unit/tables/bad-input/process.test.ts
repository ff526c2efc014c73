import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { setTimeout as sleep } from 'node:timers/promises';
import { openRoom, type Room } from '../support.ts';
import { CALLS, failure, leftBehind, manyRows, people } from './support.ts';

let room: Room;
let file: string;
beforeAll(async () => {
  room = await openRoom();
  file = await room.file('many.csv', manyRows(150_000));
});
afterAll(() => room.close());

const calls = Object.entries(CALLS);

/**
 * Strikes while a process is at a call: some way into it, or at once where it is quicker than that.
 * @returns how the call ended
 */
async function during(
  ask: () => Promise<unknown>,
  strike: () => void,
): Promise<Awaited<ReturnType<typeof failure>>> {
  const asked = room.asked();
  const running = failure(ask());
  await asked;
  const over = await Promise.race([sleep(60, false), running.then(() => true)]);
  if (!over) {
    strike();
    return running;
  }
  const askedAgain = room.asked();
  const again = failure(ask());
  await askedAgain;
  strike();
  return again;
}

describe('a process that is killed in the middle', () => {
  test.each(calls)('of %s: says so, leaves nothing, and the next call works', async (_, ask) => {
    // A process of its own for each, that knows nothing of the file yet.
    await room.tables.preview(await room.file('people.csv', people));
    const killed = room.processes.at(-1);
    const { code, said } = await during(
      () => ask(room, file),
      () => killed?.kill(),
    );
    expect([code, said]).toEqual(['TABLES_CRASHED', expect.stringContaining('Transfers were not touched')]);
    expect(await leftBehind(room)).toEqual([]);
    expect((await room.tables.preview(file)).columns).toHaveLength(4);
    expect(room.processes.at(-1)).not.toBe(killed);
  });
});

describe('what is not wanted any more', () => {
  test.each(calls)('%s: stops within a second, and the next call works', async (name, ask) => {
    // Another writing of the file, of which nothing is known yet.
    const fresh = await room.file(`fresh ${name}.csv`, manyRows(150_000));
    await room.tables.preview(await room.file('people.csv', people));
    const controller = new AbortController();
    let began = 0;
    const { code } = await during(
      () => ask(room, fresh, controller.signal),
      () => {
        began = performance.now();
        controller.abort();
      },
    );
    expect(code).toBe('CANCELLED');
    // A second until it is killed, and what a busy machine takes.
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await leftBehind(room)).toEqual([]);
    expect((await room.tables.preview(fresh)).columns).toHaveLength(4);
  });
});

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

describe('a process that is killed in the middle', () => {
  test.each(calls)('of %s: says so, leaves nothing, and the next call works', async (name, ask) => {
    // A process of its own for each, that knows nothing of the file yet.
    await room.tables.preview(await room.file('people.csv', people));
    const running = failure(ask(room, file));
    await sleep(name.startsWith('preview') ? 0 : 60);
    const killed = room.processes.at(-1);
    killed?.kill();
    const { code, said } = await running;
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
    const running = failure(ask(room, fresh, controller.signal));
    await sleep(name.startsWith('preview') ? 0 : 60);
    const began = performance.now();
    controller.abort();
    expect((await running).code).toBe('CANCELLED');
    // A second until it is killed, and what a busy machine takes.
    expect(performance.now() - began).toBeLessThan(3000);
    expect(await leftBehind(room)).toEqual([]);
    expect((await room.tables.preview(fresh)).columns).toHaveLength(4);
  });
});

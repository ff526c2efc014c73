import { mkdtempSync, rmSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { assertRoom, Room } from '#internal/main/transfers/download/room';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sluice-room-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Nobody else writes so much while a test runs. */
const SLACK = 0.05;
async function free(): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

const at = (name: string): string => join(folder, 'not', 'there', 'yet', name);

test('a disk that is too small is foreseen, before any folder is made', async () => {
  const bytes = Math.floor((await free()) * (1 + SLACK)) + 1;
  await expect(assertRoom([{ path: at('a'), bytes }], [])).rejects.toMatchObject({ code: 'DISK_SHORT' });
  await assertRoom([{ path: at('a'), bytes: 1 }], []);
});

test('what others will write to the same disk counts, and so does all that is wanted together', async () => {
  const most = Math.floor((await free()) * (1 - SLACK));
  const half = Math.floor(((await free()) / 2) * (1 + SLACK));
  await assertRoom([{ path: at('a'), bytes: most }], []);
  await expect(
    assertRoom(
      [
        { path: at('a'), bytes: half },
        { path: at('b'), bytes: half },
      ],
      [],
    ),
  ).rejects.toMatchObject({ code: 'DISK_SHORT' });
  await expect(
    assertRoom([{ path: at('a'), bytes: half }], [{ path: at('b'), bytes: half }]),
  ).rejects.toMatchObject({ code: 'DISK_SHORT' });
});

test('two who ask at once do not both get the last of the room; who comes to an end makes way', async () => {
  const room = new Room();
  const most = Math.floor((await free()) * (1 - SLACK));
  let left = most;
  const [first, second] = await Promise.allSettled([
    room.enter('first', at('a'), () => left),
    room.enter('second', at('b'), () => most),
  ]);
  expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
  left = 0;
  await room.enter('second', at('b'), () => most);
  await expect(room.enter('third', at('c'), () => most)).rejects.toMatchObject({ code: 'DISK_SHORT' });
  room.leave('second');
  await room.enter('third', at('c'), () => most);
});

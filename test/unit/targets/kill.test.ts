import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createTargets } from '#main/targets';
import { sqliteDeliveryLog } from './sqlite-log.ts';
import { put, temporaryFolder } from './support.ts';

const child = join(import.meta.dirname, 'child.ts');
const ROWS = 150;
const rows = Array.from({ length: ROWS }, (_, n) => `${n},"text ${n}, with a comma"\n`).join('');

type Args = readonly [folder: string, output: string, target: string];

/** In a process of its own, which ends itself at the moment, or is ended some time after it is ready. */
async function start(args: Args, moment: string, killAfterMs: number | null = null) {
  const running = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', child, ...args, moment], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  running.stdout.resume();
  // Listened for at once: it may end by itself before it is killed.
  const closed = once(running, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  if (killAfterMs !== null) {
    await Promise.race([once(running.stdout, 'data'), closed]);
    await pause(killAfterMs);
    running.kill('SIGKILL');
  }
  const [, signal] = await closed;
  return signal;
}

/** The next start, as in the child. */
async function startHere([folder, output, target]: Args) {
  const log = sqliteDeliveryLog(join(folder, 'log.db'));
  try {
    const targets = createTargets({ log, folder: join(folder, 'spool') });
    await targets.recover();
    const signal = new AbortController().signal;
    return await targets.deliver({ id: 'delivery-1', outputPath: output, targetPath: target, signal });
  } finally {
    log.close();
  }
}

async function scene(before: string | null) {
  const folder = await temporaryFolder();
  const output = await put(folder, 'output.csv', `id,text\n${rows}`);
  const target = before === null ? join(folder, 'new.csv') : await put(folder, 'target.csv', before);
  const head = before === null ? 'id,text\n' : before.endsWith('\n') ? before : `${before}\n`;
  return { folder, target, args: [folder, output, target] as const, wanted: head + rows };
}

const SCENES = [
  ['an existing file', 'id,text\n-1,old\n'],
  ['a file whose last line is open', 'id,text\n-1,old'],
  ['a new file', null],
] as const;
const MOMENTS = [
  'spooled',
  'intended',
  'piece-written:1',
  'piece-written:4',
  'written',
  'synced',
  'done',
] as const;

describe.each(SCENES)('%s', (_name, before) => {
  test.each(MOMENTS)('killed at %s holds each row once after the next start', async (moment) => {
    const { folder, target, args, wanted } = await scene(before);
    expect(await start(args, moment)).toBe('SIGKILL');
    expect(await startHere(args)).toEqual({ rows: ROWS });
    expect(await readFile(target, 'utf8')).toBe(wanted);
    // And again: nothing is added, and nothing was left over.
    expect(await startHere(args)).toEqual({ rows: ROWS });
    expect(await readFile(target, 'utf8')).toBe(wanted);
    expect(await readdir(join(folder, 'spool'))).toEqual([]);
  });
});

test('killed again while it recovers, it still holds each row once', async () => {
  const { target, args, wanted } = await scene('id,text\n-1,old\n');
  for (const moment of [
    'piece-written:3',
    'piece-written:2',
    'piece-written:1',
    'written',
    'synced',
    'done',
  ]) {
    expect(await start(args, moment)).toBe('SIGKILL');
  }
  await startHere(args);
  expect(await readFile(target, 'utf8')).toBe(wanted);
});

test('killed at any moment, it still holds each row once', async () => {
  const delays = Array.from({ length: 8 }, () => Math.random() * 25);
  const { target, args, wanted } = await scene('id,text\n-1,old\n');
  for (const delay of delays) await start(args, 'never', delay);
  await startHere(args);
  expect(await readFile(target, 'utf8'), `delays: ${JSON.stringify(delays)}`).toBe(wanted);
});

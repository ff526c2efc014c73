import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { startEngine } from '../e2e/support/engine.ts';
import { cleanEnvironment, type Bench, type Terms } from './bench.ts';
import { measure } from './measure.ts';
import type { Queued, TakenUp } from './queue-engine.ts';
import { scrollThrough, type Scrolled } from './scroll.ts';
import { median, row, type Row } from './row.ts';

const FOLDERS = 100;

/** What a hundred thousand files in the queue cost: to find and queue them, to take them up, to look at them. */
export const queue: Bench = {
  name: 'queue',
  what: '100,000 files queued, taken up by the next start, and scrolled through in Chromium',
  async run(terms) {
    const files = terms.quick ? 10_000 : 100_000;
    const folder = join(terms.scratch, 'many');
    terms.tell(`queue: writing ${files} small files`);
    await writeMany(folder, files);
    const runs: { readonly queued: Queued; readonly taken: TakenUp }[] = [];
    let data = '';
    for (let round = 0; round < terms.rounds; round += 1) {
      data = await made(join(terms.scratch, `queue-${round}`));
      const queued = await ask<Queued>(terms, 'queue', folder, data);
      if (queued.files !== files) throw new Error(`${queued.files} of ${files} files were queued`);
      const empty = await made(join(terms.scratch, `queue-empty-${round}`));
      runs.push({ queued, taken: await ask<TakenUp>(terms, 'take-up', empty, data) });
      terms.tell(`  round ${round + 1} of ${terms.rounds}: ${queued.seconds.toFixed(2)} s`);
    }
    return [...engineRows(files, runs), scrollRow(files, await scrolled(terms, data))];
  },
};

function engineRows(
  files: number,
  runs: readonly { readonly queued: Queued; readonly taken: TakenUp }[],
): readonly Row[] {
  const of = (pick: (run: (typeof runs)[number]) => number): number => median(runs.map(pick));
  const window = (name: string): number => of(({ taken }) => taken.windows[name] ?? Number.NaN);
  const named = Object.keys(runs[0]?.taken.windows ?? {}).filter((name) => name !== 'as added');
  const what = `queue of ${files.toLocaleString('en-US')}`;
  return [
    row(
      `${what}: found and queued`,
      of(({ queued }) => queued.seconds),
      's',
      null,
    ),
    row(
      `${what}: longest the event loop stood still`,
      of(({ queued }) => queued.blockMs),
      'ms',
      { atMost: 50 },
      { 'at the next start': of(({ taken }) => taken.blockMs) },
    ),
    row(
      `${what}: taken up by the next start`,
      of(({ taken }) => taken.seconds),
      's',
      null,
    ),
    row(
      `${what}: memory`,
      of(({ taken }) => taken.heapMB),
      'MB',
      { atMost: 150 },
      { resident: of(({ taken }) => taken.residentMB) },
    ),
    row(
      `${what}: a window of 100 rows`,
      window('as added'),
      'ms',
      { atMost: 50 },
      Object.fromEntries(named.map((name) => [name, window(name)])),
    ),
  ];
}

function scrollRow(files: number, frames: Scrolled | null): Row {
  return row(
    `queue of ${files.toLocaleString('en-US')}: longest frame of script while scrolling`,
    frames?.longestMs ?? null,
    'ms',
    { atMost: 16 },
    { frames: frames?.frames ?? null, 'longest task': frames?.longestTaskMs ?? null },
  );
}

async function scrolled(terms: Terms, data: string): Promise<Scrolled | null> {
  const path = process.env['SLUICE_CHROMIUM'] ?? '/usr/bin/chromium';
  if (!existsSync(path)) {
    terms.tell('queue: there is no Chromium on this machine; scrolling is not measured');
    return null;
  }
  const engine = await startEngine({ data });
  const browser = await chromium.launch({
    executablePath: path,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
  try {
    return await scrollThrough(browser, engine.address);
  } finally {
    await browser.close();
    await engine.stop();
    engine.sweep();
  }
}

async function ask<T>(terms: Terms, what: 'queue' | 'take-up', from: string, data: string): Promise<T> {
  const { stdout } = await measure({
    program: process.execPath,
    args: [
      '--expose-gc',
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, 'queue-engine.ts'),
      what,
      from,
      data,
    ],
    env: cleanEnvironment(terms.scratch),
    cwd: terms.scratch,
  });
  return JSON.parse(stdout) as T;
}

async function writeMany(folder: string, files: number): Promise<void> {
  for (let index = 0; index < FOLDERS; index += 1) {
    const inner = await made(join(folder, `plant-${index}`));
    const names = Array.from({ length: files / FOLDERS }, (_, number) => `reading-${number}.csv`);
    await Promise.all(names.map((name) => writeFile(join(inner, name), 'a,b\n1,2\n')));
  }
}

async function made(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  return folder;
}

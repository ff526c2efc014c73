import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { scan, sortPatiently, type ScanBatch } from '#main/transfers';
import { DEFAULT_SCAN_RULES, isHiddenName, isSystemName, type ScanRules } from '#shared/domain';
import { onWindows, testUnless, withoutRights } from '../../support/unless.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'sluice-scan-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const NEVER = new AbortController().signal;

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'x');
  }
}

async function found(rules: Partial<ScanRules> = {}, roots = [join(root, 'drop')], signal = NEVER) {
  const batches: ScanBatch[] = [];
  for await (const batch of scan(roots, { ...DEFAULT_SCAN_RULES, ...rules }, signal)) batches.push(batch);
  return {
    files: batches.flatMap(({ files }) => files.map(({ relativePath }) => relativePath)),
    refused: batches.flatMap(({ refused }) =>
      refused.map(({ name, error }) => `${name.slice(root.length + 1)} ${error.code}`),
    ),
    leftOut: batches.at(-1)?.leftOut,
    batches: batches.length,
  };
}

test('keeps the structure, in the order of names, whatever the disk says', async () => {
  write('drop/b/2.csv', 'drop/b/1.csv', 'drop/a.csv', 'drop/c/d/e/deep.csv', 'drop/z.csv', 'single.csv');
  const { files, refused } = await found({}, [join(root, 'drop'), join(root, 'single.csv')]);
  expect(files).toEqual([
    'drop/a.csv',
    'drop/b/1.csv',
    'drop/b/2.csv',
    'drop/c/d/e/deep.csv',
    'drop/z.csv',
    'single.csv',
  ]);
  expect(refused).toEqual([]);
});

test('hidden and system files are taken or left out by choice, and counted', async () => {
  write(
    'drop/a.csv',
    'drop/.env',
    'drop/.git/config',
    'drop/.DS_Store',
    'drop/Thumbs.db',
    'drop/.Trash-1000/files/old.csv',
    'drop/System Volume Information/x',
  );
  const usual = await found();
  expect(usual.files).toEqual(['drop/.env', 'drop/.git/config', 'drop/a.csv']);
  expect(usual.leftOut).toEqual({ hidden: 0, systemFiles: 4, links: 0 });
  const bare = await found({ hidden: false });
  expect(bare.files).toEqual(['drop/a.csv']);
  expect(bare.leftOut).toEqual({ hidden: 2, systemFiles: 4, links: 0 });
  expect((await found({ systemFiles: true })).files).toHaveLength(7);
  // What is named itself is taken, whatever it is called.
  expect((await found({ hidden: false }, [join(root, 'drop/.env')])).files).toEqual(['.env']);
});

test('names are told apart as systems write them', () => {
  expect(['.Trashes', '.trash', 'THUMBS.DB', '$Recycle.Bin', 'lost+found'].every(isSystemName)).toBe(true);
  expect(['trash', '.trashy', 'my desktop.ini.csv', 'thumbs.dbx'].some(isSystemName)).toBe(false);
  expect([isHiddenName('.a'), isHiddenName('a.b')]).toEqual([true, false]);
});

testUnless(onWindows)('links are left out, or followed: round trips and loose ends are listed', async () => {
  write('drop/a/1.csv', 'outside/2.csv');
  symlinkSync(join(root, 'outside'), join(root, 'drop/a/out'));
  symlinkSync(join(root, 'outside/2.csv'), join(root, 'drop/a/two.csv'));
  symlinkSync(join(root, 'drop'), join(root, 'drop/a/round'));
  symlinkSync(join(root, 'nowhere'), join(root, 'drop/a/loose'));
  symlinkSync(join(root, 'drop/a/self'), join(root, 'drop/a/self'));
  symlinkSync(root, join(root, 'outside/up'));
  const left = await found();
  expect(left.files).toEqual(['drop/a/1.csv']);
  expect(left.leftOut?.links).toBe(5);
  const followed = await found({ followLinks: true });
  expect(followed.files).toEqual(['drop/a/1.csv', 'drop/a/out/2.csv', 'drop/a/two.csv']);
  expect(followed.refused).toEqual([
    'drop/a/loose LINK_BROKEN',
    // Up and down again: both ways lead back to a folder that is being walked.
    'drop/a/out/up/drop LINK_CYCLE',
    'drop/a/out/up/outside LINK_CYCLE',
    'drop/a/round LINK_CYCLE',
    'drop/a/self LINK_BROKEN',
  ]);
});

testUnless(withoutRights)('what may not be read is listed, and the rest goes on', async () => {
  write('drop/a.csv', 'drop/locked/b.csv', 'drop/secret.csv', 'drop/z.csv');
  chmodSync(join(root, 'drop/locked'), 0);
  chmodSync(join(root, 'drop/secret.csv'), 0);
  try {
    const { files, refused } = await found();
    expect(files).toEqual(['drop/a.csv', 'drop/z.csv']);
    expect(refused).toEqual(['drop/locked SOURCE_UNREADABLE', 'drop/secret.csv SOURCE_UNREADABLE']);
  } finally {
    chmodSync(join(root, 'drop/locked'), 0o755);
  }
});

testUnless(onWindows)('what is no file to send is listed, and the rest goes on', async () => {
  write('drop/a.csv', 'drop/z.csv');
  writeFileSync(join(root, 'drop/empty.csv'), '');
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'drop/latin-')), Buffer.from([0xe9])]), 'x');
  execFileSync('mkfifo', [join(root, 'drop/pipe')]);
  const { files, refused } = await found();
  expect(files).toEqual(['drop/a.csv', 'drop/z.csv']);
  expect(refused).toEqual([
    'drop/empty.csv SOURCE_EMPTY',
    'drop/latin-\uFFFD SOURCE_NAME_INVALID',
    'drop/pipe SOURCE_NOT_A_FILE',
  ]);
});

test('what vanishes while it is walked is listed, and the rest goes on', async () => {
  write(...Array.from({ length: 40 }, (_, index) => `drop/f${String(index).padStart(2, '0')}/a.csv`));
  write(...Array.from({ length: 600 }, (_, index) => `drop/a/${index}.csv`));
  const seen: string[] = [];
  const refused: string[] = [];
  for await (const batch of scan([join(root, 'drop')], DEFAULT_SCAN_RULES, NEVER)) {
    // More folders than are read ahead are left by then.
    if (seen.length === 0) rmSync(join(root, 'drop/f39'), { recursive: true });
    seen.push(...batch.files.map(({ relativePath }) => relativePath));
    refused.push(...batch.refused.map(({ error }) => error.code));
  }
  expect(seen).toHaveLength(639);
  expect(refused).toEqual(['SOURCE_MISSING']);
});

test('an empty folder, and one that is not there, say so', async () => {
  mkdirSync(join(root, 'drop/inner'), { recursive: true });
  expect((await found()).refused).toEqual(['drop FOLDER_EMPTY']);
  expect((await found({}, [join(root, 'gone')])).refused).toEqual(['gone SOURCE_MISSING']);
});

test('can be cancelled between two batches', async () => {
  write(...Array.from({ length: 600 }, (_, index) => `drop/${index}.csv`));
  const cancel = new AbortController();
  const walking = (async () => {
    for await (const _ of scan([join(root, 'drop')], DEFAULT_SCAN_RULES, cancel.signal))
      cancel.abort('enough');
  })();
  await expect(walking).rejects.toBe('enough');
});

test('many are sorted like few, and in between others have their turn', async () => {
  let seed = 7;
  const values = Array.from({ length: 200_000 }, () => (seed = (seed * 48_271) % 2_147_483_647));
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const sorted = await sortPatiently(values, (a, b) => a - b);
  clearInterval(timer);
  expect(sorted).toEqual(values.toSorted((a, b) => a - b));
  expect(turns).toBeGreaterThan(0);
  expect(await sortPatiently([], () => 0)).toEqual([]);
});

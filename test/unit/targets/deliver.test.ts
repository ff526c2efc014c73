import {
  appendFile,
  chmod,
  link,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createTargets, memoryDeliveryLog, type Checkpoint, type DeliveryLog } from '#main/targets';
import { sqliteDeliveryLog } from './sqlite-log.ts';
import { put, temporaryFolder } from './support.ts';
import { testUnless, withoutRights } from '../../support/unless.ts';

const never = new AbortController().signal;

async function scene(
  options: { checkpoint?: (point: Checkpoint) => Promise<void> | void; log?: DeliveryLog } = {},
) {
  const folder = await temporaryFolder();
  const log = options.log ?? memoryDeliveryLog();
  const targets = createTargets({
    log,
    folder: join(folder, 'spool'),
    pieceBytes: 64,
    ...(options.checkpoint === undefined ? {} : { checkpoint: options.checkpoint }),
  });
  let count = 0;
  const deliver = async (output: string, targetPath: string, id = `d${(count += 1)}`, signal = never) => {
    const outputPath = await put(folder, `${id}.out.csv`, output);
    return targets.deliver({ id, outputPath, targetPath, signal });
  };
  return { folder, log, targets, deliver, spooled: () => readdir(join(folder, 'spool')) };
}

describe('rows', () => {
  test('are added to a new file, with their names', async () => {
    const { folder, deliver, spooled } = await scene();
    const target = join(folder, 'new.csv');
    expect(await deliver('a,b\n1,"x, y"\n', target)).toEqual({ rows: 1 });
    expect(await deliver('a,b\n2,z\n', target)).toEqual({ rows: 1 });
    expect(await readFile(target, 'utf8')).toBe('a,b\n1,"x, y"\n2,z\n');
    expect(await spooled()).toEqual([]);
  });

  test.each([
    ['semicolons and CRLF', 'a;b\r\n0;"q;"\r\n', 'a;b\r\n0;"q;"\r\n1;"x;""y"""\r\n'],
    ['tabs', 'a\tb\n', 'a\tb\n1\t"x;""y"""\n'],
    ['single quotes', "'a','b'\n", "'a','b'\n1,x;\"y\"\n"],
    ['an open last line', 'a,b\n0,0', 'a,b\n0,0\n1,"x;""y"""\n'],
    ['an open last line and CRLF', 'a,b\r\n0,0', 'a,b\r\n0,0\r\n1,"x;""y"""\r\n'],
    ['a byte order mark', '\ufeffa,b\n', '\ufeffa,b\n1,"x;""y"""\n'],
    ['nothing but a byte order mark', '\ufeff', '\ufeffa,b\n1,"x;""y"""\n'],
    ['nothing', '', 'a,b\n1,"x;""y"""\n'],
    ['another order', 'b,a\n', 'b,a\n"x;""y""",1\n'],
  ])('follow a target with %s', async (_name, before, after) => {
    const { folder, deliver } = await scene();
    const target = await put(folder, 'target.csv', before);
    await deliver('a,b\n1,"x;""y"""\n', target);
    expect(await readFile(target, 'utf8')).toBe(after);
  });

  test('that are none leave the target as it is', async () => {
    const { folder, deliver } = await scene();
    const target = await put(folder, 'target.csv', 'a,b\n0,0');
    expect(await deliver('a,b\n', target)).toEqual({ rows: 0 });
    expect(await readFile(target, 'utf8')).toBe('a,b\n0,0');
  });

  test('keep line ends, quotes, empty texts and emoji', async () => {
    const { folder, deliver } = await scene();
    const target = await put(folder, 'target.csv', 'a;b\n');
    await deliver('a,b\n"1\r\n2",""\n😀,\n', target);
    expect(await readFile(target, 'utf8')).toBe('a;b\n"1\r\n2";""\n😀;\n');
  });

  test('are the same through a link', async () => {
    const { folder, deliver } = await scene();
    const target = await put(folder, 'target.csv', 'a\n');
    await symlink(target, join(folder, 'link.csv'));
    await Promise.all([deliver('a\n1\n', target), deliver('a\n2\n', join(folder, 'link.csv'))]);
    expect((await readFile(target, 'utf8')).split('\n').sort()).toEqual(['', '1', '2', 'a']);
  });
});

describe('exactly once', () => {
  test('the same delivery adds nothing the second time, even to a target that grew', async () => {
    const { folder, deliver } = await scene();
    const target = join(folder, 'target.csv');
    await deliver('a\n1\n', target, 'same');
    await deliver('a\n2\n', target, 'other');
    expect(await deliver('a\n1\n', target, 'same')).toEqual({ rows: 1 });
    expect(await readFile(target, 'utf8')).toBe('a\n1\n2\n');
  });

  test('twenty at once to one target end up whole, one after the other', async () => {
    const { folder, deliver } = await scene();
    const target = join(folder, 'target.csv');
    const numbers = Array.from({ length: 20 }, (_, n) => String(n));
    await Promise.all(numbers.map((n) => deliver(`a\n${n}\n${n}\n`, target)));
    const lines = (await readFile(target, 'utf8')).trim().split('\n').slice(1);
    expect(lines.sort()).toEqual([...numbers, ...numbers].sort());
  });
});

describe('cancelling', () => {
  test.each(['spooled', 'intended', 'piece-written'] as const)(
    'at %s leaves the target as it was',
    async (moment) => {
      const controller = new AbortController();
      const { folder, deliver, log, spooled } = await scene({
        checkpoint: (point) => {
          if (point === moment) controller.abort();
        },
      });
      const rows = Array.from({ length: 50 }, (_, n) => `${n}\n`).join('');
      const target = await put(folder, 'target.csv', 'a\n0');
      const fresh = join(folder, 'fresh.csv');
      const cancelled = expect.objectContaining({ code: 'CANCELLED' }) as Error;
      await expect(deliver(`a\n${rows}`, target, 'x', controller.signal)).rejects.toEqual(cancelled);
      expect(await readFile(target, 'utf8')).toBe('a\n0');
      await expect(deliver(`a\n${rows}`, fresh, 'y', controller.signal)).rejects.toEqual(cancelled);
      await expect(stat(fresh)).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await log.pending()).toEqual([]);
      expect(await spooled()).toEqual([]);
      // It may be made again.
      await deliver(`a\n${rows}`, target, 'x');
      expect(await readFile(target, 'utf8')).toBe(`a\n0\n${rows}`);
    },
  );
});

describe('another program', () => {
  const rows = Array.from({ length: 50 }, (_, n) => `${n}\n`).join('');

  test.each([
    ['adds a line', (path: string) => appendFile(path, 'theirs\n')],
    ['cuts the file', (path: string) => truncate(path, 1)],
    ['saves it anew', (path: string) => writeFile(path, 'a\n9\n')],
    ['removes it', (path: string) => rm(path)],
  ])('that %s just before is noticed, and nothing is written', async (_name, change) => {
    const state = { target: '' };
    const { folder, deliver, log } = await scene({
      checkpoint: async (point) => {
        if (point === 'intended') await change(state.target);
      },
    });
    state.target = await put(folder, 'target.csv', 'a\n0\n');
    await expect(deliver(`a\n${rows}`, state.target)).rejects.toMatchObject({ code: 'TARGET_CHANGED' });
    const after = await readFile(state.target, 'utf8').catch(() => 'gone');
    expect(after).not.toContain('49');
    expect(await log.pending()).toEqual([]);
  });

  test('that adds lines behind finished rows changes nothing about them', async () => {
    const state = { target: '', failed: false };
    const { folder, deliver, targets } = await scene({
      checkpoint: async (point) => {
        if (point !== 'written' || state.failed) return;
        state.failed = true;
        await appendFile(state.target, 'theirs\n');
        throw new Error('and then it failed');
      },
    });
    state.target = await put(folder, 'target.csv', 'a\n0\n');
    expect(await deliver(`a\n${rows}`, state.target)).toEqual({ rows: 50 });
    expect(await targets.recover()).toEqual([]);
    expect(await readFile(state.target, 'utf8')).toBe(`a\n0\n${rows}theirs\n`);
  });
});

describe('recovery', () => {
  const rows = Array.from({ length: 50 }, (_, n) => `${n}\n`).join('');

  /** A delivery that stopped at a moment as if the process had ended there. */
  async function interrupted(moment: Checkpoint) {
    const folder = await temporaryFolder();
    const target = await put(folder, 'target.csv', 'a\n0\n');
    const outputPath = await put(folder, 'out.csv', `a\n${rows}`);
    const log = sqliteDeliveryLog(join(folder, 'log.db'));
    const options = { log, folder: join(folder, 'spool'), pieceBytes: 64 };
    const reached = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    const stuck = createTargets({
      ...options,
      checkpoint: (point) => {
        if (point !== moment) return undefined;
        reached.resolve();
        return ended.promise;
      },
    });
    const delivery = stuck.deliver({ id: 'd', outputPath, targetPath: target, signal: never });
    delivery.catch(() => undefined);
    onTestFinished(async () => {
      ended.reject(new Error('the test is over'));
      await delivery.catch(() => undefined);
      log.close();
    });
    await reached.promise;
    return { folder, target, log, targets: createTargets(options) };
  }

  test('writes again what a power cut left as zeros', async () => {
    const { target, targets } = await interrupted('piece-written');
    await truncate(target, 5 + 20);
    await truncate(target, 5 + 64);
    expect(await targets.recover()).toEqual([{ id: 'd', kind: 'done', rows: 50 }]);
    expect(await readFile(target, 'utf8')).toBe(`a\n0\n${rows}`);
  });

  test('knows rows that are there, with lines of others behind them', async () => {
    const { target, targets } = await interrupted('synced');
    await appendFile(target, 'theirs\n');
    expect(await targets.recover()).toEqual([{ id: 'd', kind: 'done', rows: 50 }]);
    expect(await readFile(target, 'utf8')).toBe(`a\n0\n${rows}theirs\n`);
  });

  test.each([
    ['changed what was before', (path: string) => writeFile(path, `a\n1\n${rows.slice(0, 64)}`)],
    ['wrote into the rows', (path: string) => writeFile(path, `a\n0\n${rows.slice(0, 30)}XX`)],
    ['made it shorter', (path: string) => truncate(path, 3)],
    ['removed it', (path: string) => rm(path)],
  ])('leaves a target alone where somebody %s', async (_name, change) => {
    const { target, targets, log } = await interrupted('piece-written');
    await change(target);
    const before = await readFile(target, 'utf8').catch(() => 'gone');
    expect(await targets.recover()).toMatchObject([
      { id: 'd', kind: 'failed', error: { code: 'TARGET_CHANGED' } },
    ]);
    expect(await readFile(target, 'utf8').catch(() => 'gone')).toBe(before);
    expect(log.pending()).toEqual([]);
  });

  test('waits for a drive that is not there', async () => {
    const { folder, target, targets, log } = await interrupted('piece-written');
    const drive = join(folder, 'drive');
    const [intent] = await log.pending();
    const moved = { ...intent!, target: join(drive, 'target.csv') };
    await log.withdraw('d');
    await log.intent(moved);
    expect(await targets.recover()).toMatchObject([{ id: 'd', kind: 'waiting' }]);
    await mkdir(drive);
    await link(target, moved.target);
    expect(await targets.recover()).toEqual([{ id: 'd', kind: 'done', rows: 50 }]);
    expect(await readFile(target, 'utf8')).toBe(`a\n0\n${rows}`);
  });

  test('comes first, before anything else is added to the same target', async () => {
    const { folder, target, targets } = await interrupted('piece-written');
    const outputPath = await put(folder, 'next.csv', 'a\nnext\n');
    await targets.deliver({ id: 'next', outputPath, targetPath: target, signal: never });
    expect(await readFile(target, 'utf8')).toBe(`a\n0\n${rows}next\n`);
  });

  test('takes away what was never begun', async () => {
    const { folder, target, targets } = await interrupted('spooled');
    expect(await readdir(join(folder, 'spool'))).toHaveLength(1);
    expect(await targets.recover()).toEqual([]);
    expect(await readdir(join(folder, 'spool'))).toEqual([]);
    expect(await readFile(target, 'utf8')).toBe('a\n0\n');
  });
});

describe('what cannot be done is said', () => {
  test.each([
    ['other columns', 'a,c\n', 'TARGET_COLUMNS_DIFFER'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'TARGET_UNSUPPORTED'],
    ['a workbook', new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]), 'TARGET_UNSUPPORTED'],
  ])('a target with %s', async (_name, content, code) => {
    const { folder, deliver, spooled } = await scene();
    const target = await put(folder, 'target.csv', content);
    const before = await readFile(target);
    await expect(deliver('a,b\n1,2\n', target)).rejects.toMatchObject({ code });
    expect((await readFile(target)).equals(before)).toBe(true);
    expect(await spooled()).toEqual([]);
  });

  test('a folder, a missing folder, a missing output, a ragged output', async () => {
    const { folder, deliver, targets } = await scene();
    await expect(deliver('a\n1\n', folder)).rejects.toMatchObject({ code: 'SOURCE_IS_FOLDER' });
    await expect(deliver('a\n1\n', join(folder, 'no', 'x.csv'))).rejects.toMatchObject({
      code: 'FILE_ERROR',
    });
    const gone = {
      id: 'g',
      outputPath: join(folder, 'gone.csv'),
      targetPath: join(folder, 't.csv'),
      signal: never,
    };
    await expect(targets.deliver(gone)).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    await expect(deliver('a,b\n1\n', join(folder, 't.csv'))).rejects.toMatchObject({
      code: 'TABLE_UNREADABLE',
    });
    await expect(deliver('', join(folder, 't.csv'))).rejects.toMatchObject({ code: 'SOURCE_EMPTY' });
    await expect(stat(join(folder, 't.csv'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  testUnless(withoutRights)('no right to write', async () => {
    const { folder, deliver } = await scene();
    const target = await put(folder, 'target.csv', 'a\n');
    await chmod(target, 0o400);
    await expect(deliver('a\n1\n', target)).rejects.toMatchObject({ code: 'TARGET_UNWRITABLE' });
  });
});

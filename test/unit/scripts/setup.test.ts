import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { setUp } from '../../../scripts/lib/setup.mjs';
import { fakeNpm, olderHost, temporaryFolder, WORKING_NPM, write } from './support.ts';

/** A build that makes every product, and counts how often it was made. */
const BUILDER = `
  import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
  for (const folder of ['main', 'preload', 'renderer']) mkdirSync('out/' + folder, { recursive: true });
  for (const file of ['main/electron.js', 'main/cli.js', 'main/tables-process.js', 'preload/preload.cjs', 'renderer/index.html'])
    writeFileSync('out/' + file, '');
  appendFileSync('builds', 'x');`;

/** A clone with a lockfile, sources and an npm whose \`ci\` brings the given builder. */
function clone(builder = BUILDER, npm = WORKING_NPM) {
  const root = temporaryFolder();
  write(join(root, 'package-lock.json'), '{}');
  write(join(root, 'package.json'), '{}');
  write(join(root, 'main', 'engine.ts'), 'export {};');
  write(join(root, 'builder.mjs'), builder);
  const bring = `${npm}
    if (args[0] === 'ci') {
      const folder = 'node_modules/electron-vite/bin';
      fs.rmSync('node_modules', { recursive: true, force: true });
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync('node_modules/electron-vite/package.json', '{"type":"module"}');
      fs.copyFileSync('builder.mjs', folder + '/electron-vite.js');
    }`;
  const host = olderHost(fakeNpm(root, '11.0.0', bring), { nodeVersion: '24.21.0' });
  const ciCalls = (): number =>
    existsSync(join(root, 'npm', 'calls.jsonl'))
      ? readFileSync(join(root, 'npm', 'calls.jsonl'), 'utf8')
          .split('\n')
          .filter((line) => line.startsWith('["ci"')).length
      : 0;
  const builds = (): number =>
    existsSync(join(root, 'builds')) ? readFileSync(join(root, 'builds'), 'utf8').length : 0;
  return { root, host, ciCalls, builds };
}

describe('setting up', () => {
  it('installs and builds once, then does nothing', async () => {
    const { root, host, ciCalls, builds } = clone();
    await setUp({ build: true, root, host });
    await setUp({ build: true, root, host });
    expect([ciCalls(), builds()]).toEqual([1, 1]);
  });

  it('installs again when the lockfile or the platform changed', async () => {
    const { root, host, ciCalls } = clone();
    await setUp({ build: false, root, host });
    write(join(root, 'package-lock.json'), '{"a":1}');
    await setUp({ build: false, root, host });
    await setUp({ build: false, root, host: { ...host, arch: 'arm64' } });
    expect(ciCalls()).toBe(3);
  });

  it('finishes an install that was interrupted', async () => {
    const { root, host, ciCalls } = clone();
    await setUp({ build: false, root, host });
    // What a killed npm ci leaves: a folder, and no stamp.
    rmSync(join(root, 'node_modules', '.sluice-setup.json'));
    await setUp({ build: false, root, host });
    expect(ciCalls()).toBe(2);
  });

  it('leaves no stamp where the install failed, and the next run tries again', async () => {
    const { root, host } = clone();
    await setUp({ build: false, root, host });
    write(join(root, 'package-lock.json'), '{"a":1}');
    const failing = {
      ...host,
      env: { ...host.env, npm_execpath: fakeNpm(temporaryFolder(), '11.0.0', 'process.exit(1);') },
    };
    await expect(setUp({ build: false, root, host: failing })).rejects.toMatchObject({ name: 'PlainError' });
    expect(existsSync(join(root, 'node_modules', '.sluice-setup.json'))).toBe(false);
    await setUp({ build: false, root, host });
    expect(existsSync(join(root, 'node_modules', '.sluice-setup.json'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('never installs through a linked node_modules', async () => {
    const { root, host, ciCalls } = clone();
    const elsewhere = temporaryFolder();
    mkdirSync(join(elsewhere, 'kept'));
    symlinkSync(elsewhere, join(root, 'node_modules'));
    await setUp({ build: false, root, host });
    expect(ciCalls()).toBe(0);
    expect(existsSync(join(elsewhere, 'kept'))).toBe(true);
  });
});

describe('building', () => {
  it('builds again when a source changed, came or went, or a product is missing', async () => {
    const { root, host, builds } = clone();
    const go = async (): Promise<number> => {
      await setUp({ build: true, root, host });
      return builds();
    };
    expect(await go()).toBe(1);
    writeFileSync(join(root, 'main', 'engine.ts'), 'export const a = 1;');
    expect(await go()).toBe(2);
    write(join(root, 'shared', 'new.ts'), '');
    expect(await go()).toBe(3);
    rmSync(join(root, 'shared', 'new.ts'));
    expect(await go()).toBe(4);
    rmSync(join(root, 'out', 'main', 'cli.js'));
    expect(await go()).toBe(5);
  });

  it('does not build for a new time on the same content', async () => {
    const { root, host, builds } = clone();
    await setUp({ build: true, root, host });
    utimesSync(join(root, 'main', 'engine.ts'), new Date(), new Date(Date.now() + 60_000));
    await setUp({ build: true, root, host });
    expect(builds()).toBe(1);
  });

  it('shows what a failed build said, and builds again the next time', async () => {
    const { root, host } = clone(`console.error('broken at line 3'); process.exit(2);`);
    await expect(setUp({ build: true, root, host })).rejects.toThrow(/The build failed[^]*broken at line 3/);
    expect(existsSync(join(root, 'out', '.sluice-build.json'))).toBe(false);
    write(join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js'), BUILDER);
    await setUp({ build: true, root, host });
  });
});

describe('two at once', () => {
  it('does the work once', async () => {
    const { root, host, ciCalls, builds } = clone();
    await Promise.all([setUp({ build: true, root, host }), setUp({ build: true, root, host })]);
    expect([ciCalls(), builds()]).toEqual([1, 1]);
  });

  it('takes over the lock of a process that is gone', async () => {
    const { root, host, ciCalls } = clone();
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.once('exit', resolve));
    write(join(root, '.toolchain', 'lock'), String(gone.pid));
    await setUp({ build: false, root, host });
    expect(ciCalls()).toBe(1);
    expect(existsSync(join(root, '.toolchain', 'lock'))).toBe(false);
  });

  it('waits for the npm of a set-up that was killed', async () => {
    const { root, host, ciCalls } = clone();
    const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 700)']);
    const ended = new Promise<void>((resolve) => orphan.once('exit', () => resolve()));
    const gone = spawn(process.execPath, ['-e', '']);
    await new Promise((resolve) => gone.once('exit', resolve));
    write(join(root, '.toolchain', 'lock'), `${gone.pid} ${orphan.pid}`);
    let orphanEnded = false;
    void ended.then(() => (orphanEnded = true));
    await setUp({ build: false, root, host });
    expect(orphanEnded).toBe(true);
    expect(ciCalls()).toBe(1);
  });
});

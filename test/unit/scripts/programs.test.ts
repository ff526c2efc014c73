import { chmodSync, mkdirSync, readFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../../scripts/lib/children.mjs';
import { candidates } from '../../../scripts/lib/chromium.mjs';
import {
  electronFlags,
  electronProgram,
  hasDisplay,
  obtainElectron,
} from '../../../scripts/lib/electron.mjs';
import { endLeftovers, MARK } from '../../../scripts/lib/leftovers.mjs';
import { temporaryFolder, write } from './support.ts';

/** A clone with an electron package whose installer is the given script. */
function cloneWithElectron(installer: string) {
  const root = temporaryFolder();
  const folder = join(root, 'node_modules', 'electron');
  write(join(folder, 'package.json'), JSON.stringify({ version: '45.4.1' }));
  write(
    join(folder, 'install.js'),
    `require('node:fs').appendFileSync(__dirname + '/tries', 'x');${installer}`,
  );
  const tries = (): number =>
    existsSync(join(folder, 'tries')) ? readFileSync(join(folder, 'tries'), 'utf8').length : 0;
  return { ready: { root, node: process.execPath, env: {} }, folder, tries };
}

const INSTALL = `
  const fs = require('node:fs');
  fs.mkdirSync(__dirname + '/dist', { recursive: true });
  fs.writeFileSync(__dirname + '/dist/version', '45.4.1');
  fs.writeFileSync(__dirname + '/dist/electron', '');
  fs.writeFileSync(__dirname + '/path.txt', 'electron');`;

describe.runIf(process.platform === 'linux')('Electron’s program', () => {
  it('is here only where its installer finished', async () => {
    const { ready, folder } = cloneWithElectron('');
    write(join(folder, 'dist', 'electron'), '');
    write(join(folder, 'dist', 'version'), 'v45.4.1');
    expect(electronProgram(ready.root, {}, 'linux')).toBeNull();
    write(join(folder, 'path.txt'), 'electron');
    expect(electronProgram(ready.root, {}, 'linux')).toBe(join(folder, 'dist', 'electron'));
    write(join(folder, 'dist', 'version'), '44.0.0');
    expect(electronProgram(ready.root, {}, 'linux')).toBeNull();
  });

  it('can be kept elsewhere', () => {
    const elsewhere = temporaryFolder();
    const env = { ELECTRON_OVERRIDE_DIST_PATH: elsewhere };
    expect(electronProgram('/nowhere', env, 'linux')).toBeNull();
    const program = write(join(elsewhere, 'electron'), '');
    expect(electronProgram('/nowhere', env, 'linux')).toBe(program);
  });

  it('is fetched where it is missing', async () => {
    const { ready, folder, tries } = cloneWithElectron(INSTALL);
    expect(await obtainElectron(ready, { insist: false })).toBe(join(folder, 'dist', 'electron'));
    await obtainElectron(ready, { insist: false });
    expect(tries()).toBe(1);
  });

  it('remembers a failed fetch for a day, unless asked to insist', async () => {
    const { ready, tries } = cloneWithElectron('process.exit(1)');
    const now = Date.parse('2026-05-01T12:00:00Z');
    expect(await obtainElectron(ready, { insist: false, now })).toBeNull();
    expect(await obtainElectron(ready, { insist: false, now: now + 3_600_000 })).toBeNull();
    expect(tries()).toBe(1);
    await obtainElectron(ready, { insist: true, now: now + 3_600_000 });
    expect(tries()).toBe(2);
    await obtainElectron(ready, { insist: false, now: now + 26 * 3_600_000 });
    expect(tries()).toBe(3);
  });

  it('is given up on when the fetch takes too long', async () => {
    const { ready } = cloneWithElectron('setInterval(() => {}, 1000)');
    expect(await obtainElectron(ready, { insist: false, limitMs: 300 })).toBeNull();
  });

  it('needs a display on Linux only, and no sandbox as root', () => {
    expect(hasDisplay({}, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: '' }, 'linux')).toBe(false);
    expect(hasDisplay({ DISPLAY: ':0' }, 'linux')).toBe(true);
    expect(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux')).toBe(true);
    expect(hasDisplay({}, 'darwin')).toBe(true);
    expect(electronFlags(true)).toEqual(['--no-sandbox']);
    expect(electronFlags(false)).toEqual([]);
  });
});

it('looks for Chromium where it was told to first, then on the path, then where systems put it', () => {
  const folder = join('/', 'opt', 'bin');
  const all = candidates({ SLUICE_CHROMIUM: 'mine', CHROME_PATH: '', PATH: folder }, 'linux');
  expect(all[0]).toBe('mine');
  expect(all[1]).toBe(join(folder, 'chromium'));
  expect(all).toContain('/opt/google/chrome/chrome');
  expect(candidates({ HOME: '/Users/a' }, 'darwin')).toContain(
    join('/Applications', 'Google Chrome.app/Contents/MacOS/Google Chrome'),
  );
});

describe.runIf(process.platform === 'linux')('child processes', () => {
  it('keeps the exit code, and says which signal ended one', async () => {
    expect((await run(process.execPath, ['-e', 'process.exit(7)'], { io: 'capture' })).code).toBe(7);
    const killed = await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGKILL")'], {
      io: 'capture',
    });
    expect(killed).toMatchObject({ code: 137, signal: 'SIGKILL' });
    expect((await run('/no/such/program', [], { io: 'capture' })).code).toBe(127);
  });

  it('ends the whole group of one that is out of time', async () => {
    const folder = temporaryFolder();
    const inner = join(folder, 'pid');
    const script = `
      const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      require('node:fs').writeFileSync(${JSON.stringify(inner)}, String(child.pid));
      setInterval(() => {}, 1000);`;
    const ended = await run(process.execPath, ['-e', script], { io: 'capture', timeoutMs: 1500 });
    expect(ended.timedOut).toBe(true);
    const pid = Number(readFileSync(inner, 'utf8'));
    await expect.poll(() => alive(pid)).toBe(false);
  });

  it('passes Ctrl-C on and leaves with the child’s exit code', async () => {
    const folder = temporaryFolder();
    const lib = join(import.meta.dirname, '../../../scripts/lib/children.mjs');
    const child = `process.on('SIGINT', () => process.exit(42)); console.log('up'); setInterval(() => {}, 1000);`;
    const wrapper = write(
      join(folder, 'wrapper.mjs'),
      `import { run } from ${JSON.stringify(lib)};
       setTimeout(() => process.kill(process.pid, 'SIGINT'), 700);
       process.exitCode = (await run(process.execPath, ['-e', ${JSON.stringify(child)}])).code;`,
    );
    expect((await run(process.execPath, [wrapper], { io: 'capture' })).code).toBe(42);
  });

  it('finds and ends what a suite left behind', async () => {
    const mark = `unit-${process.pid}-${performance.now()}`;
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    const sleeper = write(join(folder, 'sleeper.sh'), '#!/bin/sh\nexec sleep 60\n');
    chmodSync(sleeper, 0o755);
    const script = `require('node:child_process').spawn(${JSON.stringify(sleeper)}, { detached: true, stdio: 'ignore' }).unref();`;
    await run(process.execPath, ['-e', script], { io: 'capture', env: { ...process.env, [MARK]: mark } });
    const left = await endLeftovers(mark, 200);
    expect(left).toHaveLength(1);
    expect(left[0]).toMatch(/sleep/);
    expect(await endLeftovers(mark, 0)).toEqual([]);
  });
});

/** A zombie that its parent has yet to reap is ended too. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

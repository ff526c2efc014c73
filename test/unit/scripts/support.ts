import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, onTestFinished, vi } from 'vitest';
import type { Host } from '../../../scripts/lib/npm.mjs';

// The scripts tell how far they are on stderr; a test run needs none of it.
beforeEach(() => {
  const spy = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  onTestFinished(() => spy.mockRestore());
});

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-scripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function write(path: string, content: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/**
 * An npm of the test's own: its calls are written to `calls.jsonl`, and what it does comes from `body`, a piece of
 * CommonJS that has `args`, `fs`, `path` and `npmFolder`.
 */
export function fakeNpm(folder: string, version: string, body: string): string {
  write(join(folder, 'npm', 'package.json'), JSON.stringify({ name: 'npm', version }));
  return write(
    join(folder, 'npm', 'bin', 'npm-cli.js'),
    `const fs = require('node:fs');
     const path = require('node:path');
     const args = process.argv.slice(2);
     const npmFolder = path.dirname(__dirname);
     fs.appendFileSync(path.join(npmFolder, 'calls.jsonl'), JSON.stringify(args) + '\\n');
     ${body}`,
  );
}

/** Installs a package whose program is this Node, as the real packages have it, and answers `ci` with a file. */
export const WORKING_NPM = `
  if (args[0] === 'install') {
    const prefix = args[args.indexOf('--prefix') + 1];
    const [name, version] = args.find((arg) => /^[a-z0-9-]+@[0-9]/.test(arg)).split('@');
    const folder = path.join(prefix, 'node_modules', name);
    fs.mkdirSync(path.join(folder, 'bin'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version }));
    if (name === 'npm') fs.copyFileSync(__filename, path.join(folder, 'bin', 'npm-cli.js'));
    else fs.symlinkSync(process.execPath, path.join(folder, 'bin', 'node'));
  } else if (args[0] === 'ci') {
    fs.mkdirSync('node_modules', { recursive: true });
    fs.writeFileSync('node_modules/installed', process.env.PATH);
  }`;

/** A machine whose own Node is 20. */
export function olderHost(npmCli: string, over: Partial<Host> = {}): Host {
  return {
    platform: 'linux',
    arch: 'x64',
    nodeVersion: '20.20.2',
    execPath: process.execPath,
    env: { ...process.env, npm_execpath: npmCli },
    ...over,
  };
}

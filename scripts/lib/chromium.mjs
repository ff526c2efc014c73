// A real Chromium for the end-to-end suite: the machine's own, else Playwright's, else Debian's.
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { run } from './children.mjs';
import { say } from './say.mjs';

/** @typedef {import('./setup.mjs').Ready} Ready */

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 * @returns {readonly string[]} programs that may be a Chromium, best first
 */
export function candidates(env, platform) {
  const named = [env['SLUICE_CHROMIUM'], env['CHROME_PATH']].filter(
    (path) => path !== undefined && path !== '',
  );
  const onPath = (env['PATH'] ?? env['Path'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, platform === 'win32' ? `${name}.exe` : name)));
  return [.../** @type {string[]} */ (named), ...onPath, ...standardPlaces(env, platform)];
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 */
function standardPlaces(env, platform) {
  if (platform === 'darwin') {
    return ['Google Chrome', 'Chromium'].flatMap((app) =>
      ['/Applications', join(env['HOME'] ?? '/', 'Applications')].map(
        (folder) => `${folder}/${app}.app/Contents/MacOS/${app}`,
      ),
    );
  }
  if (platform === 'win32') {
    return ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((name) =>
      env[name] === undefined ? [] : [join(env[name], 'Google', 'Chrome', 'Application', 'chrome.exe')],
    );
  }
  return ['/usr/lib/chromium/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'];
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** @param {string} path @returns {Promise<boolean>} whether it starts: a name on the path may be a stub, or lack libraries */
async function starts(path) {
  // On Windows, Chrome does not answer --version but opens a window.
  if (process.platform === 'win32') return true;
  const answer = await run(path, ['--version'], { io: 'capture', timeoutMs: 30_000 });
  return answer.code === 0 && /chrom/i.test(answer.output);
}

/** @param {readonly string[]} paths */
async function firstThatStarts(paths) {
  for (const path of paths) if (isProgram(path) && (await starts(path))) return path;
  return null;
}

/**
 * @param {Ready} ready
 * @returns {Promise<{ path: string } | { reason: string }>}
 */
export async function obtainChromium(ready) {
  const here = await firstThatStarts(candidates(ready.env, process.platform));
  if (here !== null) return { path: here };
  const playwright = await playwrightsOwn(ready);
  if (playwright !== null) return { path: playwright };
  const debian = await debians(ready);
  if (debian !== null) return { path: debian };
  return {
    reason:
      'no Chromium was found and none could be installed; install Chromium or Chrome, or name one in CHROME_PATH',
  };
}

/** @param {Ready} ready */
async function playwrightsOwn({ root, node, env }) {
  const ask = "process.stdout.write(require('playwright-core').chromium.executablePath())";
  const where = async () => (await run(node, ['-e', ask], { cwd: root, env, io: 'capture' })).output.trim();
  const before = await firstThatStarts([await where()]);
  if (before !== null) return before;
  say('No Chromium on this machine; fetching the one Playwright has …');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  await run(node, [cli, 'install', 'chromium'], {
    cwd: root,
    env: { ...env, PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000' },
    io: 'capture',
    timeoutMs: 240_000,
  });
  return firstThatStarts([await where()]);
}

/** @param {Ready} ready */
async function debians({ env }) {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return null;
  const apt = await firstProgram(env, 'apt-get');
  if (apt === null) return null;
  say("Installing Debian's Chromium …");
  const options = {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive' },
    io: /** @type {const} */ ('capture'),
    timeoutMs: 300_000,
  };
  await run(apt, ['update', '-q'], options);
  await run(apt, ['install', '-y', '-q', '--no-install-recommends', 'chromium'], options);
  return firstThatStarts(candidates(env, process.platform));
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 */
async function firstProgram(env, name) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

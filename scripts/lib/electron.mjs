// Electron's own program: whether it is here, whether it could show a window, and fetching it, which needs more than
// the npm registry and so may fail.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { exitCodeOf, interruptedBy, run } from './children.mjs';
import { packageVersion } from './npm.mjs';
import { PlainError, say } from './say.mjs';
import { readStamp, removeStamp, writeStamp } from './stamps.mjs';
import { toolchainFolder } from './toolchain.mjs';

const FETCH_LIMIT_MS = 60_000;
const RETRY_AFTER_MS = 24 * 3_600_000;

const PROGRAM = /** @type {Readonly<Record<string, string>>} */ ({
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
});

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 * @returns {string | null} Electron's program, where it is whole
 */
export function electronProgram(root, env = process.env, platform = process.platform) {
  const program = PROGRAM[platform] ?? 'electron';
  const elsewhere = env['ELECTRON_OVERRIDE_DIST_PATH'];
  if (elsewhere !== undefined && elsewhere !== '') {
    const path = join(elsewhere, program);
    return existsSync(path) ? path : null;
  }
  const folder = join(root, 'node_modules', 'electron');
  // path.txt is what Electron's installer writes last.
  if (text(join(folder, 'path.txt')) !== program) return null;
  if (text(join(folder, 'dist', 'version')).replace(/^v/, '') !== packageVersion(folder)) return null;
  const path = join(folder, 'dist', program);
  return existsSync(path) ? path : null;
}

/** @param {string} path */
function text(path) {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return '';
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} platform
 */
export function hasDisplay(env = process.env, platform = process.platform) {
  if (platform === 'darwin' || platform === 'win32') return true;
  return Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
}

/**
 * Electron's program, fetched where it is not here yet. A try that failed is not made again for a day unless `insist`.
 * @param {import('./setup.mjs').Ready} ready
 * @param {{ insist: boolean, now?: number, limitMs?: number }} how
 * @returns {Promise<string | null>} null where it cannot be had
 */
export async function obtainElectron(
  { root, node, env },
  { insist, now = Date.now(), limitMs = FETCH_LIMIT_MS },
) {
  const here = electronProgram(root, env);
  if (here !== null) return here;
  const folder = join(root, 'node_modules', 'electron');
  const version = packageVersion(folder);
  const stamp = join(toolchainFolder(root), 'electron-fetch.json');
  const last = readStamp(stamp);
  const recent =
    last !== null && last['version'] === version && now - Number(last['failedAt']) < RETRY_AFTER_MS;
  if (recent && !insist) return null;

  say(`Fetching Electron ${version} (at most ${limitMs / 1000} s) …`);
  const ended = await run(node, [join(folder, 'install.js')], {
    cwd: root,
    env,
    io: 'capture',
    timeoutMs: limitMs,
  });
  const signal = interruptedBy();
  if (signal !== null) throw new PlainError('Stopped.', '', exitCodeOf(signal));
  const fetched = electronProgram(root, env);
  if (fetched === null)
    writeStamp(stamp, { version, failedAt: now, why: ended.timedOut ? 'time' : ended.output.slice(-400) });
  else removeStamp(stamp);
  return fetched;
}

/**
 * @param {boolean} isRoot
 * @returns {readonly string[]} flags Electron needs here; as root Chromium refuses to start with its sandbox
 */
export function electronFlags(isRoot = process.platform === 'linux' && process.getuid?.() === 0) {
  return isRoot ? ['--no-sandbox'] : [];
}

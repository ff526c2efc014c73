// npm, always as its own JavaScript run by a Node of our choice: the same on every system, and no shell in between.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { interruptedBy, exitCodeOf, run } from './children.mjs';
import { alsoHeldBy } from './lock.mjs';
import { PlainError } from './say.mjs';

/**
 * What the scripts ask of the machine; tests give one of their own.
 * @typedef {object} Host
 * @property {string} platform
 * @property {string} arch
 * @property {string} nodeVersion without the v
 * @property {string} execPath
 * @property {NodeJS.ProcessEnv} env
 */

/** @returns {Host} */
export function thisHost() {
  return {
    platform: process.platform,
    arch: process.arch,
    nodeVersion: process.versions.node,
    execPath: process.execPath,
    env: process.env,
  };
}

/**
 * @param {Host} host
 * @returns {{ cli: string, version: string }} where npm's own script is, and its version
 */
export function findNpm(host) {
  for (const candidate of npmCandidates(host)) {
    const cli = existsSync(candidate) ? realpathSync(candidate) : null;
    if (cli === null || basename(cli) !== 'npm-cli.js') continue;
    const version = packageVersion(dirname(dirname(cli)));
    if (version !== null) return { cli, version };
  }
  throw new PlainError(
    'npm was not found beside Node.',
    'Install npm, or run this as an npm script: npm start, npm test.',
  );
}

/** @param {Host} host */
function* npmCandidates(host) {
  const inside = ['node_modules', 'npm', 'bin', 'npm-cli.js'];
  if (host.env['npm_execpath'] !== undefined) yield host.env['npm_execpath'];
  const folder = dirname(realpathSync(host.execPath));
  yield join(folder, ...inside);
  yield join(dirname(folder), 'lib', ...inside);
  for (const entry of (host.env['PATH'] ?? host.env['Path'] ?? '').split(delimiter)) {
    if (entry === '') continue;
    yield join(entry, 'npm');
    yield join(entry, ...inside);
  }
  yield '/usr/share/nodejs/npm/bin/npm-cli.js';
}

/**
 * @param {string} folder of an installed package
 * @returns {string | null}
 */
export function packageVersion(folder) {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version ?? null;
  } catch {
    return null;
  }
}

/** @param {string} version */
export const majorOf = (version) => Number.parseInt(version, 10);

const QUIET = ['--no-audit', '--no-fund', '--no-progress', '--no-update-notifier', '--loglevel=error'];
const PATIENCE = ['--fetch-retry-mintimeout=2000', '--fetch-retry-maxtimeout=10000'];

/**
 * Runs npm silently; a failure becomes one sentence.
 * @param {{ node: string, cli: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, what: string }} call
 *   `what`: what is being fetched, as the sentence names it
 */
export async function npm({ node, cli, args, cwd, env, what }) {
  const ended = await run(node, [cli, ...args, ...QUIET, ...PATIENCE], {
    cwd,
    env,
    io: 'capture',
    ownGroup: false,
    onStart: alsoHeldBy,
  });
  const signal = interruptedBy();
  if (signal !== null)
    throw new PlainError('Stopped. The next run goes on from here.', '', exitCodeOf(signal));
  if (ended.code !== 0) throw npmFailure(what, ended.error?.message ?? ended.output);
}

/**
 * @param {string} what
 * @param {string} output of npm
 */
export function npmFailure(what, output) {
  const code = /\bcode (E[A-Z0-9_]+)/.exec(output)?.[1] ?? /\b(E[A-Z]{3,}[A-Z_]*)\b/.exec(output)?.[1] ?? '';
  const again = 'Then run the same command again; it goes on where it stopped.';
  if (/^(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|ERR_SOCKET)/.test(code)) {
    return new PlainError(
      `${what} could not be fetched: the npm registry does not answer (${code}).`,
      `Check the network and any proxy. ${again}`,
    );
  }
  if (/^E(401|403|404|429|5\d\d|TARGET)$/.test(code)) {
    return new PlainError(
      `${what} could not be fetched: the npm registry refused (${code}).`,
      `Check which registry npm uses (npm config get registry) and your access to it. ${again}`,
    );
  }
  if (code === 'ENOSPC')
    return new PlainError(`${what} could not be installed: the disk is full.`, `Free some space. ${again}`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new PlainError(
      `${what} could not be installed: this folder, or npm's cache, cannot be written to (${code}).`,
      `Make both yours. ${again}`,
    );
  }
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!) ?/, '').trimEnd());
  const told = lines.filter((line) => line !== '' && !/^code E|A complete log/.test(line));
  const tail = told.slice(0, 15).join('\n');
  return new PlainError(`${what} could not be installed. npm says:\n${tail}`, again);
}

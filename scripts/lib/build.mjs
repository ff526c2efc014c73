// The build, done again only when a source changed. Looking is quick (names, sizes, times); before building, contents
// decide, so that a fresh check-out of the same files builds nothing.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { exitCodeOf, interruptedBy, run } from './children.mjs';
import { alsoHeldBy } from './lock.mjs';
import { PlainError, say } from './say.mjs';
import { readStamp, removeStamp, writeStamp } from './stamps.mjs';
import { environment } from './toolchain.mjs';

/** @typedef {import('./npm.mjs').Host} Host */

/** What the build is made from. */
const SOURCES = [
  'main',
  'preload',
  'renderer',
  'shared',
  'assets',
  'electron.vite.config.ts',
  'tsconfig.base.json',
  'package.json',
  'package-lock.json',
];
/** What it makes; one missing is reason enough to build. */
const PRODUCTS = [
  'out/main/electron.js',
  'out/main/cli.js',
  'out/main/tables-process.js',
  'out/preload/preload.cjs',
  'out/renderer/index.html',
];

/** @param {string} root */
const stampPath = (root) => join(root, 'out', '.sluice-build.json');

/**
 * @param {string} root
 * @returns {readonly string[]} every source, relative to the root, sorted
 */
export function sources(root) {
  const found = /** @type {string[]} */ ([]);
  /** @param {string} path */
  const walk = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true })) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(inner);
      else found.push(inner);
    }
  };
  for (const source of SOURCES) {
    const kind = statSync(join(root, source), { throwIfNoEntry: false });
    if (kind?.isDirectory()) walk(source);
    else if (kind !== undefined) found.push(source);
  }
  return found.sort();
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 */
function glance(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const { size, mtimeMs } = statSync(join(root, path));
    hash.update(`${path}\0${size}\0${mtimeMs}\0`);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 */
function contents(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const bytes = readFileSync(join(root, path));
    hash.update(`${path}\0${bytes.length}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/** @param {string} root */
export function buildFresh(root) {
  const stamp = readStamp(stampPath(root));
  if (stamp === null || !PRODUCTS.every((product) => existsSync(join(root, product)))) return false;
  const paths = sources(root);
  const glanced = glance(root, paths);
  if (stamp['glance'] === glanced) return true;
  if (stamp['contents'] !== contents(root, paths)) return false;
  writeStamp(stampPath(root), { ...stamp, glance: glanced });
  return true;
}

/**
 * @param {string} root
 * @param {Host} host
 * @param {string} node
 */
export async function ensureBuild(root, host, node) {
  if (buildFresh(root)) return;
  say('Building Sluice …');
  removeStamp(stampPath(root));
  // Taken before the build: what is changed while it runs is built next time.
  const paths = sources(root);
  const stamp = { glance: glance(root, paths), contents: contents(root, paths) };
  const tool = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
  const ended = await run(node, [tool, 'build', '--logLevel', 'warn'], {
    cwd: root,
    env: { ...environment(node, host), NODE_ENV: 'production' },
    io: 'capture',
    ownGroup: false,
    onStart: alsoHeldBy,
  });
  const signal = interruptedBy();
  if (signal !== null) throw new PlainError('Stopped. The next run builds again.', '', exitCodeOf(signal));
  const missing = PRODUCTS.filter((product) => !existsSync(join(root, product)));
  if (ended.code !== 0 || missing.length > 0) {
    const why = ended.code === 0 ? `It made no ${missing.join(', ')}.` : '';
    throw new PlainError(
      `The build failed. ${why}\n${stripVTControlCharacters(ended.output).trim()}`.trim(),
      'If nothing in this folder was changed, remove the folders out and node_modules and run the same command again.',
    );
  }
  writeStamp(stampPath(root), stamp);
}

// node_modules as the lockfile has it: `npm ci`, run again only when the lockfile, the platform or Node's ABI changed.
import { createHash } from 'node:crypto';
import { lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { majorOf, npm } from './npm.mjs';
import { say } from './say.mjs';
import { matches, readStamp, removeStamp, writeStamp } from './stamps.mjs';
import { ensureNpm, environment, NODE_MAJOR } from './toolchain.mjs';

/** @typedef {import('./npm.mjs').Host} Host */

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.sluice-setup.json');

/**
 * @param {string} root
 * @param {Host} host
 */
function wantedStamp(root, host) {
  return {
    lockfile: createHash('sha256')
      .update(readFileSync(join(root, 'package-lock.json')))
      .digest('hex'),
    node: Math.max(NODE_MAJOR, majorOf(host.nodeVersion)),
    platform: `${host.platform}-${host.arch}`,
  };
}

/**
 * @param {string} root
 * @param {Host} host
 */
export function dependenciesFresh(root, host) {
  // A linked folder is kept by whoever linked it; installing through the link would take it from under them.
  const linked = lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
  return linked || matches(readStamp(stampPath(root)), wantedStamp(root, host));
}

/**
 * @param {string} root
 * @param {Host} host
 * @param {string} node
 */
export async function ensureDependencies(root, host, node) {
  if (dependenciesFresh(root, host)) return;
  const cli = await ensureNpm(root, host, node);
  say('Installing the packages Sluice is built of …');
  removeStamp(stampPath(root));
  await npm({
    node,
    cli,
    // Whatever NODE_ENV and npm's own settings say: the tools that build are needed. No package needs its install script.
    args: ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--prefer-offline'],
    cwd: root,
    env: environment(node, host),
    what: 'The packages of the lockfile',
  });
  writeStamp(stampPath(root), wantedStamp(root, host));
}

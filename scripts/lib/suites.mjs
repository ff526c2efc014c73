// The suites of npm test, each with how it is run and counted.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { run } from './children.mjs';
import { obtainChromium } from './chromium.mjs';
import { hasDisplay, obtainElectron } from './electron.mjs';
import { broken, fine, fromPlaywright, judged, left } from './outcome.mjs';

/** @typedef {import('./setup.mjs').Ready} Ready */
/** @typedef {import('./outcome.mjs').Outcome} Outcome */

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} what
 * @property {boolean} needsBuild
 * @property {(ready: Ready) => Promise<Outcome>} run
 */

const MINUTE = 60_000;

/** @type {readonly Suite[]} */
export const SUITES = [
  {
    name: 'types',
    what: 'the type check of every room',
    needsBuild: false,
    run: (ready) =>
      checks(
        ready,
        ['.', 'shared', 'preload', 'renderer', 'test/unit/renderer'].map((project) => ({
          tool: 'typescript/bin/tsc',
          args: ['-p', project],
        })),
      ),
  },
  {
    name: 'lint',
    what: 'lint, with the rules on imports',
    needsBuild: false,
    run: (ready) => checks(ready, [{ tool: 'oxlint/bin/oxlint', args: [] }]),
  },
  {
    name: 'format',
    what: 'the layout of the source',
    needsBuild: false,
    run: (ready) => checks(ready, [{ tool: 'oxfmt/bin/oxfmt', args: ['--check', '.'] }]),
  },
  {
    name: 'unit',
    what: 'every room by itself',
    needsBuild: false,
    run: (ready) => vitest(ready, ['unit', 'unit-electron'], 10 * MINUTE),
  },
  {
    name: 'proof',
    what: 'uploads under faults, crashes and kills',
    needsBuild: false,
    run: (ready) => vitest(ready, ['proof'], 20 * MINUTE),
  },
  {
    name: 'contract',
    what: 'the contract on both carriers',
    needsBuild: false,
    run: (ready) => vitest(ready, ['contract'], 5 * MINUTE),
  },
  {
    name: 'interop',
    what: 'stock S3 clients against the built-in bucket',
    needsBuild: false,
    run: (ready) => vitest(ready, ['interop'], 10 * MINUTE),
  },
  { name: 'e2e', what: 'the whole app in a real Chromium', needsBuild: true, run: endToEnd },
  { name: 'electron', what: 'the desktop window', needsBuild: true, run: desktop },
];

/**
 * @param {Ready} ready
 * @param {readonly { tool: string, args: readonly string[] }[]} calls
 * @returns {Promise<Outcome>} one in all; the output of what failed is shown in full
 */
async function checks({ root, node, env }, calls) {
  let failed = false;
  for (const { tool, args } of calls) {
    const ended = await run(node, [join(root, 'node_modules', tool), ...args], {
      cwd: root,
      env,
      io: 'capture',
      timeoutMs: 5 * MINUTE,
    });
    if (ended.code === 0 && !ended.timedOut) continue;
    failed = true;
    process.stdout.write(
      `${ended.output.trimEnd()}${ended.timedOut ? '\n(stopped: it did not end in its time)' : ''}\n`,
    );
  }
  return failed ? broken('see its output above') : fine;
}

/**
 * @param {Ready} ready
 * @param {readonly string[]} projects
 * @param {number} timeoutMs
 */
function vitest(ready, projects, timeoutMs) {
  const args = [
    join(ready.root, 'node_modules', 'vitest', 'vitest.mjs'),
    'run',
    ...projects.flatMap((project) => ['--project', project]),
    '--reporter=default',
    `--reporter=${join(ready.root, 'scripts', 'lib', 'vitest-report.mjs')}`,
  ];
  return counted(ready, args, {}, timeoutMs, (report) => /** @type {Outcome} */ (report));
}

/** @param {Ready} ready */
async function endToEnd(ready) {
  const chromium = await obtainChromium(ready);
  if ('reason' in chromium) return left('everything in a browser', chromium.reason);
  return playwright(ready, 'playwright.config.ts', { SLUICE_CHROMIUM: chromium.path }, 20 * MINUTE);
}

/** @param {Ready} ready */
async function desktop(ready) {
  const name = 'everything in the desktop window';
  const config = 'playwright.electron.config.ts';
  const xvfb = hasDisplay() ? undefined : onPath('xvfb-run', ready.env);
  if (!hasDisplay() && xvfb === undefined) return left(name, 'there is no display');
  const program = await obtainElectron(ready, { insist: false });
  if (program === null) return left(name, "Electron's program is not here and could not be fetched");
  return playwright(ready, config, { SLUICE_ELECTRON: program }, 10 * MINUTE, xvfb);
}

/**
 * @param {Ready} ready
 * @param {string} config
 * @param {NodeJS.ProcessEnv} extra
 * @param {number} timeoutMs
 * @param {string} [wrapper] a program that gives the runner a display
 */
function playwright(ready, config, extra, timeoutMs, wrapper) {
  const args = [
    join(ready.root, 'node_modules', '@playwright', 'test', 'cli.js'),
    'test',
    '--config',
    config,
  ];
  return counted(ready, args, extra, timeoutMs, fromPlaywright, wrapper);
}

/**
 * @template R
 * @param {Ready} ready
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} extra
 * @param {number} timeoutMs
 * @param {(report: R) => Outcome} read
 * @param {string} [wrapper]
 */
async function counted({ root, node, env }, args, extra, timeoutMs, read, wrapper) {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  const report = join(folder, 'report.json');
  try {
    const [command, all] = wrapper === undefined ? [node, args] : [wrapper, ['-a', node, ...args]];
    const ended = await run(command, all, {
      cwd: root,
      env: { ...env, ...extra, SLUICE_TEST_REPORT: report },
      io: 'relay',
      timeoutMs,
    });
    return judged(existsSync(report) ? read(JSON.parse(readFileSync(report, 'utf8'))) : null, ended);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
function onPath(name, env) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

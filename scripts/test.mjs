// npm test: sets up, runs every suite, and closes with one line that counts everything.
import { randomUUID } from 'node:crypto';
import { exitCodeOf, interruptedBy } from './lib/children.mjs';
import { flags } from './lib/flags.mjs';
import { endLeftovers, MARK } from './lib/leftovers.mjs';
import { broken, summary } from './lib/outcome.mjs';
import { main, PlainError } from './lib/say.mjs';
import { setUp } from './lib/setup.mjs';
import { SUITES } from './lib/suites.mjs';

const HELP = `npm test [-- SUITE...]   Runs every suite, or only those named:

${SUITES.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join('\n')}`;

/**
 * @param {readonly string[]} args
 * @returns {readonly import('./lib/suites.mjs').Suite[] | 'help'}
 */
function chosen(args) {
  const { values, positionals } = flags(
    args,
    { help: { type: 'boolean', short: 'h' } },
    {
      positionals: true,
      help: 'npm test -- --help',
    },
  );
  if (values.help) return 'help';
  const named = /** @type {string[]} */ (positionals);
  const unknown = named.find((name) => !SUITES.some((suite) => suite.name === name));
  if (unknown !== undefined)
    throw new PlainError(`There is no suite ${unknown}.`, 'npm test -- --help lists what there is.', 2);
  return named.length === 0 ? SUITES : SUITES.filter(({ name }) => named.includes(name));
}

/**
 * Sets up without the build first: what needs none is told of before a build that may fail.
 * @param {import('./lib/suites.mjs').Suite} suite
 * @returns {Promise<import('./lib/outcome.mjs').Outcome>}
 */
async function runSuite(suite) {
  const mark = randomUUID();
  const ready = await setUp({ build: suite.needsBuild }).catch((error) => {
    if (!(error instanceof PlainError) || !suite.needsBuild || interruptedBy() !== null) throw error;
    return error;
  });
  if (ready instanceof PlainError) {
    process.stdout.write(`${ready.message}\n${ready.hint}\n`);
    return broken('what it runs on could not be built');
  }
  const outcome = await suite.run({ ...ready, env: { ...ready.env, [MARK]: mark } });
  const left = await endLeftovers(mark);
  return left.length === 0
    ? outcome
    : {
        ...outcome,
        failures: [...outcome.failures, ...left.map((which) => `left a process behind: ${which}`)],
      };
}

await main(async () => {
  const suites = chosen(process.argv.slice(2));
  if (suites === 'help') {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  await setUp({ build: false });
  const results = [];
  for (const suite of suites) {
    process.stdout.write(`\n── ${suite.name}: ${suite.what}\n`);
    const started = performance.now();
    const outcome = await runSuite(suite);
    const signal = interruptedBy();
    if (signal !== null) throw new PlainError('Stopped.', '', exitCodeOf(signal));
    results.push({ name: suite.name, outcome, seconds: (performance.now() - started) / 1000 });
  }
  const { lines, failed } = summary(results);
  process.stdout.write(`\n${lines.join('\n')}\n`);
  return failed ? 1 : 0;
});

// What a suite came to, and how it is told.

/**
 * @typedef {object} Outcome
 * @property {number} passed
 * @property {readonly string[]} failures what failed, by name
 * @property {readonly { name: string, reason: string }[]} skipped
 */

/** @param {string} name @param {string} reason @returns {Outcome} */
export const left = (name, reason) => ({ passed: 0, failures: [], skipped: [{ name, reason }] });

/** @param {string} failure @returns {Outcome} */
export const broken = (failure) => ({ passed: 0, failures: [failure], skipped: [] });

/** @type {Outcome} */
export const fine = { passed: 1, failures: [], skipped: [] };

/**
 * A suite that found no test, or whose runner failed with every test passing, did not pass.
 * @param {Outcome | null} outcome null where the runner wrote none
 * @param {import('./children.mjs').Ended} ended
 * @returns {Outcome}
 */
export function judged(outcome, ended) {
  const failures = [...(outcome?.failures ?? [])];
  const found = outcome === null ? 0 : outcome.passed + failures.length + outcome.skipped.length;
  if (ended.timedOut) failures.push('it did not end in its time and was stopped');
  else if (outcome === null) failures.push('it could not be run');
  else if (found === 0) failures.push('it found no test to run');
  else if (ended.code !== 0 && failures.length === 0) failures.push(`its runner ended with ${ended.code}`);
  return { passed: outcome?.passed ?? 0, failures, skipped: outcome?.skipped ?? [] };
}

/**
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Outcome}
 */
export function fromPlaywright(report) {
  let passed = 0;
  const failures = report.errors.map((error) => firstLine(error.message ?? 'an error outside any test'));
  const skipped = /** @type {{ name: string, reason: string }[]} */ ([]);
  /**
   * @param {import('@playwright/test/reporter').JSONReportSuite} suite
   * @param {string} path
   */
  const walk = (suite, path) => {
    for (const inner of suite.suites ?? []) walk(inner, `${path} ${inner.title}`);
    for (const spec of suite.specs) {
      const name = `${path} ${spec.title}`;
      for (const test of spec.tests) {
        if (test.status === 'expected' || test.status === 'flaky') passed += 1;
        else if (test.status === 'unexpected') failures.push(name);
        else {
          const why = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description;
          skipped.push({ name, reason: why ?? 'it was never reached' });
        }
      }
    }
  };
  for (const suite of report.suites) walk(suite, `${suite.title}:`);
  return { passed, failures, skipped };
}

/** @param {string} text */
const firstLine = (text) => text.split('\n')[0] ?? text;

/**
 * @param {readonly { name: string, outcome: Outcome, seconds: number }[]} suites
 * @returns {{ lines: readonly string[], failed: boolean }} the last line counts everything
 */
export function summary(suites) {
  const sum = (/** @type {(outcome: Outcome) => number} */ of) =>
    suites.reduce((total, { outcome }) => total + of(outcome), 0);
  const failed = sum((outcome) => outcome.failures.length);
  const width = Math.max(0, ...suites.map(({ name }) => name.length));
  const lines = suites.map(
    ({ name, outcome, seconds }) => `${name.padEnd(width)}  ${counts(outcome)}  (${seconds.toFixed(1)} s)`,
  );
  /** @param {string} title @param {readonly string[]} entries */
  const list = (title, entries) => {
    if (entries.length > 0) lines.push('', title, ...entries.map((entry) => `  ${entry}`));
  };
  list(
    'Skipped:',
    suites.flatMap(({ name, outcome }) =>
      outcome.skipped.map((skip) => `${name}: ${skip.name} (${skip.reason})`),
    ),
  );
  list(
    'Failed:',
    suites.flatMap(({ name, outcome }) => outcome.failures.map((failure) => `${name}: ${failure}`)),
  );
  lines.push(
    '',
    `${sum((outcome) => outcome.passed)} passed, ${failed} failed, ${sum((outcome) => outcome.skipped.length)} skipped`,
  );
  return { lines, failed: failed > 0 };
}

/** @param {Outcome} outcome */
const counts = ({ passed, failures, skipped }) =>
  `${passed} passed, ${failures.length} failed, ${skipped.length} skipped`;

// A vitest reporter that writes what npm test counts, with the reason of everything that was left out.
import { writeFileSync } from 'node:fs';

/** @implements {Partial<import('vitest/node').Reporter>} */
export default class Report {
  /**
   * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const path = process.env['SLUICE_TEST_REPORT'];
    if (path !== undefined) writeFileSync(path, JSON.stringify(count(modules, unhandled)));
  }
}

/**
 * @param {ReadonlyArray<import('vitest/node').TestModule>} modules
 * @param {ReadonlyArray<unknown>} unhandled
 * @returns {import('./outcome.mjs').Outcome}
 */
function count(modules, unhandled) {
  let passed = 0;
  const failures = /** @type {string[]} */ ([]);
  const skipped = /** @type {{ name: string, reason: string }[]} */ ([]);
  for (const module of modules) {
    const file = module.relativeModuleId;
    if (module.errors().length > 0) failures.push(`${file}: could not be run`);
    for (const suite of module.children.allSuites()) {
      if (suite.errors().length > 0) failures.push(`${file}: ${suite.fullName}`);
    }
    for (const test of module.children.allTests()) {
      const name = `${file}: ${test.fullName}`;
      const result = test.result();
      if (result.state === 'passed') passed += 1;
      else if (result.state === 'failed') failures.push(name);
      else skipped.push({ name, reason: reasonOf(test, result) });
    }
  }
  if (unhandled.length > 0) failures.push(`${unhandled.length} errors outside any test`);
  return { passed, failures, skipped };
}

/**
 * @param {import('vitest/node').TestCase} test
 * @param {import('vitest/node').TestResult} result
 */
function reasonOf(test, result) {
  if (result.state === 'skipped' && result.note !== undefined) return result.note;
  if (test.options.mode === 'todo') return 'not written yet';
  return test.options.mode === 'skip' ? 'its source gives no reason' : 'it was never reached';
}

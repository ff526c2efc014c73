import { describe, expect, it } from 'vitest';
import { broken, fine, fromPlaywright, judged, left, summary } from '../../../scripts/lib/outcome.mjs';

const ended = { code: 0, signal: null, output: '', timedOut: false, error: null };

describe('judging a suite', () => {
  it('takes the counts of a run that passed', () => {
    expect(judged({ passed: 3, failures: [], skipped: [] }, ended)).toEqual({
      passed: 3,
      failures: [],
      skipped: [],
    });
  });

  it.each([
    ['wrote no report', null, { ...ended, code: 1 }, 'it could not be run'],
    ['found nothing', { passed: 0, failures: [], skipped: [] }, ended, 'it found no test to run'],
    [
      'failed with every test passing',
      { passed: 3, failures: [], skipped: [] },
      { ...ended, code: 1 },
      'its runner ended with 1',
    ],
    [
      'did not end',
      null,
      { ...ended, code: 137, timedOut: true },
      'it did not end in its time and was stopped',
    ],
  ])('fails one that %s', (_, outcome, how, failure) => {
    expect(judged(outcome, how).failures).toEqual([failure]);
  });

  it('lets a suite pass whose tests were all left out with a reason', () => {
    expect(judged(left('a', 'b'), ended).failures).toEqual([]);
  });
});

it('counts a Playwright report, with the reason of what was skipped', () => {
  const test = (status: string, annotations: readonly object[] = []) => ({ status, annotations });
  const spec = (title: string, ...tests: readonly object[]) => ({ title, tests });
  const report = {
    errors: [{ message: 'no server\nat line 1' }],
    suites: [
      {
        title: 'smoke.spec.ts',
        specs: [spec('opens', test('expected')), spec('breaks', test('unexpected'))],
        suites: [
          {
            title: 'later',
            specs: [spec('waits', test('skipped', [{ type: 'skip', description: 'no network' }]))],
          },
        ],
      },
    ],
  };
  expect(fromPlaywright(report as unknown as Parameters<typeof fromPlaywright>[0])).toEqual({
    passed: 1,
    failures: ['no server', 'smoke.spec.ts: breaks'],
    skipped: [{ name: 'smoke.spec.ts: later waits', reason: 'no network' }],
  });
});

describe('the summary', () => {
  it('names what failed and what was skipped, and ends with the counts', () => {
    const { lines, failed } = summary([
      { name: 'types', outcome: fine, seconds: 1 },
      { name: 'lint', outcome: broken('see above'), seconds: 1 },
      { name: 'e2e', outcome: left('everything', 'no Chromium'), seconds: 1 },
    ]);
    expect(failed).toBe(true);
    expect(lines).toContain('  e2e: everything (no Chromium)');
    expect(lines).toContain('  lint: see above');
    expect(lines.at(-1)).toBe('1 passed, 1 failed, 1 skipped');
  });

  it('is no failure where nothing failed', () => {
    expect(summary([{ name: 'types', outcome: fine, seconds: 1 }])).toMatchObject({ failed: false });
  });
});

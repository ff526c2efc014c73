import { describe, expect, test } from 'vitest';
import { freshSeed } from '../../support/fault-proxy/index.ts';
import { play, SCENARIOS, strikesOn } from '../../support/proof/index.ts';

/** Every request of every scene is struck by everything that can befall it; see test/soak for more of it. */
describe.each(SCENARIOS)('$name', (scenario) => {
  test('whatever befalls whichever request, what is done is the file, and nothing is left', async () => {
    const seed = freshSeed();
    const { operations } = await play(scenario, null, seed);
    expect(operations.length).toBeGreaterThan(1);
    const failures: string[] = [];
    for (const strike of strikesOn(operations)) {
      await play(scenario, strike, seed).then(
        ({ failedWith }) => {
          if (process.env['SHOW'])
            for (const code of failedWith)
              console.log('FAILED', scenario.name, operations[strike.index], strike.blow, code);
        },
        (error: unknown) => failures.push((error as Error).message),
      );
    }
    expect(failures.join('\n\n')).toBe('');
  });
});

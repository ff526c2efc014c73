import { expect, test } from 'vitest';
import { randomOf } from '../support/fault-proxy/index.ts';
import { play, SCENARIOS, strikesOn, type Scenario, type Strike } from '../support/proof/index.ts';
import { SEEDS } from './seeds.ts';

/** Every request of these is struck at every run, before and after the store acted; `npm run test:soak` does all. */
const THOROUGHLY: ReadonlySet<string> = new Set(['parts', 'single', 'resumed', 'fetched']);
const ALWAYS: ReadonlySet<string> = new Set(['drop-before', 'drop-after', 'crash-before', 'crash-after']);
/** Of all else that can befall a scene, so much is drawn. */
const DRAWN = 4;

async function strike(scenario: Scenario, strikes: readonly Strike[]): Promise<void> {
  const failures: string[] = [];
  for (const each of strikes) {
    await play(scenario, each, seed).catch((error: unknown) => failures.push((error as Error).message));
  }
  expect(failures.join('\n\n')).toBe('');
}

const [seed] = SEEDS;

test.each(SCENARIOS.filter(({ name }) => THOROUGHLY.has(name)))(
  '$name: whichever request is lost or ends a process, what is done is the file, and nothing is left',
  async (scenario) => {
    const { operations } = await play(scenario, null, seed);
    expect(operations.length).toBeGreaterThan(1);
    await strike(
      scenario,
      strikesOn(operations).filter(({ blow }) => ALWAYS.has(blow)),
    );
  },
);

test.each(SCENARIOS)(
  `$name: whatever befalls a request, as drawn with seed ${seed}, what is done is the file, both ways`,
  async (scenario) => {
    const { operations } = await play(scenario, null, seed);
    const random = randomOf(seed);
    const strikes = strikesOn(operations);
    await strike(
      scenario,
      Array.from({ length: DRAWN }, () => random.pick(strikes)),
    );
  },
);

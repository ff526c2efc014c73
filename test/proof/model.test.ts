import { test } from 'vitest';
import { checkModel, endureSchedule } from '../support/proof/index.ts';
import { SEEDS } from './seeds.ts';

test('whatever happens to an upload in whichever order, what it tells is true', () =>
  checkModel({ seed: SEEDS[1], runs: 25 }));

test('mixed files get through a store that fails again and again', async () => {
  for (const seed of SEEDS) await endureSchedule(seed);
});

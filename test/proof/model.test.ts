import { test } from 'vitest';
import { freshSeed } from '../support/fault-proxy/index.ts';
import { checkModel, endureSchedule } from '../support/proof/index.ts';

test('whatever happens to an upload in whichever order, what it tells is true', () =>
  checkModel({ seed: freshSeed(), runs: 25 }));

test('mixed files get through a store that fails again and again', async () => {
  for (let time = 0; time < 3; time += 1) await endureSchedule(freshSeed());
});

import { test } from 'vitest';
import { freshSeed } from '../../support/fault-proxy/index.ts';
import { checkModel } from '../../support/proof/index.ts';

test(
  'whatever happens to an upload in whichever order, what it tells is true',
  { timeout: 400_000 },
  async () => {
    await checkModel({ seed: freshSeed(), runs: Number(process.env['RUNS'] ?? 40) });
  },
);

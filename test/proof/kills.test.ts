import { expect, test } from 'vitest';
import { freshSeed } from '../support/fault-proxy/index.ts';
import { killAgainAndAgain } from '../support/kills/index.ts';

test('killed a hundred times, every object is its file, nothing is left over, and nobody is asked anything', async () => {
  const { inTheMiddle, files, kept } = await killAgainAndAgain(100, freshSeed());
  expect(inTheMiddle).toBeGreaterThan(50); // else the proof would be of little
  expect(files).toBeGreaterThan(500);
  expect(kept).toBeGreaterThan(0);
});

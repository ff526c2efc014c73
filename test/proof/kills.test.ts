import { expect, test } from 'vitest';
import { killAgainAndAgain } from '../support/kills/index.ts';
import { SEEDS } from './seeds.ts';

test('killed a hundred times, every object is its file, nothing is left over, and nobody is asked anything', async () => {
  const { inTheMiddle, files, kept } = await killAgainAndAgain(100, SEEDS[2]);
  expect(inTheMiddle).toBeGreaterThan(50); // else the proof would be of little
  expect(files).toBeGreaterThan(500);
  expect(kept).toBeGreaterThan(0);
});

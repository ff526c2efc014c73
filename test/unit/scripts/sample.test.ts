import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { makeSample, SAMPLE } from '../../../scripts/make-sample.mjs';

it('the sample that ships is what its script makes', () => {
  expect(readFileSync(SAMPLE).equals(makeSample())).toBe(true);
});

it('the sample has the troubles it is there to show', () => {
  const text = makeSample().toString('latin1');
  const lines = text.split('\r\n');
  expect(lines[0]).toBe('Shop orders export');
  expect(text).toMatch(/Zoë Müller/);
  expect(text).toMatch(/,"\d,\d{3}\.\d\d",/);
  expect(text).toMatch(/,2026-\d\d-\d\d,/);
  expect(text).toMatch(/,\d\d\/\d\d\/2026,/);
  expect(text).toMatch(/,\d{1,2} Mar 2026,/);
  expect(text).toMatch(/^00010000,\d{6},/m);
  expect(text).toMatch(/"second try:\r\nring twice"/);
  expect(new Set(lines).size).toBeLessThan(lines.length - 20);
});

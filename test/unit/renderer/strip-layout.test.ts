import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countParts, layoutStrip, PART_STATES } from '#internal/renderer/src/components/strip-layout';

const strips = fc.array(
  fc.record({ state: fc.constantFrom(...PART_STATES), count: fc.integer({ min: 1, max: 4000 }) }),
  { minLength: 1, maxLength: 40 },
);

test('covers every pixel once, in order', () => {
  fc.assert(
    fc.property(strips, fc.integer({ min: 1, max: 900 }), (strip, width) => {
      const { spans } = layoutStrip(strip, width);
      let at = 0;
      for (const { from, to } of spans) {
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(from);
        at = to;
      }
      expect(at).toBe(width);
    }),
  );
});

test('never looks more finished than it is', () => {
  fc.assert(
    fc.property(strips, fc.integer({ min: 1, max: 300 }), (strip, width) => {
      const unfinished = countParts(strip).waiting + countParts(strip).flying > 0;
      const total = strip.reduce((sum, { count }) => sum + count, 0);
      const shown = layoutStrip(strip, width).spans.some(({ state }) => state !== 'verified');
      if (unfinished && total >= width) expect(shown).toBe(true);
    }),
  );
});

test('one part that flies is seen among ten thousand', () => {
  const strip = [
    { state: 'sent' as const, count: 5000 },
    { state: 'flying' as const, count: 1 },
    { state: 'waiting' as const, count: 4999 },
  ];
  const { spans, seams } = layoutStrip(strip, 300);
  expect(spans.map(({ state }) => state)).toEqual(['sent', 'flying', 'waiting']);
  expect(seams).toEqual([]);
});

test('shows where parts meet when there is room', () => {
  const { spans, seams } = layoutStrip([{ state: 'sent', count: 4 }], 100);
  expect(spans).toEqual([{ state: 'sent', from: 0, to: 100 }]);
  expect(seams).toEqual([25, 50, 75]);
});

test('draws nothing of nothing', () => {
  expect(layoutStrip([], 100).spans).toEqual([]);
  expect(layoutStrip([{ state: 'sent', count: 1 }], 0).spans).toEqual([]);
});

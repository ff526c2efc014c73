import { describe, expect, it } from 'vitest';
import {
  acknowledged,
  FIRST_WINDOW,
  lossAt,
  lossChance,
  rateOf,
  segmentsOf,
} from '../../bench/servers/window.ts';

const ROUND_TRIP = 0.08;

describe('the window of a connection', () => {
  it('doubles each round trip until it is of no more use', () => {
    const sizes = [FIRST_WINDOW];
    for (let turn = 1; turn <= 10; turn += 1) {
      sizes.push(acknowledged(sizes[turn - 1] ?? FIRST_WINDOW, turn * ROUND_TRIP, 1000));
    }
    expect(sizes.map(({ segments }) => segments)).toEqual([
      10, 20, 40, 80, 160, 320, 640, 1000, 1000, 1000, 1000,
    ]);
  });

  it('gives 20 MB/s at 80 ms once it holds 1.6 MB', () => {
    const window = { segments: segmentsOf(1.6e6), lost: null };
    expect(rateOf(window, ROUND_TRIP)).toBeCloseTo(20e6, 0);
  });

  it('loses three tenths at a loss, is back after the time CUBIC says, and then grows on', () => {
    const full = { segments: 1000, lost: null };
    const after = lossAt(full, 100);
    expect(after.segments).toBe(700);
    const k = Math.cbrt((1000 * 0.3) / 0.4);
    expect(acknowledged(after, 100 + k / 2, 5000).segments).toBeLessThan(1000);
    expect(acknowledged(after, 100 + k, 5000).segments).toBeCloseTo(1000, 6);
    expect(acknowledged(after, 100 + 2 * k, 5000).segments).toBeCloseTo(1300, 6);
  });

  it('never closes', () => {
    let window = FIRST_WINDOW;
    for (let turn = 0; turn < 50; turn += 1) window = lossAt(window, turn);
    expect(window.segments).toBe(2);
  });

  it('loses more of many bytes than of few', () => {
    expect(lossChance(1448, 0.01)).toBeCloseTo(0.01);
    expect(lossChance(1448 * 100, 0.01)).toBeCloseTo(0.634, 3);
    expect(lossChance(1e9, 0)).toBe(0);
  });
});

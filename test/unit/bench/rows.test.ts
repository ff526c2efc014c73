import { describe, expect, it } from 'vitest';
import { alternate, measure, type Contender } from '../../bench/measure.ts';
import { table } from '../../bench/print.ts';
import { median, ratio, row } from '../../bench/row.ts';

describe('a row', () => {
  it('says whether its bar is met', () => {
    expect(row('speed', 1.6, 'x', { atLeast: 1.5 })).toMatchObject({ bar: '>= 1.5', met: true });
    expect(row('speed', 1.4, 'x', { atLeast: 1.5 })).toMatchObject({ met: false });
    expect(row('cost', 0.5, 'x', { atMost: 0.5 })).toMatchObject({ bar: '<= 0.5', met: true });
    expect(row('cost', 0.51, 'x', { atMost: 0.5 })).toMatchObject({ met: false });
  });

  it('claims nothing that was not measured', () => {
    expect(row('speed', null, 'x', { atLeast: 1.5 }, { aws: null })).toEqual({
      name: 'speed',
      value: null,
      unit: 'x',
      bar: '>= 1.5',
      met: null,
      peers: {},
      notes: [],
    });
    expect(ratio(1, null)).toBeNull();
    expect(ratio(1, 0)).toBeNull();
  });

  it('is not met by rounding', () => {
    expect(row('cost', 0.500_04, 'x', { atMost: 0.5 })).toMatchObject({ value: 0.5, met: false });
  });

  it('is printed as a miss where it missed', () => {
    const printed = table([
      row('speed', 1, 'x', { atLeast: 1.5 }, { aws: 2 }),
      row('size', null, 'MB', null, {}, ['there was no room for it']),
    ]);
    expect(printed).toMatch(/speed +1 x +>= 1\.5 +MISSED +aws 2/);
    expect(printed).toMatch(/size +not measured +\[1\]\n\[1\] there was no room for it/);
  });
});

it('takes the median', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

it('runs contenders by turns, each round in the other order', async () => {
  const order: string[] = [];
  const contender = (name: string, seconds: readonly number[]): Contender => ({
    name,
    run: (round) => {
      order.push(`${name}${round}`);
      return Promise.resolve({
        seconds: seconds[round] ?? 0,
        cpuSeconds: null,
        peakBytes: 100,
        resident: [],
        stdout: '',
      });
    },
  });
  const medians = await alternate([contender('a', [1, 9, 2]), contender('b', [5, 5, 6])], 3, () => undefined);
  expect(order).toEqual(['a0', 'b0', 'b1', 'a1', 'a2', 'b2']);
  expect(medians.get('a')).toEqual({ seconds: 2, cpuSeconds: null, peakBytes: 100 });
});

describe.runIf(process.platform === 'linux')('measuring', () => {
  const node = (script: string) =>
    measure({ program: process.execPath, args: ['-e', script], env: process.env, cwd: process.cwd() });

  it('counts the CPU and the memory of a command and of what it starts', async () => {
    const busy = `
      const held = Buffer.alloc(200e6, 1);
      const until = process.cpuUsage().user + 300e3;
      while (process.cpuUsage().user < until);
      console.log(held.length);`;
    const nested = `require('node:child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(busy)}]); console.log('done')`;
    const { cpuSeconds, peakBytes, stdout } = await node(nested);
    expect(stdout).toBe('done\n');
    expect(cpuSeconds).toBeGreaterThan(0.3);
    expect(peakBytes).toBeGreaterThan(200e6);
  });

  it('fails with what the command said', async () => {
    await expect(node('console.error("no such bucket"); process.exit(4)')).rejects.toThrow(
      /ended with 4:\nno such bucket/,
    );
  });
});

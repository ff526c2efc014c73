import { rm } from 'node:fs/promises';
import type { Bench, Terms } from '../bench.ts';
import { ratio, row, type Row } from '../row.ts';
import { beside, compare } from './compare.ts';
import { contenders, type ContenderName } from './contenders.ts';
import { Judge } from './judge.ts';
import { makeFolder, MB, writeMany } from './scratch.ts';

const BYTES = 10 * 1024;

export const smallFiles: Bench = {
  name: 'small-files',
  what: '10,000 files of 10 KiB over http on loopback, against aws s3 cp --recursive, rclone and s5cmd',
  async run(terms) {
    const count = terms.quick ? 500 : 10_000;
    terms.tell(`small-files: writing ${count} files`);
    const folder = await makeFolder(terms.scratch, 'small-files');
    const names = await writeMany(folder, count, BYTES);
    const data = await makeFolder(terms.scratch, 'small-files-bucket');
    const judge = await Judge.start(data);
    try {
      return await measured(terms, folder, names, judge);
    } finally {
      await judge.stop();
      await rm(folder, { recursive: true, force: true });
      await rm(data, { recursive: true, force: true });
    }
  },
};

async function measured(
  terms: Terms,
  folder: string,
  names: readonly string[],
  judge: Judge,
): Promise<readonly Row[]> {
  const { present, notes } = contenders(terms, ['aws', 'rclone', 's5cmd']);
  const store = { ...judge.bucket, authority: null };
  const { of } = await compare(
    terms,
    'small-files',
    present,
    (to) => ({ source: folder, isFolder: true, to, store }),
    async (to) => {
      await judge.expectAll(to, folder, names);
      await judge.takeAway(to);
    },
  );
  const rate = (name: ContenderName): number | null => {
    const seconds = of(name)?.seconds;
    return seconds === undefined ? null : names.length / seconds;
  };
  const cost = (name: ContenderName): number | null => {
    const seconds = of(name)?.cpuSeconds ?? null;
    return seconds === null ? null : (seconds / names.length) * 1000;
  };
  const memory = (name: ContenderName): number | null => {
    const peak = of(name)?.peakBytes ?? null;
    return peak === null ? null : peak / MB;
  };
  return [
    row(
      'small files: objects per second, times those of aws s3 cp --recursive',
      ratio(rate('sluice'), rate('aws')),
      'x',
      { atLeast: 5 },
      beside(present, 'objects/s', rate),
      notes,
    ),
    row('small files: CPU per object', cost('sluice'), 'ms', null, beside(present, 'ms', cost), notes),
    row(
      'small files: peak memory',
      memory('sluice'),
      'MB',
      { atMost: 250 },
      beside(present, 'MB', memory),
      notes,
    ),
  ];
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Terms } from '../bench.ts';
import { ratio, row, type Row } from '../row.ts';
import { startLine, type LineOptions } from '../servers/index.ts';
import { beside, compare } from './compare.ts';
import { contenders, type ContenderName } from './contenders.ts';
import { Judge } from './judge.ts';
import { makeFolder, MB, MIB, writeNoise } from './scratch.ts';

const ROUND_TRIP_MS = 80;
/** What S3 is said to take of one upload request. */
const PER_CONNECTION = 20 * MB;
const SEED = 80;

interface Line {
  readonly name: string;
  readonly bytesPerSecond: number;
  /** Share of segments. */
  readonly loss: number;
}

const LINES: readonly Line[] = [
  { name: '100 MB/s', bytesPerSecond: 100 * MB, loss: 0 },
  { name: '100 MB/s, one segment of 10,000 lost', bytesPerSecond: 100 * MB, loss: 1e-4 },
  { name: '10 MB/s', bytesPerSecond: 10 * MB, loss: 0 },
];

export const slowLine: Bench = {
  name: 'slow-line',
  what: '512 MiB over lines of 80 ms, one of them lossy, against aws s3 cp',
  async run(terms) {
    const bytes = (terms.quick ? 48 : 512) * MIB;
    const file = join(terms.scratch, 'slow-line.bin');
    await writeNoise(file, bytes);
    const data = await makeFolder(terms.scratch, 'slow-line-bucket');
    const judge = await Judge.start(data);
    try {
      const rows: Row[] = [];
      for (const line of LINES) rows.push(await over(terms, line, file, bytes, judge));
      return rows;
    } finally {
      await judge.stop();
      await rm(file, { force: true });
      await rm(data, { recursive: true, force: true });
    }
  },
};

async function over(terms: Terms, line: Line, file: string, bytes: number, judge: Judge): Promise<Row> {
  const { present, notes } = contenders(terms, ['aws', 'rclone']);
  const options: LineOptions = {
    target: judge.bucket.endpoint,
    roundTripMs: ROUND_TRIP_MS,
    bytesPerSecond: line.bytesPerSecond,
    bytesPerConnection: PER_CONNECTION,
    loss: line.loss,
    seed: SEED,
  };
  const shaped = await startLine(terms.scratch, options);
  try {
    const store = { ...judge.bucket, endpoint: shaped.endpoint, authority: null };
    const { of } = await compare(
      terms,
      `slow-line ${line.name}`.replaceAll(/[^a-z0-9]+/gi, '-'),
      present,
      (to) => ({ source: file, isFolder: false, to, store }),
      async (to) => {
        await judge.expectOne(to, bytes);
        await judge.takeAway(to);
      },
    );
    const seconds = (name: ContenderName): number | null => of(name)?.seconds ?? null;
    return row(
      `line of 80 ms, ${line.name}: time, times that of aws s3 cp`,
      ratio(seconds('sluice'), seconds('aws')),
      'x',
      null,
      { ...beside(present, 's', seconds), 'line full s': bytes / line.bytesPerSecond },
      [...notes, `${PER_CONNECTION / MB} MB/s per connection`],
    );
  } finally {
    await shaped.stop();
  }
}

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bench, Terms } from '../bench.ts';
import { ratio, row, type Row } from '../row.ts';
import { startFront } from '../servers/index.ts';
import { makeCertificate } from './certificate.ts';
import { beside, compare, type Comparison } from './compare.ts';
import { contenders, type ContenderName, type Present, type Store } from './contenders.ts';
import { Judge } from './judge.ts';
import { GB, GIB, makeFolder, MB, MIB, writeNoise } from './scratch.ts';

const bytesOf = (terms: Terms): number => (terms.quick ? 256 * MIB : 2 * GIB);

type Figure = (name: ContenderName) => number | null;

/** What each came to, for a file of so many bytes. */
function figures(
  bytes: number,
  comparison: Comparison,
): { readonly speed: Figure; readonly costPer: (unit: number) => Figure; readonly memory: Figure } {
  return {
    speed: (name) => {
      const seconds = comparison.of(name)?.seconds;
      return seconds === undefined ? null : bytes / MB / seconds;
    },
    costPer: (unit) => (name) => {
      const seconds = comparison.of(name)?.cpuSeconds ?? null;
      return seconds === null ? null : seconds / (bytes / unit);
    },
    memory: (name) => {
      const peak = comparison.of(name)?.peakBytes ?? null;
      return peak === null ? null : peak / MB;
    },
  };
}

export const upload: Bench = {
  name: 'upload',
  what: 'one file of 2 GiB over http on loopback, against aws s3 cp, rclone and s5cmd',
  async run(terms) {
    const { present, notes } = contenders(terms, ['aws', 'rclone', 's5cmd']);
    const bytes = bytesOf(terms);
    return withBigFile(terms, 'upload', async (file, judge) => {
      const store = { ...judge.bucket, authority: null };
      const { speed, costPer, memory } = figures(
        bytes,
        await send(terms, 'upload', present, file, bytes, store, judge),
      );
      return [
        row(
          'upload: throughput, times that of aws s3 cp',
          ratio(speed('sluice'), speed('aws')),
          'x',
          { atLeast: 1.5 },
          beside(present, 'MB/s', speed),
          notes,
        ),
        row(
          'upload: CPU per GB, times that of aws s3 cp',
          ratio(costPer(GB)('sluice'), costPer(GB)('aws')),
          'x',
          { atMost: 0.5 },
          beside(present, 's/GB', costPer(GB)),
          notes,
        ),
        row(
          'upload: peak memory',
          memory('sluice'),
          'MB',
          { atMost: 250 },
          beside(present, 'MB', memory),
          notes,
        ),
      ];
    });
  },
};

export const uploadHttps: Bench = {
  name: 'upload-https',
  what: 'one file of 2 GiB over https on loopback: what encryption costs the client',
  async run(terms) {
    const name = 'upload over https: CPU per GiB';
    const certificate = await makeCertificate(await makeFolder(terms.scratch, 'certificate'));
    if (certificate === null) {
      return [row(name, null, 's', { atMost: 1.5 }, {}, ['not measured: openssl is not on this machine'])];
    }
    const { present, notes } = contenders(terms, ['aws', 'rclone']);
    const bytes = bytesOf(terms);
    return withBigFile(terms, 'upload-https', async (file, judge) => {
      const front = await startFront(terms.scratch, { target: judge.bucket.endpoint, tls: certificate });
      try {
        const store = { ...judge.bucket, endpoint: front.endpoint, authority: certificate.cert };
        const { speed, costPer, memory } = figures(
          bytes,
          await send(terms, 'upload-https', present, file, bytes, store, judge),
        );
        return [
          row(
            name,
            costPer(GIB)('sluice'),
            's',
            { atMost: 1.5 },
            {
              ...beside(present, 's/GiB', costPer(GIB)),
              ...beside(present, 'MB/s', speed),
            },
            notes,
          ),
          row(
            'upload over https: peak memory',
            memory('sluice'),
            'MB',
            { atMost: 250 },
            beside(present, 'MB', memory),
            notes,
          ),
        ];
      } finally {
        await front.stop();
      }
    });
  },
};

async function withBigFile(
  terms: Terms,
  name: string,
  work: (file: string, judge: Judge) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const bytes = bytesOf(terms);
  const file = join(terms.scratch, `${name}.bin`);
  terms.tell(`${name}: writing ${bytes / MIB} MiB`);
  await writeNoise(file, bytes);
  const data = await makeFolder(terms.scratch, `${name}-bucket`);
  const judge = await Judge.start(data);
  try {
    return await work(file, judge);
  } finally {
    await judge.stop();
    await rm(file, { force: true });
    await rm(data, { recursive: true, force: true });
  }
}

const send = (
  terms: Terms,
  what: string,
  present: readonly Present[],
  file: string,
  bytes: number,
  store: Store,
  judge: Judge,
): Promise<Comparison> =>
  compare(
    terms,
    what,
    present,
    (to) => ({ source: file, isFolder: false, to, store }),
    async (to) => {
      await judge.expectOne(to, bytes);
      await judge.takeAway(to);
    },
  );

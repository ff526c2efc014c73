import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { planUpload } from '#internal/main/transfers/plan';
import type { Bench } from '../bench.ts';
import { measure } from '../measure.ts';
import { median, row, type Row } from '../row.ts';
import { partCounts } from '../servers/index.ts';
import { put } from './contenders.ts';
import { withSink } from './sinking.ts';
import { GIB, MB, writeSparse } from './scratch.ts';

const TERABYTE = 1e12;
/** What a heap may wander by; parts that are kept would be a thousand times that. */
const FLAT_MB = 25;

export const terabyte: Bench = {
  name: 'terabyte',
  what: 'a sparse file of 1 TB to a sink (with --long; else the first 64 GiB of that plan)',
  async run(terms) {
    const { partSize } = planUpload(TERABYTE);
    const bytes = terms.long ? TERABYTE : (terms.quick ? 4 : 64) * GIB;
    const size = terms.long ? '1 TB' : `${bytes / GIB} GiB in parts of the 1 TB plan`;
    const name = `1 TB plan: ${size}`;
    const file = join(terms.scratch, 'terabyte.bin');
    try {
      await writeSparse(file, bytes);
    } catch (error) {
      const why = `not measured: no file so large can be made here (${(error as Error).message})`;
      return [row(`${name}, peak memory`, null, 'MB', { atMost: 250 }, {}, [why])];
    }
    terms.tell(`terabyte: ${size}`);
    try {
      return await withSink(terms.scratch, false, async (sink, store) => {
        const errand = { source: file, isFolder: false, to: 'terabyte', store };
        const flags = ['--part-size', String(partSize)];
        const measured = await measure(await put(terms, errand, 'terabyte-state', flags));
        return rowsOf(name, bytes, partSize, measured, await partCounts(sink.endpoint));
      });
    } finally {
      await rm(file, { force: true });
    }
  },
};

function rowsOf(
  name: string,
  bytes: number,
  partSize: number,
  { seconds, cpuSeconds, peakBytes, resident }: Awaited<ReturnType<typeof measure>>,
  counts: Awaited<ReturnType<typeof partCounts>>,
): readonly Row[] {
  const growth = growthOf(resident);
  return [
    row(
      `${name}, peak memory`,
      peakBytes === null ? null : peakBytes / MB,
      'MB',
      { atMost: 250 },
      {
        'part MB': partSize / MB,
        parts: counts.whole,
        'parts in flight': counts.mostOpen,
        'MB/s': bytes / MB / seconds,
        minutes: seconds / 60,
        'CPU s/GiB': cpuSeconds === null ? null : cpuSeconds / (bytes / GIB),
      },
    ),
    row(
      `${name}, memory of the last quarter beyond that of the first`,
      growth === null ? null : growth / MB,
      'MB',
      { atMost: FLAT_MB },
      { 'sent again MB': (counts.bytes - bytes) / MB },
    ),
  ];
}

/** @returns bytes, by the medians of the quarters; null where nothing could be seen */
export function growthOf(resident: readonly number[]): number | null {
  const quarter = Math.floor(resident.length / 4);
  if (quarter === 0) return null;
  return median(resident.slice(-quarter)) - median(resident.slice(0, quarter));
}

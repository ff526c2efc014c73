import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { planUpload } from '#internal/main/transfers/plan';
import type { Bench, Terms } from '../bench.ts';
import { measure } from '../measure.ts';
import { row, type Row } from '../row.ts';
import { partCounts } from '../servers/index.ts';
import { put } from './contenders.ts';
import { withSink } from './sinking.ts';
import { GIB, MB, MIB, writeSparse } from './scratch.ts';

interface Taken {
  /** The worst of all rounds, as is the next. */
  readonly peak: number | null;
  readonly partsInFlight: number;
}

/** A client that has nothing to hold: what all the others have beyond it, they have for parts. */
const ALMOST_NOTHING = 1;

export const memory: Bench = {
  name: 'memory',
  what: 'the most memory while files of 64 MiB, 2 GiB and (with --long) 20 GiB go to a sink',
  async run(terms) {
    const idle = await taken(terms, ALMOST_NOTHING);
    const sizes = terms.quick ? [64 * MIB, 256 * MIB] : [64 * MIB, 2 * GIB, 20 * GIB];
    const rows: Row[] = [];
    for (const bytes of sizes) {
      const size = bytes < GIB ? `${bytes / MIB} MiB` : `${bytes / GIB} GiB`;
      if (bytes > 2 * GIB && !terms.long) {
        rows.push(
          row(`memory: ${size}, peak`, null, 'MB', { atMost: 250 }, {}, ['not measured without --long']),
        );
        continue;
      }
      rows.push(...rowsOf(size, bytes, await taken(terms, bytes), idle));
    }
    return rows;
  },
};

function rowsOf(size: string, bytes: number, { peak, partsInFlight }: Taken, idle: Taken): readonly Row[] {
  const { partSize } = planUpload(bytes);
  const forParts = peak === null || idle.peak === null ? null : (peak - idle.peak) / MB;
  return [
    row(`memory: ${size}, peak`, peak === null ? null : peak / MB, 'MB', { atMost: 250 }),
    row(
      `memory: ${size}, for its parts (bar: parts in flight + 2, times part size)`,
      forParts,
      'MB',
      { atMost: ((partsInFlight + 2) * partSize) / MB },
      {
        'parts in flight': partsInFlight,
        'part MB': partSize / MB,
        'client without parts MB': idle.peak === null ? null : idle.peak / MB,
      },
    ),
  ];
}

async function taken(terms: Terms, bytes: number): Promise<Taken> {
  const file = join(terms.scratch, `memory-${bytes}.bin`);
  await writeSparse(file, bytes);
  try {
    const rounds: Taken[] = [];
    for (let round = 0; round < terms.rounds; round += 1) {
      // A sink of its own: what it counts is of this round.
      rounds.push(
        await withSink(terms.scratch, false, async (sink, store) => {
          const errand = { source: file, isFolder: false, to: `memory-${bytes}-${round}`, store };
          const { peakBytes, seconds } = await measure(await put(terms, errand, errand.to));
          terms.tell(`  memory, ${bytes} bytes, round ${round + 1}: ${seconds.toFixed(2)} s`);
          return { peak: peakBytes, partsInFlight: (await partCounts(sink.endpoint)).mostOpen };
        }),
      );
    }
    const peaks = rounds.flatMap(({ peak }) => (peak === null ? [] : [peak]));
    return {
      peak: peaks.length === 0 ? null : Math.max(...peaks),
      partsInFlight: Math.max(...rounds.map(({ partsInFlight }) => partsInFlight)),
    };
  } finally {
    await rm(file, { force: true });
  }
}

import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { planUpload } from '#internal/main/transfers/plan';
import type { Bench, Terms } from '../bench.ts';
import { killGroup, measure, type Command } from '../measure.ts';
import { median, row, type Row } from '../row.ts';
import { partCounts, startFront, type PartCounts } from '../servers/index.ts';
import { put } from './contenders.ts';
import { Judge } from './judge.ts';
import { GIB, makeFolder, MB, MIB, writeNoise } from './scratch.ts';

const LOOK_MS = 5;

interface Killed {
  /** Beyond the size of the file. */
  readonly sentTwice: number;
  readonly partsInFlight: number;
  /** Requests for parts that the client itself broke off while it lived, to send them again: a late answer, a reset. */
  readonly givenUp: number;
  /** Seconds per byte of the second run over those of the first. */
  readonly pace: number;
  readonly keptParts: number;
}

export const killed: Bench = {
  name: 'killed',
  what: 'killed at half of 2 GiB and started again: what is sent twice',
  async run(terms) {
    const bytes = terms.quick ? 256 * MIB : 2 * GIB;
    const { partSize, partCount } = planUpload(bytes);
    const file = join(terms.scratch, 'killed.bin');
    const data = await makeFolder(terms.scratch, 'killed-bucket');
    terms.tell(`killed: writing ${bytes / MIB} MiB`);
    await writeNoise(file, bytes);
    const judge = await Judge.start(data);
    try {
      const rounds: Killed[] = [];
      for (let round = 0; round < terms.rounds; round += 1) {
        const one = await killOnce(terms, judge, file, bytes, `killed-${round}`);
        terms.tell(
          `  killed, round ${round + 1}: ${one.keptParts} of ${partCount} parts kept, ${(one.sentTwice / MB).toFixed(1)} MB sent twice`,
        );
        rounds.push(one);
      }
      return rowsOf(rounds, partSize, partCount);
    } finally {
      await judge.stop();
      await rm(file, { force: true });
      await rm(data, { recursive: true, force: true });
    }
  },
};

/** The worst round stands for all: this is a promise, and not a speed. */
function rowsOf(rounds: readonly Killed[], partSize: number, partCount: number): readonly Row[] {
  const excess = ({ sentTwice, partsInFlight }: Killed): number => sentTwice - partsInFlight * partSize;
  const worst = rounds.toSorted((a, b) => excess(b) - excess(a))[0];
  if (worst === undefined) return [];
  return [
    row(
      'killed at 50 %: sent twice, worst round (bar: parts in flight, times part size)',
      worst.sentTwice / MB,
      'MB',
      { atMost: (worst.partsInFlight * partSize) / MB },
      {
        'parts in flight': worst.partsInFlight,
        'given up by itself': worst.givenUp,
        'part MB': partSize / MB,
        'parts kept': worst.keptParts,
        'of parts': partCount,
      },
    ),
    row(
      'killed at 50 %: time per byte of the second run, times that of the first',
      median(rounds.map(({ pace }) => pace)),
      'x',
      null,
    ),
  ];
}

async function killOnce(
  terms: Terms,
  judge: Judge,
  file: string,
  bytes: number,
  name: string,
): Promise<Killed> {
  const front = await startFront(terms.scratch, { target: judge.bucket.endpoint, tls: null });
  try {
    const store = { ...judge.bucket, endpoint: front.endpoint, authority: null };
    const command = await put(terms, { source: file, isFolder: false, to: name, store }, name);
    const first = await runUntilHalf(command, front.endpoint, bytes);
    const again = await measure(command);
    const after = await partCounts(front.endpoint);
    await judge.expectOne(name, bytes);
    await judge.takeAway(name);
    const firstPace = first.seconds / first.counts.bytes;
    const secondPace = again.seconds / (after.bytes - first.counts.bytes);
    return {
      sentTwice: after.bytes - bytes,
      partsInFlight: first.partsInFlight,
      givenUp: first.givenUp + (after.cut - first.counts.cut),
      pace: secondPace / firstPace,
      keptParts: keptParts(again.stdout),
    };
  } finally {
    await front.stop();
  }
}

/** Kills the command, without a word, once half the bytes have come. */
async function runUntilHalf(
  { program, args, env, cwd }: Command,
  origin: string,
  bytes: number,
): Promise<{
  readonly seconds: number;
  readonly counts: PartCounts;
  readonly partsInFlight: number;
  readonly givenUp: number;
}> {
  const started = performance.now();
  const child = spawn(program, args, { env, cwd, detached: true, stdio: 'ignore' });
  const endGroup = (): void => killGroup(child.pid);
  process.once('exit', endGroup);
  const ended = new Promise<NodeJS.Signals | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (_, signal) => resolve(signal));
  });
  let before = await partCounts(origin);
  while (before.bytes < bytes / 2 && child.exitCode === null) {
    await sleep(LOOK_MS);
    before = await partCounts(origin);
  }
  endGroup();
  if ((await ended) !== 'SIGKILL') throw new Error('the upload ended before it was killed');
  process.off('exit', endGroup);
  const seconds = (performance.now() - started) / 1000;
  // What the system still held of it reaches the store after its death.
  let counts = await partCounts(origin);
  while (counts.open > 0) {
    await sleep(LOOK_MS);
    counts = await partCounts(origin);
  }
  // To the client a part is in flight until it has read and journalled the answer, which the front cannot see.
  return { seconds, counts, partsInFlight: counts.mostOpen, givenUp: before.cut };
}

function keptParts(stdout: string): number {
  const { files } = JSON.parse(stdout) as {
    readonly files: readonly { readonly receipt: { readonly parts: { readonly kept: number } } }[];
  };
  return files[0]?.receipt.parts.kept ?? 0;
}

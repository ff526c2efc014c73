import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { DeleteObjectsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { BucketAccess } from '../e2e/support/engine.ts';
import { CLI, cleanEnvironment, type Bench, type Terms } from './bench.ts';
import { startBucket } from './bucket.ts';
import { alternate, measure, type Contender, type Measured } from './measure.ts';
import { ratio, row, type Row } from './row.ts';

const MIB = 1024 ** 2;

/** One big file over http on loopback, against what `aws s3 cp` makes of the same file and server. */
export const upload: Bench = {
  name: 'upload',
  what: 'one file of 2 GiB to a bucket on loopback, against aws s3 cp',
  async run(terms) {
    const bytes = (terms.quick ? 256 : 2048) * MIB;
    const file = join(terms.scratch, 'upload.bin');
    terms.tell(`upload: writing ${bytes / MIB} MiB`);
    await writeNoise(file, bytes);
    const bucket = await startBucket(await folder(terms, 'bucket'));
    try {
      return await compared(terms, file, bytes, bucket);
    } finally {
      await bucket.stop();
      await rm(file, { force: true });
    }
  },
};

async function compared(
  terms: Terms,
  file: string,
  bytes: number,
  bucket: BucketAccess,
): Promise<readonly Row[]> {
  const client = new S3Client({
    endpoint: bucket.endpoint,
    region: bucket.region,
    credentials: bucket,
    forcePathStyle: true,
  });
  const checked = (contender: Contender): Contender => ({
    name: contender.name,
    async run(round) {
      const measured = await contender.run(round);
      await takeAway(client, bucket.bucket, bytes);
      return measured;
    },
  });
  try {
    const aws = onPath('aws');
    if (aws === null) terms.tell('upload: aws is not on this machine; there is nothing to compare with');
    const contenders = [
      sluice(terms, file, bucket),
      ...(aws === null ? [] : [awsCopy(terms, aws, file, bucket)]),
    ];
    const medians = await alternate(contenders.map(checked), terms.rounds, (line) => terms.tell(line));
    return rows(bytes, medians.get('sluice'), medians.get('aws'));
  } finally {
    client.destroy();
  }
}

type Result = Pick<Measured, 'seconds' | 'cpuSeconds' | 'peakBytes'> | undefined;

function rows(bytes: number, ours: Result, theirs: Result): readonly Row[] {
  const speed = (of: Result): number | null => (of === undefined ? null : bytes / 1e6 / of.seconds);
  const cost = (of: Result): number | null =>
    of === undefined || of.cpuSeconds === null ? null : of.cpuSeconds / (bytes / 1e9);
  const memory = (of: Result): number | null =>
    of === undefined || of.peakBytes === null ? null : of.peakBytes / 1e6;
  return [
    row(
      'upload: throughput, times that of aws s3 cp',
      ratio(speed(ours), speed(theirs)),
      'x',
      { atLeast: 1.5 },
      {
        'sluice MB/s': speed(ours),
        'aws MB/s': speed(theirs),
      },
    ),
    row(
      'upload: CPU per GB, times that of aws s3 cp',
      ratio(cost(ours), cost(theirs)),
      'x',
      { atMost: 0.5 },
      {
        'sluice s/GB': cost(ours),
        'aws s/GB': cost(theirs),
      },
    ),
    row('upload: peak memory', memory(ours), 'MB', { atMost: 250 }, { 'aws MB': memory(theirs) }),
  ];
}

function sluice(terms: Terms, file: string, bucket: BucketAccess): Contender {
  return {
    name: 'sluice',
    // Every round starts with a state folder of its own: nothing is known of the file.
    run: async (round) => {
      const data = await folder(terms, `state-${round}`);
      const to = `s3://${bucket.bucket}/sluice-${round}`;
      const env = credentials(terms, bucket);
      return measure({
        program: process.execPath,
        args: [CLI, 'put', file, '--to', to, '--data', data, '--json'],
        env,
        cwd: data,
      });
    },
  };
}

function awsCopy(terms: Terms, aws: string, file: string, bucket: BucketAccess): Contender {
  return {
    name: 'aws',
    run: (round) =>
      measure({
        program: aws,
        args: [
          's3',
          'cp',
          file,
          `s3://${bucket.bucket}/aws-${round}`,
          '--endpoint-url',
          bucket.endpoint,
          '--no-progress',
        ],
        env: credentials(terms, bucket),
        cwd: terms.scratch,
      }),
  };
}

const credentials = (terms: Terms, bucket: BucketAccess): NodeJS.ProcessEnv => ({
  ...cleanEnvironment(terms.scratch),
  AWS_ENDPOINT_URL_S3: bucket.endpoint,
  AWS_REGION: bucket.region,
  AWS_DEFAULT_REGION: bucket.region,
  AWS_ACCESS_KEY_ID: bucket.accessKeyId,
  AWS_SECRET_ACCESS_KEY: bucket.secretAccessKey,
});

/** Deletes what a round uploaded, after making sure that the whole file is there. */
async function takeAway(client: S3Client, bucket: string, bytes: number): Promise<void> {
  const { Contents: objects = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
  if (!objects.some(({ Size }) => Size === bytes)) {
    throw new Error(`No object of ${bytes} bytes is in the bucket after the upload`);
  }
  const keys = objects.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
  await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: keys, Quiet: true } }));
}

/** Bytes that nothing can compress or take for another block. */
async function writeNoise(path: string, bytes: number): Promise<void> {
  const block = randomBytes(8 * MIB);
  const file = await open(path, 'w');
  try {
    for (let done = 0; done < bytes; done += block.length) {
      for (let at = 0; at < block.length; at += 4096) block.writeDoubleLE(done + at + Math.PI, at);
      await file.write(block, 0, Math.min(block.length, bytes - done));
    }
  } finally {
    await file.close();
  }
}

async function folder(terms: Terms, name: string): Promise<string> {
  const path = join(terms.scratch, name);
  await mkdir(path, { recursive: true });
  return path;
}

function onPath(name: string): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '');
  return folders.map((entry) => join(entry, name)).find((path) => existsSync(path)) ?? null;
}

import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import { expect, test } from '@playwright/test';
import { sluice, type Outcome } from './support/cli.ts';
import { startEngine, type BucketAccess } from './support/engine.ts';

let root = '';
let data = '';

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-choices-'));
  data = join(root, 'data');
  mkdirSync(data);
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(name: string, content: string | Buffer): string {
  writeFileSync(join(root, name), content);
  return join(root, name);
}

interface Put {
  readonly files: readonly {
    readonly key: string;
    readonly state: string;
    readonly decision: string;
    readonly met: readonly { readonly kind: string; readonly chosen: string }[];
    readonly receipt: { readonly parts: { readonly kept: number } } | null;
  }[];
  readonly refused: readonly { readonly name: string; readonly error: { readonly code: string } }[];
}
interface Leftovers {
  readonly bytes: number;
  readonly deleted: number;
  readonly leftovers: readonly {
    readonly key: string;
    readonly known: { readonly state: string; readonly sourceThere: boolean } | null;
    readonly mayBeInUse: boolean;
  }[];
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test says what the document is
const parse = <T>({ stdout }: Outcome): T => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
const codeOf = ({ stderr }: Outcome): string =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { error: { code: string } }).error.code;

const TO = ['--to', 's3://sluice/in'];

async function put(
  args: readonly string[],
  exit: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Put> {
  const outcome = await sluice(['put', ...args, '--json'], { data, env });
  expect(outcome.code, outcome.stderr).toBe(exit);
  return parse<Put>(outcome);
}

test('put leaves alone what is the same, and refuses what is not unless it is told what to do', async () => {
  const file = write('a.csv', 'one');
  await put([file, ...TO], 0);
  const again = await put([file, ...TO], 0);
  expect(again.files).toMatchObject([
    {
      key: 'in/a.csv',
      state: 'done',
      decision: 'skip',
      met: [{ kind: 'identical', chosen: 'skip' }],
      receipt: null,
    },
  ]);

  write('a.csv', 'ONE');
  const refused = await sluice(['put', file, ...TO, '--json'], { data });
  expect(refused.code).toBe(4);
  expect(codeOf(refused)).toBe('OBJECT_EXISTS');
  expect(parse<Put>(refused).refused).toMatchObject([{ name: 'a.csv', error: { code: 'OBJECT_EXISTS' } }]);
  const plain = await sluice(['put', file, ...TO], { data });
  expect(plain.stderr).toContain('--existing rename, replace or skip');

  expect((await put([file, ...TO, '--existing', 'skip'], 0)).files).toMatchObject([{ state: 'skipped' }]);
  expect((await put([file, ...TO, '--compare', 'size'], 0)).files).toMatchObject([
    { state: 'done', decision: 'skip' },
  ]);
  expect((await put([file, ...TO, '--existing', 'rename'], 0)).files).toMatchObject([{ key: 'in/a~2.csv' }]);
  expect((await put([file, ...TO, '--existing', 'replace'], 0)).files).toMatchObject([
    { key: 'in/a.csv', decision: 'send', met: [{ kind: 'different', chosen: 'replace' }] },
  ]);
  expect((await put([file, ...TO], 0)).files).toMatchObject([{ decision: 'skip' }]);

  const asked = await sluice(['put', write('a.csv', 'other'), ...TO, '--existing', 'ask', '--json'], {
    data,
  });
  expect(asked.code).toBe(2);
  expect(codeOf(asked)).toBe('COMMAND_INVALID');
  const wrong = await sluice(['put', file, '--existing', 'perhaps', '--json'], { data });
  expect(codeOf(wrong)).toBe('COMMAND_INVALID');
});

test('an upload that was killed is known as a leftover; put goes on with it, or not, as its file changed', async () => {
  const content = randomBytes(60_000_000);
  const file = write('large.bin', content);
  const killed = await sluice(['put', file, ...TO, '--json', '--progress', '--concurrency', '1'], {
    data,
    onLine: (line, kill) => {
      if (((JSON.parse(line) as { committed?: number }).committed ?? 0) > 16_000_000) kill();
    },
  });
  expect(killed.code).toBeNull();
  const left = parse<Leftovers>(await sluice(['leftovers', '--json'], { data }));
  expect(left.leftovers).toMatchObject([
    { key: 'in/large.bin', known: { state: 'paused', sourceThere: true } },
  ]);
  // It can be gone on with: only --known deletes it.
  const kept = parse<Leftovers>(
    await sluice(['leftovers', '--delete', '--older-than', '0m', '--json'], { data }),
  );
  expect(kept.deleted).toBe(0);

  utimesSync(file, new Date(), new Date());
  const refused = await sluice(['put', file, ...TO, '--changed', 'fail', '--json'], { data });
  expect(refused.code).toBe(3);
  expect(codeOf(refused)).toBe('SOURCE_CHANGED_SINCE');
  const done = await put([file, ...TO], 0);
  expect(done.files).toMatchObject([
    { decision: 'continue', met: [{ kind: 'changed', chosen: 'continue' }] },
  ]);
  expect(done.files[0]?.receipt?.parts.kept).toBeGreaterThanOrEqual(1);
  expect(parse<Leftovers>(await sluice(['leftovers', '--json'], { data })).leftovers).toEqual([]);
});

test('what another program left is listed, resumed with its file, or deleted', async () => {
  const other = join(root, 'other');
  mkdirSync(other);
  const engine = await startEngine({ data: other });
  try {
    const env = {
      AWS_ENDPOINT_URL_S3: engine.bucket.endpoint,
      AWS_REGION: engine.bucket.region,
      AWS_ACCESS_KEY_ID: engine.bucket.accessKeyId,
      AWS_SECRET_ACCESS_KEY: engine.bucket.secretAccessKey,
    };
    const content = randomBytes(20_000_000);
    const file = write('big.bin', content);
    await begin(engine.bucket, 'in/big.bin', content.subarray(0, 8 * 1024 * 1024));
    await begin(engine.bucket, 'in/old.bin', content.subarray(0, 100));
    await begin(engine.bucket, 'elsewhere/x', content.subarray(0, 100));

    const list = async (...args: readonly string[]): Promise<Leftovers> =>
      parse<Leftovers>(await sluice(['leftovers', 's3://sluice/in', ...args, '--json'], { data, env }));
    const found = await list();
    expect(found.leftovers.map(({ key, known, mayBeInUse }) => [key, known, mayBeInUse])).toEqual([
      ['in/big.bin', null, true],
      ['in/old.bin', null, true],
    ]);
    expect(found.bytes).toBe(8 * 1024 * 1024 + 100);
    expect((await list('--older-than', '1d')).leftovers).toEqual([]);
    // On its first day it is left alone, unless an age is named.
    expect((await list('--delete')).deleted).toBe(0);

    const resumed = await put([file, ...TO, '--leftover', 'resume'], 0, env);
    expect(resumed.files).toMatchObject([
      { met: [{ kind: 'leftover', chosen: 'continue' }], receipt: { parts: { kept: 1 } } },
    ]);
    expect((await list('--delete', '--older-than', '0m')).deleted).toBe(1);
    expect((await list()).leftovers).toEqual([]);
    const all = parse<Leftovers>(await sluice(['leftovers', 's3://sluice', '--json'], { data, env }));
    expect(all.leftovers.map(({ key }) => key)).toEqual(['elsewhere/x']);
    const wrong = await sluice(['leftovers', '--older-than', 'long', '--json'], { data, env });
    expect(codeOf(wrong)).toBe('COMMAND_INVALID');
  } finally {
    await engine.stop();
  }
});

/** As a program would that died after its first part. */
async function begin(access: BucketAccess, key: string, part: Buffer): Promise<void> {
  const { endpoint, bucket: Bucket, region, accessKeyId, secretAccessKey } = access;
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({
        Bucket,
        Key: key,
        ChecksumAlgorithm: 'CRC32',
        ChecksumType: 'FULL_OBJECT',
      }),
    );
    await client.send(new UploadPartCommand({ Bucket, Key: key, UploadId, PartNumber: 1, Body: part }));
  } finally {
    client.destroy();
  }
}

/** Stock S3 clients of this machine against the built-in bucket: what they put in, they get back byte for byte. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { type BucketServer, startBucketServer } from '#main/bucket';
import { findTool, type Ran, run } from './tools.ts';

const BUCKET = 'interop';
const KEY = 'AKIDINTEROP';
const SECRET = 'interop/secret+key';
const MINUTES = 60_000;

let root = '';
let server: BucketServer;
const logged: unknown[] = [];
const small = Buffer.from('a small file,\nwith ünïcode\n');
/** Several parts for every client here. */
const large = Buffer.alloc(30_000_000);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sluice-interop-'));
  for (let at = 0; at + 4 <= large.length; at += 4) large.writeUInt32LE((at * 2_654_435_761) >>> 0, at);
  server = await startBucketServer({
    root: join(root, 'store'),
    credentials: { accessKeyId: KEY, secretAccessKey: SECRET },
    region: 'us-east-1',
    listen: { port: 0 },
    buckets: [BUCKET],
    allowedOrigins: () => [],
    log: (message, error) => logged.push(message, error),
  });
  // Version 1 of the command line presigns in the way of before 2012 unless it is told otherwise.
  await writeFile(join(root, 'aws-config'), '[default]\ns3 =\n  signature_version = s3v4\n');
  await mkdir(join(root, 'in', 'deep folder'), { recursive: true });
  await writeFile(join(root, 'in', 'small.csv'), small);
  await writeFile(join(root, 'in', 'empty'), '');
  await writeFile(join(root, 'in', 'large.bin'), large);
  await writeFile(join(root, 'in', 'deep folder', 'naïve +&% 🎉.txt'), small);
});
afterAll(async () => {
  await server.close();
  await rm(root, { recursive: true, force: true });
  expect(logged).toEqual([]);
});

/** @returns the tool's path; where it is missing the test is skipped and says why */
async function need(name: string, context: TestContext): Promise<string> {
  const path = await findTool(name);
  if (path === null) context.skip(`${name} is not on PATH of this machine`);
  return path ?? '';
}

function succeeded({ code, out, err }: Ran): string {
  expect(code, err + out).toBe(0);
  return out;
}

/** Every file below a folder with its bytes. */
async function tree(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    found.set(path.slice(folder.length).replaceAll('\\', '/'), (await readFile(path)).toString('base64'));
  }
  return found;
}

async function expectSameTree(folder: string): Promise<void> {
  expect(await tree(folder)).toEqual(await tree(join(root, 'in')));
}

describe('aws', () => {
  const environment = (): Record<string, string> => ({
    AWS_CONFIG_FILE: join(root, 'aws-config'),
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ACCESS_KEY_ID: KEY,
    AWS_SECRET_ACCESS_KEY: SECRET,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: server.origin,
    AWS_PAGER: '',
  });

  test('copies, lists, syncs, signs and removes', { timeout: 3 * MINUTES }, async (context) => {
    const command = await need('aws', context);
    const aws = async (...parameters: string[]): Promise<string> =>
      succeeded(await run(command, parameters, environment()));

    await aws('s3', 'sync', join(root, 'in'), `s3://${BUCKET}/aws/`, '--no-progress');
    expect(await aws('s3', 'sync', join(root, 'in'), `s3://${BUCKET}/aws/`, '--no-progress')).toBe('');
    const listed = await aws('s3', 'ls', '--recursive', `s3://${BUCKET}/aws/`);
    expect(listed).toContain(' 30000000 aws/large.bin');
    expect(listed.trim().split('\n')).toHaveLength(4);
    await aws('s3', 'cp', '--recursive', `s3://${BUCKET}/aws/`, join(root, 'aws'), '--no-progress');
    await expectSameTree(join(root, 'aws'));

    const head = JSON.parse(
      await aws(
        's3api',
        'head-object',
        '--bucket',
        BUCKET,
        '--key',
        'aws/large.bin',
        '--checksum-mode',
        'ENABLED',
      ),
    ) as Record<string, unknown>;
    expect(head).toMatchObject({ ContentLength: large.length });
    expect(head['ETag']).toMatch(/^"[\da-f]{32}-\d+"$/);

    const url = (await aws('s3', 'presign', `s3://${BUCKET}/aws/small.csv`, '--expires-in', '60')).trim();
    expect(Buffer.from(await (await fetch(url)).arrayBuffer()).equals(small)).toBe(true);

    await aws('s3', 'cp', `s3://${BUCKET}/aws/large.bin`, `s3://${BUCKET}/aws/copy.bin`, '--no-progress');
    await aws('s3', 'cp', `s3://${BUCKET}/aws/copy.bin`, join(root, 'copy.bin'), '--no-progress');
    expect((await readFile(join(root, 'copy.bin'))).equals(large)).toBe(true);

    await aws('s3', 'rm', '--recursive', `s3://${BUCKET}/aws/`);
    const left = await run(command, ['s3', 'ls', '--recursive', `s3://${BUCKET}/aws/`], environment());
    expect(left.out).toBe('');
  });

  test('is told in its own words what is wrong', { timeout: MINUTES }, async (context) => {
    const command = await need('aws', context);
    const wrong = { ...environment(), AWS_SECRET_ACCESS_KEY: 'wrong' };
    const refused = await run(command, ['s3', 'ls'], wrong);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain('SignatureDoesNotMatch');
    const missing = await run(
      command,
      ['s3', 'cp', `s3://${BUCKET}/none`, join(root, 'none')],
      environment(),
    );
    expect(missing.err).toContain('404');
  });
});

describe('rclone', () => {
  test('copies, checks and removes', { timeout: 2 * MINUTES }, async (context) => {
    const command = await need('rclone', context);
    const environment = {
      RCLONE_CONFIG: '/dev/null',
      RCLONE_S3_PROVIDER: 'Other',
      RCLONE_S3_ACCESS_KEY_ID: KEY,
      RCLONE_S3_SECRET_ACCESS_KEY: SECRET,
      RCLONE_S3_ENDPOINT: server.origin,
      RCLONE_S3_REGION: 'us-east-1',
      RCLONE_S3_UPLOAD_CUTOFF: '10M',
      RCLONE_S3_CHUNK_SIZE: '6M',
    };
    const rclone = async (...parameters: string[]): Promise<string> =>
      succeeded(await run(command, parameters, environment));
    await rclone('copy', join(root, 'in'), `:s3:${BUCKET}/rclone`);
    await rclone('check', join(root, 'in'), `:s3:${BUCKET}/rclone`, '--download');
    await rclone('copy', `:s3:${BUCKET}/rclone`, join(root, 'rclone'));
    await expectSameTree(join(root, 'rclone'));
    await rclone('purge', `:s3:${BUCKET}/rclone`);
    expect(await rclone('lsf', '-R', `:s3:${BUCKET}`)).not.toContain('rclone/');
  });
});

describe('s3cmd', () => {
  test('puts, lists, gets and removes', { timeout: 2 * MINUTES }, async (context) => {
    const command = await need('s3cmd', context);
    const host = new URL(server.origin).host;
    const config = join(root, 's3cfg');
    const lines = ['[default]', `access_key = ${KEY}`, `secret_key = ${SECRET}`];
    lines.push(`host_base = ${host}`, `host_bucket = ${host}`, 'use_https = False');
    await writeFile(config, lines.join('\n'));
    const s3cmd = async (...parameters: string[]): Promise<string> =>
      succeeded(await run(command, ['-c', config, '--no-progress', ...parameters], {}));
    await s3cmd('sync', `${join(root, 'in')}/`, `s3://${BUCKET}/s3cmd/`);
    expect(await s3cmd('ls', '-r', `s3://${BUCKET}/s3cmd/`)).toContain('large.bin');
    await mkdir(join(root, 's3cmd'));
    await s3cmd('get', '-r', `s3://${BUCKET}/s3cmd/`, `${join(root, 's3cmd')}/`);
    await expectSameTree(join(root, 's3cmd'));
    await s3cmd('del', '-r', '-f', `s3://${BUCKET}/s3cmd/`);
    expect(await s3cmd('ls', '-r', `s3://${BUCKET}/s3cmd/`)).toBe('');
  });
});

import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from '@playwright/test';
import { sluice, type Outcome } from './support/cli.ts';
import { startEngine } from './support/engine.ts';

let root = '';
let data = '';
test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-custody-'));
  data = join(root, 'data');
  mkdirSync(data);
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test says what the document is
const parse = <T>(text: string): T => JSON.parse(text) as T;

interface Manifest {
  readonly session: { readonly id: string; readonly bucket: string; readonly prefix: string };
  readonly custody: unknown;
  readonly files: readonly { readonly path: string; readonly key: string; readonly sha256: string | null }[];
  readonly digest: string;
}
interface Checked {
  readonly files: number;
  readonly agree: number;
  readonly differ: number;
  readonly isIntact: boolean;
  readonly checks: readonly {
    readonly outcome: string;
    readonly path: string;
    readonly differences?: readonly { readonly what: string }[];
  }[];
}

const codeOf = ({ stderr }: Outcome): string =>
  parse<{ error: { code: string } }>(stderr.trim().split('\n').at(-1) ?? '').error.code;

/** Four files in a folder, and what was made of them. */
async function putFour(): Promise<Manifest> {
  mkdirSync(at('evidence'));
  for (const [name, size] of Object.entries({
    'a.bin': 9_000_000,
    'b.csv': 500_000,
    'c.csv': 4000,
    'd.csv': 70_000,
  })) {
    writeFileSync(join(at('evidence'), name), randomBytes(size));
  }
  const put = await sluice(
    [
      'put',
      at('evidence'),
      '--sha256',
      '--case',
      '2026-114',
      '--examiner',
      'A. Example',
      '--receipts',
      at('receipts'),
      '--manifest',
      at('m.json'),
    ],
    { data },
  );
  expect(put.stderr).toBe('');
  expect(put.code).toBe(0);
  return parse<Manifest>(readFileSync(at('m.json'), 'utf8'));
}

async function check(...options: string[]): Promise<Outcome & { readonly result: Checked }> {
  const outcome = await sluice(['verify', at('m.json'), '--json', ...options], { data });
  return { ...outcome, result: parse<Checked>(outcome.stdout) };
}

test('receipts and a sealed manifest are saved, and all of it can be checked again', async () => {
  const manifest = await putFour();
  expect(manifest.custody).toEqual({ caseNumber: '2026-114', examiner: 'A. Example', note: '' });
  expect(manifest.files).toHaveLength(4);
  for (const { path, sha256: hex } of manifest.files) expect(hex).toBe(sha256(at(path)));

  expect(readdirSync(at('receipts')).sort()).toEqual(
    ['a.bin', 'b.csv', 'c.csv', 'd.csv'].flatMap((name) => [`${name}.receipt.html`, `${name}.receipt.json`]),
  );
  const receipt = parse<{ sha256: string }>(readFileSync(join(at('receipts'), 'a.bin.receipt.json'), 'utf8'));
  expect(receipt.sha256).toBe(sha256(at('evidence/a.bin')));
  expect(readFileSync(join(at('receipts'), 'a.bin.receipt.html'), 'utf8')).toContain('2026-114');

  for (const how of [[], ['--deep'], ['--local', at('evidence')], ['--local', root]]) {
    const { code, result } = await check(...how);
    expect(result).toMatchObject({ files: 4, agree: 4, isIntact: true, checks: [] });
    expect(code).toBe(0);
  }

  const again = await sluice(['put', join(at('evidence'), 'c.csv'), '--manifest', at('m.json')], { data });
  expect(again.stderr).toContain('TARGET_EXISTS');
  expect(again.stdout).toBe(''); // said before anything was sent
  expect(parse<Manifest>(readFileSync(at('m.json'), 'utf8')).digest).toBe(manifest.digest);
});

test('what was changed, cut, or deleted behind its back is named, and nothing else', async () => {
  const manifest = await putFour();
  const keyOf = (name: string): string => manifest.files.find(({ path }) => path.endsWith(name))?.key ?? '';
  const engine = await startEngine({ data });
  const { endpoint, bucket: Bucket, region, accessKeyId, secretAccessKey } = engine.bucket;
  const s3 = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  try {
    await s3.send(new PutObjectCommand({ Bucket, Key: keyOf('b.csv'), Body: randomBytes(500_000) }));
    await s3.send(
      new PutObjectCommand({
        Bucket,
        Key: keyOf('c.csv'),
        Body: readFileSync(at('evidence/c.csv')).subarray(0, 3999),
      }),
    );
    await s3.send(new DeleteObjectCommand({ Bucket, Key: keyOf('d.csv') }));
  } finally {
    s3.destroy();
    await engine.stop();
    engine.sweep();
  }
  const what = (result: Checked): unknown =>
    Object.fromEntries(
      result.checks.map(({ path, differences }) => [path, differences?.map((each) => each.what)]),
    );

  const { code, result, stderr } = await check();
  expect(what(result)).toEqual({
    'evidence/b.csv': ['etag', 'crc32'],
    'evidence/c.csv': ['size', 'etag', 'crc32'],
    'evidence/d.csv': ['object'],
  });
  expect(result).toMatchObject({ files: 4, agree: 1, differ: 3 });
  expect(code).toBe(4);
  expect(stderr).toContain('VERIFY_DIFFERS');

  const deep = await check('--deep');
  expect(what(deep.result)).toMatchObject({ 'evidence/b.csv': ['etag', 'crc32', 'sha256'] });
  expect(deep.code).toBe(4);

  const people = await sluice(['verify', at('m.json')], { data });
  expect(people.stdout).toContain('DIFFERS    evidence/d.csv\n           object: missing instead of there');
  expect(people.stdout).toContain('1 of 4 files agree with the manifest');
});

test('bytes that went bad where they lie are seen by reading them, not by asking', async () => {
  await putFour();
  const content = readFileSync(at('evidence/b.csv'));
  const blob = filesBelow(join(data, 'bucket')).find(
    (path) => statSync(path).size === content.length && readFileSync(path).equals(content),
  );
  expect(blob).toBeDefined();
  content.writeUInt8((content[4711] ?? 0) ^ 1, 4711);
  writeFileSync(blob ?? '', content);

  expect((await check()).code).toBe(0);
  const { code, result } = await check('--deep');
  expect(code).toBe(4);
  expect(result.checks).toEqual([
    expect.objectContaining({
      outcome: 'differs',
      path: 'evidence/b.csv',
      differences: [expect.objectContaining({ what: 'crc32' }), expect.objectContaining({ what: 'sha256' })],
    }),
  ]);
});

test('copies on a disk: one changed, one gone, and names that lead out of the folder are not followed', async () => {
  const manifest = await putFour();
  const changed = readFileSync(at('evidence/b.csv'));
  changed.writeUInt8((changed[0] ?? 0) ^ 1, 0);
  writeFileSync(at('evidence/b.csv'), changed);
  rmSync(at('evidence/c.csv'));
  const { code, result } = await check('--local', at('evidence'));
  expect(code).toBe(4);
  expect(result.checks.map(({ path, differences }) => [path, differences?.map(({ what }) => what)])).toEqual([
    ['evidence/b.csv', ['crc32', 'sha256']],
    ['evidence/c.csv', ['file']],
  ]);

  const [first, ...rest] = manifest.files;
  writeFileSync(at('secret.bin'), readFileSync(at('evidence/a.bin')));
  writeFileSync(
    at('m.json'),
    JSON.stringify({ ...manifest, files: [{ ...first, path: '../secret.bin' }, ...rest] }),
  );
  const outside = await check('--local', at('evidence'), '--anyway');
  expect(outside.result.checks).toContainEqual(
    expect.objectContaining({ outcome: 'unchecked', path: '../secret.bin' }),
  );
});

test('a manifest that was edited is refused; --anyway checks against what it says', async () => {
  await putFour();
  const text = readFileSync(at('m.json'), 'utf8');
  writeFileSync(at('m.json'), text.replace('2026-114', '2026-115'));
  const refused = await sluice(['verify', at('m.json'), '--json'], { data });
  expect(codeOf(refused)).toBe('MANIFEST_DAMAGED');
  expect(refused.code).toBe(3);
  const { code, result } = await check('--anyway');
  expect(result).toMatchObject({ isIntact: false, agree: 4 });
  expect(code).toBe(0);

  for (const [content, expected] of [
    ['not JSON', 'MANIFEST_INVALID'],
    ['{"version":1}', 'MANIFEST_INVALID'],
    ['{"version":2}', 'MANIFEST_NEWER'],
  ] as const) {
    writeFileSync(at('m.json'), content);
    const outcome = await sluice(['verify', at('m.json'), '--json'], { data });
    expect(codeOf(outcome)).toBe(expected);
    expect(outcome.code).toBe(3);
  }
  expect(codeOf(await sluice(['verify', at('none.json'), '--json'], { data }))).toBe('SOURCE_MISSING');
});

test('a session and an upload are found again by what a person has of them', async () => {
  const { session, digest } = await putFour();
  const last = await sluice(['manifest', '--last', '--json', '--note', 'second look'], { data });
  const manifest = parse<Manifest>(last.stdout);
  expect(manifest.session.id).toBe(session.id);
  expect(manifest.custody).toEqual({ caseNumber: '2026-114', examiner: 'A. Example', note: 'second look' });
  expect(manifest.digest).not.toBe(digest);
  const stored = `s3://${session.bucket}/${session.prefix}/manifest.json`;
  expect((await sluice(['get', stored, at('stored.json')], { data })).code).toBe(0);
  expect(parse<Manifest>(readFileSync(at('stored.json'), 'utf8')).custody).toEqual(manifest.custody);
  for (const which of [session.id, session.id.slice(0, 6), 'evidence']) {
    expect((await sluice(['manifest', which, '-o', at(`m-${which}.json`)], { data })).code).toBe(0);
    expect(existsSync(at(`m-${which}.json`))).toBe(true);
  }
  expect(codeOf(await sluice(['manifest', 'no-such', '--json'], { data }))).toBe('NOT_FOUND');
  expect(codeOf(await sluice(['manifest', '--json'], { data }))).toBe('COMMAND_INVALID');

  const receipt = await sluice(['receipt', join(at('evidence'), 'a.bin')], { data });
  expect(parse<{ sha256: string }>(receipt.stdout).sha256).toBe(sha256(at('evidence/a.bin')));
  const page = await sluice(['receipt', join(at('evidence'), 'a.bin'), '--html'], { data });
  expect(page.stdout).toMatch(/^<!doctype html>/i);
  expect(page.stdout).toContain('second look');
  expect(codeOf(await sluice(['receipt', join(at('evidence'), 'e.bin'), '--json'], { data }))).toBe(
    'NOT_FOUND',
  );
});

test('killed in the middle and begun again, the SHA-256 is still that of the file', async () => {
  writeFileSync(at('large.bin'), randomBytes(120_000_000));
  const put = ['put', at('large.bin'), '--sha256', '--json'];
  const killed = await sluice([...put, '--progress', '--concurrency', '2'], {
    data,
    onLine: (line, kill) => {
      if ((parse<{ committed?: number }>(line).committed ?? 0) > 30_000_000) kill();
    },
  });
  expect(killed.code).toBeNull();
  const again = await sluice(put, { data });
  const [file] = parse<{ files: readonly { receipt: { sha256: string; parts: { kept: number } } }[] }>(
    again.stdout,
  ).files;
  expect(file?.receipt.parts.kept).toBeGreaterThanOrEqual(3);
  expect(file?.receipt.sha256).toBe(sha256(at('large.bin')));
});

test('files that were compressed on their way are checked by what is in them', async () => {
  mkdirSync(at('evidence'));
  writeFileSync(at('evidence/log.txt'), 'the same line again\n'.repeat(200_000));
  const flags = ['--sha256', '--compress', 'gzip', '--manifest', at('m.json')];
  expect((await sluice(['put', at('evidence'), ...flags], { data })).code).toBe(0);
  const [file] = parse<Manifest>(readFileSync(at('m.json'), 'utf8')).files;
  expect(file).toMatchObject({ original: { size: 4_000_000, compressedBy: 'gzip' } });
  expect(file?.sha256).toBe(sha256(at('evidence/log.txt')));
  for (const how of [[], ['--deep'], ['--local', at('evidence')]]) {
    const { code, result } = await check(...how);
    expect(result).toMatchObject({ files: 1, agree: 1 });
    expect(code).toBe(0);
  }
});

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );
}

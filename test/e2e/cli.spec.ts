import { createHash, randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { once } from 'node:events';
import { crc32 } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { sluice, type Outcome } from './support/cli.ts';
import { startEngine } from './support/engine.ts';

let root = '';
let data = '';

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  data = join(root, 'data');
  mkdirSync(data);
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

const at = (name: string): string => join(root, name);

function write(name: string, content: string | Buffer): string {
  writeFileSync(at(name), content);
  return at(name);
}

/** The code, sentence and hint that a command ends with. */
function failure({ stderr }: Outcome): { code: string; message: string; hint: string } {
  const line = stderr.trim().split('\n').at(-1) ?? '';
  return (JSON.parse(line) as { error: { code: string; message: string; hint: string } }).error;
}

async function fails(args: readonly string[], code: string, exit: number, extra: object = {}): Promise<void> {
  const outcome = await sluice([...args, '--json'], { data, ...extra });
  const error = failure(outcome);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^[^\n]+\.$/);
  expect(error.hint).toMatch(/^[^\n]+\.$/);
  expect(outcome.code).toBe(exit);
  expect(outcome.stderr).not.toContain('    at ');
}

interface Put {
  readonly files: readonly {
    readonly uri: string;
    readonly state: string;
    readonly receipt: {
      readonly crc32: string;
      readonly parts: { readonly kept: number; readonly count: number };
    };
  }[];
  readonly refused: readonly { readonly error: { readonly code: string } }[];
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the test says what the document is
const parse = <T>({ stdout }: Outcome): T => JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as T;
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

test('a file goes up, is listed, comes back byte for byte, and is never written over', async () => {
  const file = write('orders ü 😀.csv', randomBytes(20_000_000));
  const up = await sluice(['put', file, '--json'], { data });
  expect(up.code).toBe(0);
  const [stored] = parse<Put>(up).files;
  expect(stored?.state).toBe('done');
  expect(stored?.receipt.parts.count).toBe(3);

  const listed = parse<{ objects: readonly { uri: string; size: number }[] }>(
    await sluice(['ls', '--json'], { data }),
  );
  expect(listed.objects).toEqual([
    expect.objectContaining({ uri: expect.stringMatching(/\/manifest\.json$/) }),
    expect.objectContaining({ uri: stored?.uri, size: 20_000_000 }),
  ]);

  const back = at('back.csv');
  expect((await sluice(['get', stored?.uri ?? '', back], { data })).code).toBe(0);
  expect(sha256(back)).toBe(sha256(file));
  await fails(['get', stored?.uri ?? '', back], 'TARGET_EXISTS', 5);
  expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('killed in the middle, the same command goes on where it was', async () => {
  const file = write('large.bin', randomBytes(120_000_000));
  const killed = await sluice(['put', file, '--json', '--progress', '--concurrency', '2'], {
    data,
    onLine: (line, kill) => {
      const event = JSON.parse(line) as { committed?: number };
      if ((event.committed ?? 0) > 30_000_000) kill();
    },
  });
  expect(killed.code).toBeNull();
  const again = await sluice(['put', file, '--json'], { data });
  expect(again.code).toBe(0);
  const { files } = parse<Put>(again);
  expect(files).toHaveLength(1);
  expect(files[0]?.receipt.parts.kept).toBeGreaterThanOrEqual(3);
  expect((await sluice(['get', files[0]?.uri ?? '', at('back.bin')], { data })).code).toBe(0);
  expect(sha256(at('back.bin'))).toBe(sha256(file));
  const listed = parse<{ objects: readonly { uri: string }[] }>(await sluice(['ls', '--json'], { data }));
  expect(listed.objects.filter(({ uri }) => uri.includes('/original/'))).toHaveLength(1);
});

/** As the settings of the app would have it. */
function limitTo(bytesPerSecond: number): void {
  const journal = new DatabaseSync(join(data, 'journal.db'));
  journal
    .prepare("INSERT INTO settings (name, document) VALUES ('transfers', ?)")
    .run(JSON.stringify({ bytesPerSecond }));
  journal.close();
}

test('killed in the middle of a download, the same command goes on, and leaves nothing but the file', async () => {
  const file = write('large.bin', randomBytes(120_000_000));
  const [stored] = parse<Put>(await sluice(['put', file, '--json'], { data })).files;
  const uri = stored?.uri ?? '';
  limitTo(100e6); // so that there is a middle, however quick the machine
  const killed = await sluice(['get', uri, at('back.bin'), '--json', '--progress'], {
    data,
    onLine: (line, kill) => {
      const event = JSON.parse(line) as { committed?: number };
      if ((event.committed ?? 0) > 30_000_000) kill();
    },
  });
  expect(killed.code).toBeNull();
  expect(existsSync(at('back.bin'))).toBe(false);
  expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toHaveLength(1);

  const again = await sluice(['get', uri, at('back.bin'), '--json'], { data });
  expect(again.code).toBe(0);
  const { files } = parse<Put>(again);
  expect(files).toHaveLength(1);
  expect(files[0]?.receipt.parts.kept).toBeGreaterThanOrEqual(3);
  expect(sha256(at('back.bin'))).toBe(sha256(file));
  expect(readdirSync(root).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('a file that is there: it fails, is skipped where it is the same, stays beside, or is replaced', async () => {
  const file = write('a.csv', 'a\n1\n');
  const [stored] = parse<Put>(await sluice(['put', file, '--json'], { data })).files;
  const uri = stored?.uri ?? '';
  const get = async (existing: string) =>
    sluice(['get', uri, at('b.csv'), '--existing', existing, '--json'], { data });
  write('b.csv', 'mine');
  expect((await get('fail')).code).toBe(5);
  expect(failure(await get('skip')).code).toBe('TARGET_EXISTS');
  expect((await get('rename')).code).toBe(0);
  expect(readFileSync(at('b.csv'), 'utf8')).toBe('mine');
  expect(readFileSync(at('b (2).csv'), 'utf8')).toBe('a\n1\n');
  expect((await get('replace')).code).toBe(0);
  expect(readFileSync(at('b.csv'), 'utf8')).toBe('a\n1\n');
  const same = parse<{ files: readonly { receipt: { proven: readonly string[] } }[] }>(await get('skip'));
  expect(same.files[0]?.receipt.proven.join()).toContain('nothing was fetched');
  await fails(['get', uri, at('b.csv'), '--existing', 'perhaps'], 'COMMAND_INVALID', 2);
});

test('all below a prefix comes with its structure, and the same command goes on where it was', async () => {
  mkdirSync(at('drop/in/deep'), { recursive: true });
  write('drop/a.csv', 'x\n1\n');
  write('drop/in/deep/CON.csv', 'x\n2\n');
  const big = write('drop/in/big.bin', randomBytes(60_000_000));
  expect((await sluice(['put', at('drop'), '--to', 's3://sluice/my/place', '--json'], { data })).code).toBe(
    0,
  );

  const uri = 's3://sluice/my/place/';
  const killed = await sluice(['get', uri, at('back'), '--json', '--progress'], {
    data,
    onLine: (line, kill) => {
      const event = JSON.parse(line) as { committed?: number };
      if ((event.committed ?? 0) > 10_000_000) kill();
    },
  });
  expect(killed.code).toBeNull();
  const again = await sluice(['get', uri, at('back'), '--json'], { data });
  expect(again.code).toBe(0);
  const { files } = parse<{ files: readonly { state: string; notice: { code: string } | null }[] }>(again);
  expect(files.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  expect(files.flatMap(({ notice }) => notice?.code ?? [])).toEqual(['NAME_CHANGED']);
  const names = readdirSync(at('back'), { recursive: true }).map(String).toSorted();
  expect(names.filter((name) => name.includes('.'))).toEqual([
    join('drop', 'a.csv'),
    join('drop', 'in', 'big.bin'),
    join('drop', 'in', 'deep', '_CON.csv'),
  ]);
  expect(sha256(at('back/drop/in/big.bin'))).toBe(sha256(big));
  await fails(['get', 's3://sluice/nothing/', at('none')], 'OBJECT_MISSING', 4);
  // All of it is there by now, so the same again has nothing to go on with.
  await fails(['get', uri, at('back')], 'TARGET_EXISTS', 5);
});

test('a folder goes up with its structure, and what cannot go is listed while the rest goes on', async () => {
  mkdirSync(at('drop/in/deep'), { recursive: true });
  write('drop/a.csv', 'x\n1\n');
  write('drop/in/deep/..b .csv', 'x\n2\n');
  write('drop/empty.csv', '');
  const outcome = await sluice(['put', at('drop'), '--to', 's3://sluice/my/place', '--json'], { data });
  const { files, refused } = parse<Put>(outcome);
  expect(files.map(({ uri }) => uri).sort()).toEqual([
    's3://sluice/my/place/drop/a.csv',
    's3://sluice/my/place/drop/in/deep/_b .csv',
  ]);
  expect(refused.map(({ error }) => error.code)).toEqual(['SOURCE_EMPTY']);
  expect(outcome.code).toBe(3);
});

test.describe('bad sources', () => {
  test('an empty file', async () => {
    await fails(['put', write('empty.csv', '')], 'SOURCE_EMPTY', 3);
    await fails(['inspect', at('empty.csv')], 'SOURCE_EMPTY', 3);
    await fails(['convert', at('empty.csv'), at('out.csv')], 'SOURCE_EMPTY', 3);
    expect(existsSync(at('out.csv'))).toBe(false);
  });
  test('a file of one line is what it is', async () => {
    const outcome = await sluice(['inspect', write('one.csv', 'id,name\n'), '--json'], { data });
    expect(outcome.code).toBe(0);
    expect(parse<{ columns: readonly { name: string }[] }>(outcome).columns.map(({ name }) => name)).toEqual([
      'id',
      'name',
    ]);
  });
  test('binary junk named .csv', async () => {
    const file = write('junk.csv', randomBytes(50_000));
    await fails(['inspect', file], 'TABLE_NOT_TEXT', 3);
    expect((await sluice(['put', file], { data })).code).toBe(0);
  });
  test('a folder where a file is wanted, a missing path, an empty folder', async () => {
    mkdirSync(at('folder'));
    await fails(['inspect', at('folder')], 'SOURCE_IS_FOLDER', 3);
    await fails(['put', at('folder')], 'FOLDER_EMPTY', 3);
    await fails(['put', at('nowhere.csv')], 'SOURCE_MISSING', 3);
    await fails(['inspect', at('nowhere.csv')], 'SOURCE_MISSING', 3);
    await fails(['put', at('x'.repeat(300))], 'SOURCE_MISSING', 3);
  });
  test('a pipe', async () => {
    test.skip(process.platform === 'win32', 'there are no named pipes in folders');
    execFileSync('mkfifo', [at('pipe.csv')]);
    await fails(['put', at('pipe.csv')], 'SOURCE_NOT_A_FILE', 3);
    await fails(['inspect', at('pipe.csv')], 'SOURCE_NOT_A_FILE', 3);
  });
  test('a file with no read right', async () => {
    test.skip(process.platform === 'win32', 'rights are told otherwise there');
    const file = write('secret.csv', 'a,b\n1,2\n');
    chmodSync(file, 0o000);
    let uid: number | undefined;
    if (process.getuid?.() === 0) {
      uid = 65_534; // to root nothing is unreadable
      for (const folder of [root, data]) chmodSync(folder, 0o777);
      const probe = await sluice(['--version'], { data, uid }).catch(() => null);
      test.skip(probe?.code !== 0, 'this check-out cannot be read by another user');
    }
    const extra = uid === undefined ? {} : { uid };
    await fails(['put', file], 'SOURCE_UNREADABLE', 3, extra);
    await fails(['inspect', file], 'SOURCE_UNREADABLE', 3, extra);
  });
});

test.describe('bad stores', () => {
  test('a bucket that is missing, and wrong keys', async () => {
    const other = at('other');
    mkdirSync(other);
    const engine = await startEngine({ data: other });
    try {
      const env = {
        AWS_ENDPOINT_URL_S3: engine.bucket.endpoint,
        AWS_REGION: engine.bucket.region,
        AWS_ACCESS_KEY_ID: engine.bucket.accessKeyId,
        AWS_SECRET_ACCESS_KEY: engine.bucket.secretAccessKey,
      };
      const file = write('a.csv', 'a\n1\n');
      await fails(['put', file, '--to', 's3://no-such-bucket/x'], 'BUCKET_MISSING', 4, { env });
      const wrongSecret = { ...env, AWS_SECRET_ACCESS_KEY: 'wrong' };
      await fails(['put', file, '--to', 's3://sluice/x'], 'CREDENTIALS_WRONG', 4, { env: wrongSecret });
      const wrongId = { ...env, AWS_ACCESS_KEY_ID: 'NOBODY' };
      await fails(['ls', 's3://sluice'], 'CREDENTIALS_WRONG', 4, { env: wrongId });
      await fails(['get', 's3://sluice/nothing', at('x')], 'OBJECT_MISSING', 4, { env });
      const good = await sluice(['put', file, '--to', 's3://sluice/x', '--json'], { data, env });
      expect(good.code).toBe(0);
      const doctor = await sluice(['doctor', 's3://sluice', '--json'], { data, env });
      expect(
        parse<{ findings: readonly { outcome: string }[] }>(doctor).findings.map(({ outcome }) => outcome),
      ).not.toContain('failed');
    } finally {
      await engine.stop();
    }
  });
  test('an endpoint that refuses', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const env = {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'x',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    };
    await fails(['put', write('a.csv', 'a\n1\n'), '--to', 's3://bucket/x'], 'STORE_UNREACHABLE', 4, { env });
  });
  test('no credentials at all, and an address that is none', async () => {
    const env = { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_REGION: 'x' };
    await fails(['ls', 's3://bucket'], 'CREDENTIALS_MISSING', 4, { env });
    await fails(['ls', 'bucket/key'], 'URI_INVALID', 2);
  });
});

test.describe('a bad place', () => {
  test('a full disk leaves no half file', async () => {
    test.skip(process.platform === 'win32', 'there is no limit on files to set');
    const file = write('big.bin', randomBytes(9_000_000));
    const [stored] = parse<Put>(await sluice(['put', file, '--json'], { data })).files;
    await fails(['get', stored?.uri ?? '', at('back.bin')], 'DISK_FULL', 5, { fileLimitKiB: 4000 });
    expect(existsSync(at('back.bin'))).toBe(false);
    expect(readdirSync(root).filter((name) => name.includes('.part'))).toEqual([]);
    expect((await sluice(['get', stored?.uri ?? '', at('back.bin')], { data })).code).toBe(0);
    expect(sha256(at('back.bin'))).toBe(sha256(file));
  });
  test('a port in use, and two Sluices on one data folder', async () => {
    const engine = await startEngine({ data });
    const other = at('other');
    mkdirSync(other);
    try {
      await fails(['serve', '--no-open', '--port', String(engine.port), '--data', other], 'PORT_IN_USE', 1);
      await fails(['ls'], 'DATA_FOLDER_BUSY', 5);
      await fails(['serve', '--no-open'], 'DATA_FOLDER_BUSY', 5);
    } finally {
      await engine.stop();
    }
    expect((await sluice(['ls'], { data })).code).toBe(0);
  });
  test('a data folder that is a file', async () => {
    await fails(['ls', '--data', write('file', 'x')], 'DATA_FOLDER_UNUSABLE', 5);
  });
});

test.describe('a bad command', () => {
  test('says what is wrong with it', async () => {
    await fails(['upload', 'x'], 'COMMAND_INVALID', 2);
    await fails(['put'], 'COMMAND_INVALID', 2);
    await fails(['put', write('a.csv', 'a\n1\n'), '--part-size', '1MiB'], 'PLAN_IMPOSSIBLE', 2);
    await fails(['put', at('a.csv'), '--part-size', 'many'], 'COMMAND_INVALID', 2);
    await fails(['put', at('a.csv'), '--concurrency', '65'], 'COMMAND_INVALID', 2);
    await fails(['convert', at('a.csv'), at('out.docx')], 'FORMAT_UNKNOWN', 2);
    await fails(
      ['run', write('r.json', '{"version":1}'), at('a.csv'), '--out', at('o.csv')],
      'RECIPE_INVALID',
      2,
    );
    await fails(['run', 'clean', at('a.csv'), '--out', at('o.csv'), '--target', 'B'], 'COLUMN_MISSING', 2);
  });
  test('help and version go to stdout', async () => {
    expect((await sluice(['--version'], { data })).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect((await sluice(['put', '--help'], { data })).stdout).toContain('--part-size');
  });
});

test('a table is inspected and converted: text stays as it is, types where they are asked for', async () => {
  const file = write(
    'a.csv',
    Buffer.from('id;preis;datum\r\n007;"1.234,50";31.12.2024\r\n008;2,00;01.02.2025\r\n', 'latin1'),
  );
  const seen = parse<{
    format: { dialect: { delimiter: string } };
    columns: readonly { name: string; type: { kind: string } }[];
  }>(await sluice(['inspect', file, '--json'], { data }));
  expect(seen.format.dialect.delimiter).toBe(';');
  expect(seen.columns.map(({ name, type }) => `${name}:${type.kind}`)).toEqual([
    'id:text',
    'preis:decimal',
    'datum:date',
  ]);
  expect((await sluice(['convert', file, at('text.csv')], { data })).code).toBe(0);
  expect(readFileSync(at('text.csv'), 'utf8')).toBe(
    'id,preis,datum\n007,"1.234,50",31.12.2024\n008,"2,00",01.02.2025\n',
  );
  expect((await sluice(['convert', file, at('typed.json'), '--types'], { data })).code).toBe(0);
  expect(JSON.parse(readFileSync(at('typed.json'), 'utf8'))).toEqual([
    { id: '007', preis: 1234.5, datum: '2024-12-31' },
    { id: '008', preis: 2, datum: '2025-02-01' },
  ]);
  expect((await sluice(['convert', file, at('typed.jsonl'), '--types'], { data })).code).toBe(0);
  expect(readFileSync(at('typed.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(2);
  const book = parse<{ crc32: string; counts: { rowsOut: number } }>(
    await sluice(['convert', file, at('typed.xlsx'), '--types', '--json'], { data }),
  );
  expect(book.counts.rowsOut).toBe(2);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(readFileSync(at('typed.xlsx'))));
  expect(book.crc32).toBe(sum.toString('base64'));
  const formulas = write('formulas.csv', 'n,text\n-5,=1+1\n6,-7\n');
  const safe = parse<{ defused: number }>(
    await sluice(['convert', formulas, at('safe.csv'), '--safe', '--json'], { data }),
  );
  expect(safe.defused).toBe(1);
  expect(readFileSync(at('safe.csv'), 'utf8')).toBe("n,text\n-5,'=1+1\n6,-7\n");
});

test('an object is made as it was asked for, and compressed where that helps', async () => {
  const text = write('readings.csv', 'a,b\n1,2\n'.repeat(4000));
  const packed = write(
    'photo.png',
    Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), randomBytes(500)]),
  );
  const up = await sluice(
    [
      'put',
      text,
      packed,
      '--compress',
      'zstd',
      '--meta',
      'project=kelp',
      '--meta',
      'wave=12',
      '--limit',
      '50MB',
      '--json',
    ],
    { data },
  );
  expect(up.code, up.stderr).toBe(0);
  const [csv, png] = parse<{
    files: readonly { uri: string; receipt: { original: object | null; notes: readonly string[] } }[];
  }>(up).files;
  expect(csv?.uri).toMatch(/readings\.csv\.zst$/);
  expect(csv?.receipt.original).toMatchObject({ size: 32_000, compressedBy: 'zstd' });
  expect(png?.uri).toMatch(/photo\.png$/);
  expect(png?.receipt.notes.join()).toContain('compressed already');
  const back = await sluice(['get', csv?.uri ?? '', at('back.zst'), '--json'], { data });
  expect(back.code).toBe(0);
  const { zstdDecompressSync } = await import('node:zlib');
  expect(zstdDecompressSync(readFileSync(at('back.zst'))).toString()).toBe('a,b\n1,2\n'.repeat(4000));

  await fails(['put', text, '--meta', 'no value'], 'COMMAND_INVALID', 2);
  await fails(['put', text, '--meta', 'Größe=1'], 'COMMAND_INVALID', 2);
  await fails(['put', text, '--sse', 'aes'], 'COMMAND_INVALID', 2);
  await fails(['put', text, '--storage-class', 'COLD'], 'COMMAND_INVALID', 2);
  await fails(['put', text, '--after', '25:00'], 'COMMAND_INVALID', 2);
  await fails(['put', text, '--limit', '0'], 'COMMAND_INVALID', 2);
  await fails(
    ['put', text, ...Array.from({ length: 11 }, (_, n) => ['--tag', `t${n}=1`]).flat()],
    'COMMAND_INVALID',
    2,
  );
});

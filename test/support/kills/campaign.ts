import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import { buildChild } from './build-child.ts';
import { bytesOf, randomOf, type Random } from '../fault-proxy/index.ts';

const MiB = 1024 * 1024;

/** What a life of the engine says of itself. */
interface Access {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

interface AtRest {
  readonly key: string;
  readonly path: string;
  readonly state: string;
  readonly kept: number;
}

interface Line {
  readonly ready?: Access;
  readonly added?: number;
  readonly failed?: string;
  readonly landed?: number;
  readonly rest?: readonly AtRest[];
}

export interface Campaign {
  readonly kills: number;
  readonly files: number;
  readonly bytes: number;
  /** Kills that came while something was on its way. */
  readonly inTheMiddle: number;
  /** Parts that were not sent again, of all that went up in parts. */
  readonly kept: number;
}

/**
 * A session of mixed files whose engine is killed again and again at random moments, and then left to finish.
 * @throws where an object is not its file, anything is left over, or anything was asked of a person
 */
export async function killAgainAndAgain(kills: number, seed: number): Promise<Campaign> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-kills-'));
  try {
    return await campaign(folder, kills, randomOf(seed));
  } catch (error) {
    throw new Error(`--only kills --kills ${kills} --seed ${seed}: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function campaign(folder: string, kills: number, random: Random): Promise<Campaign> {
  const child = await buildChild(folder);
  const data = join(folder, 'data');
  const files = join(folder, 'files');
  for (const each of [data, files]) mkdirSync(each);
  let inTheMiddle = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    // As fast as files go up, as many are added: every life finds some begun and some not.
    addFiles(files, kill, random);
    const life = new Life(child, data, files);
    await moment(life, random);
    if (await life.kill()) inTheMiddle += 1;
    assert.deepEqual(life.failed, [], 'a transfer failed');
  }
  const last = new Life(child, data, files);
  const rest = await last.rest;
  assert.deepEqual(last.failed, [], 'a transfer failed');
  const bytes = await checkBucket(await last.ready, files, rest);
  await last.kill();
  checkDisk(join(data, 'bucket'));
  const kept = rest.reduce((sum, each) => sum + each.kept, 0);
  return { kills, files: rest.length, bytes, inTheMiddle, kept };
}

/** While it starts and looks at what there is; some time later; or when so many parts landed, so that work gets done. */
async function moment(life: Life, random: Random): Promise<void> {
  const drawn = random.next();
  if (drawn >= 0.15) await life.ready;
  if (drawn >= 0.5) await life.landed(1 + random.below(5));
  await pause(random.below(drawn < 0.5 ? 300 : 30));
}

/** Some small ones, now and then one of several parts; the first time a few hundred, and one of tens of MB. */
function addFiles(folder: string, round: number, random: Random): void {
  const add = (name: string, size: number): void => {
    // Whole or not there: an engine must not find one that is being written.
    const path = join(folder, `${round}-${name}`);
    writeFileSync(`${folder}-next`, bytesOf(random.below(2 ** 31), size));
    renameSync(`${folder}-next`, path);
  };
  const small = round === 0 ? 300 : 3;
  for (let index = 0; index < small; index += 1) add(`${index}.csv`, 1 + random.below(20_000));
  add('one-byte', 1);
  add('medium.bin', 1 + random.below(6 * MiB));
  if (round === 0) add('large.bin', 40 * MiB + random.below(MiB));
  else if (round % 4 === 0) add('parts.bin', 10 * MiB + random.below(15 * MiB));
}

/** One process, from its start to its end. */
class Life {
  readonly failed: string[] = [];
  readonly ready: Promise<Access>;
  readonly rest: Promise<readonly AtRest[]>;
  readonly #kill: () => void;
  readonly #ended: Promise<unknown>;
  #busy = false;
  #landed = 0;
  #onLine: () => void = () => undefined;

  constructor(script: string, data: string, files: string) {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', script, data, files], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: join(script, '..', 'compiled') },
    });
    let complaints = '';
    child.stderr.on('data', (text: Buffer) => (complaints += text.toString()));
    this.#kill = () => void child.kill('SIGKILL');
    this.#ended = once(child, 'exit');
    const ready = Promise.withResolvers<Access>();
    const rest = Promise.withResolvers<readonly AtRest[]>();
    this.ready = ready.promise;
    this.rest = rest.promise;
    // Only the last life comes to rest, and some are over before they begin.
    ready.promise.catch(() => undefined);
    rest.promise.catch(() => undefined);
    createInterface({ input: child.stdout }).on('line', (text) => {
      const line = JSON.parse(text) as Line;
      if (line.ready !== undefined) {
        this.#busy = true;
        ready.resolve(line.ready);
      }
      if (line.failed !== undefined) this.failed.push(text);
      if (line.landed !== undefined) this.#landed += 1;
      if (line.rest !== undefined) {
        this.#busy = false;
        rest.resolve(line.rest);
      }
      this.#onLine();
    });
    void this.#ended.then(() => {
      const error = new Error(`the engine ended: ${complaints}`);
      ready.reject(error);
      rest.reject(error);
    });
  }

  /** Resolves once so many parts landed, or all is at rest, or it is over. */
  landed(parts: number): Promise<unknown> {
    return new Promise((resolve) => {
      this.#onLine = () => {
        if (this.#landed >= parts || !this.#busy) resolve(null);
      };
      this.#onLine();
      void this.#ended.then(resolve);
    });
  }

  /** @returns whether something was on its way */
  async kill(): Promise<boolean> {
    const busy = this.#busy;
    this.#kill();
    await this.#ended;
    return busy;
  }
}

/** @returns how many bytes there are in all */
async function checkBucket(access: Access, files: string, rest: readonly AtRest[]): Promise<number> {
  const { endpoint, region, bucket: Bucket } = access;
  const s3 = new S3Client({ endpoint, region, credentials: access, forcePathStyle: true });
  try {
    assert.deepEqual(
      rest.filter(({ state }) => state !== 'done'),
      [],
    );
    const wanted = readdirSync(files).map((name) => join(files, name));
    assert.deepEqual(rest.map(({ path }) => path).sort(), wanted.sort(), 'each file once');
    let bytes = 0;
    for (const { key, path } of rest) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: key }));
      const stored = Buffer.from((await Body?.transformToByteArray()) ?? []);
      assert.ok(stored.equals(readFileSync(path)), `${path} is not what is stored`);
      bytes += stored.length;
    }
    const { Uploads = [] } = await s3.send(new ListMultipartUploadsCommand({ Bucket }));
    assert.deepEqual(Uploads, [], 'unfinished uploads');
    const keys = new Set<string>();
    let token: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: token }));
      // The manifest of the session may be stored by now.
      for (const { Key = '' } of page.Contents ?? []) if (!Key.endsWith('/manifest.json')) keys.add(Key);
      token = page.NextContinuationToken;
    } while (token !== undefined);
    assert.deepEqual(keys, new Set(rest.map(({ key }) => key)), 'objects that are no upload of ours');
    return bytes;
  } finally {
    s3.destroy();
  }
}

/** Every file of the bucket is one that its index names: no half-written one stays behind. */
function checkDisk(root: string): void {
  const db = new DatabaseSync(join(root, 'index.db'));
  const named = db.prepare('SELECT id FROM blobs WHERE bytes IS NULL').all() as unknown as { id: number }[];
  assert.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok');
  db.close();
  const found = readdirSync(join(root, 'data'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
  assert.deepEqual(found.sort(), named.map(({ id }) => id.toString(16).padStart(12, '0')).sort());
}

/**
 * The server is killed in the middle of its work, again and again. What it acknowledged is there byte for byte; what it
 * had not acknowledged is there whole or not at all.
 */
import { createHash } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  NoSuchKey,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startBucketChild } from './child.ts';
import { BUCKET, bytesOf, clientOf, MIB, temporaryFolder } from './support.ts';

const Bucket = BUCKET;
const ROUNDS = 4;
const KEYS = 12;

let root = '';
beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => rm(root, { recursive: true, force: true }));

const ABSENT = 'absent';

/** What may be found at a key: what was acknowledged last, or anything that was on its way. */
class Model {
  readonly #known = new Map<string, string>();
  readonly #pending = new Map<string, Set<string>>();

  keys(): Iterable<string> {
    return new Set([...this.#known.keys(), ...this.#pending.keys()]);
  }

  begin(key: string, state: string): void {
    const pending = this.#pending.get(key) ?? new Set();
    this.#pending.set(key, pending.add(state));
  }

  acknowledge(key: string, state: string): void {
    this.#known.set(key, state);
    this.#pending.get(key)?.delete(state);
  }

  check(key: string, state: string, why: string): void {
    const allowed = new Set(this.#pending.get(key)).add(this.#known.get(key) ?? ABSENT);
    expect([...allowed], `${key} ${why}`).toContain(state);
    this.#known.set(key, state);
    this.#pending.delete(key);
  }
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

interface KeptPart {
  readonly upload: string;
  readonly number: number;
  readonly etag: string;
}

/** One writer has its keys to itself, so that the model knows the order. It works until the server is gone. */
async function work(
  s3: S3Client,
  model: Model,
  parts: KeptPart[],
  writer: number,
  seed: number,
): Promise<void> {
  for (let turn = 1; ; turn += 1) {
    const Key = `${writer}/${turn % KEYS}`;
    const size = [0, 700, 65_000, 70_000, 900_000][(turn + seed) % 5]!;
    const Body = bytesOf(size, seed * 1000 + writer * 100 + turn);
    const state = `${size} ${md5(Body)}`;
    if (turn % 7 === 6) {
      model.begin(Key, ABSENT);
      await s3.send(new DeleteObjectCommand({ Bucket, Key }));
      model.acknowledge(Key, ABSENT);
    } else if (turn % 3 === 0) {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const last = bytesOf(1000, turn);
      const first = turn % 2 === 0 ? bytesOf(5 * MIB, turn) : null;
      const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
      for (const body of first === null ? [last] : [first, last]) {
        const PartNumber = Parts.length + 1;
        const { ETag } = await s3.send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: body }),
        );
        Parts.push({ PartNumber, ETag });
      }
      const whole = first === null ? last : Buffer.concat([first, last]);
      const made = `${whole.length} ${md5(whole)}`;
      model.begin(Key, made);
      await s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
      model.acknowledge(Key, made);
    } else {
      model.begin(Key, state);
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
      model.acknowledge(Key, state);
    }
    if (turn % 4 === 0) {
      const upload = `upload-${writer}`;
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: upload }));
      const body = bytesOf(200_000, turn);
      const { ETag } = await s3.send(
        new UploadPartCommand({ Bucket, Key: upload, UploadId, PartNumber: turn, Body: body }),
      );
      parts.push({ upload: `${upload} ${UploadId}`, number: turn, etag: ETag! });
    }
  }
}

async function stateOf(s3: S3Client, Key: string): Promise<string> {
  try {
    const { Body, ETag, ContentLength } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const bytes = Buffer.from(await Body!.transformToByteArray());
    expect(bytes.length).toBe(ContentLength);
    if (!ETag!.includes('-')) expect(ETag).toBe(`"${md5(bytes)}"`);
    return `${bytes.length} ${md5(bytes)}`;
  } catch (error) {
    if (error instanceof NoSuchKey) return ABSENT;
    throw error;
  }
}

test('nothing acknowledged is lost and nothing torn is seen', { timeout: 60_000 }, async () => {
  const seed = Math.floor(Math.random() * 1000);
  const model = new Model();
  const parts: KeptPart[] = [];
  let acknowledged = 0;

  for (let round = 0; round <= ROUNDS; round += 1) {
    const why = `(seed ${seed}, round ${round})`;
    const child = await startBucketChild(root);
    const s3 = clientOf(child.origin);
    const present: string[] = [];
    for (const key of model.keys()) {
      const state = await stateOf(s3, key);
      model.check(key, state, why);
      if (state !== ABSENT) present.push(key);
    }
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(
      (Contents ?? []).map(({ Key }) => Key),
      why,
    ).toEqual(present.sort());
    for (const { upload, number, etag } of parts) {
      const [Key, UploadId] = upload.split(' ');
      const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId }));
      expect(Parts, why).toMatchObject([{ PartNumber: number, ETag: etag, Size: 200_000 }]);
    }
    acknowledged = present.length + parts.length;
    if (round === ROUNDS) {
      await child.stop();
      expect(child.errors()).toBe('');
    } else {
      const writers = Array.from({ length: 4 }, (_, writer) => work(s3, model, parts, writer, seed + round));
      const ends = Promise.allSettled(writers);
      await sleep(150 + ((seed * 37 + round * 151) % 250));
      await child.kill();
      // Every writer ends because its server did.
      for (const end of await ends) expect(end.status).toBe('rejected');
    }
    s3.destroy();
  }
  expect(acknowledged, `(seed ${seed}) too little happened`).toBeGreaterThan(10);
  await checkDisk();
});

/** The files on disk are those the index names, each of its size. */
async function checkDisk(): Promise<void> {
  const db = new DatabaseSync(join(root, 'index.db'));
  const blobs = db.prepare('SELECT id, size, bytes IS NULL AS file FROM blobs').all() as {
    id: number;
    size: number;
    file: number;
  }[];
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
  const expected = new Map(
    blobs.filter(({ file }) => file === 1).map(({ id, size }) => [id.toString(16).padStart(12, '0'), size]),
  );
  const found = new Map<string, number>();
  const entries = await readdir(join(root, 'data'), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    if (entry.isFile()) found.set(entry.name, (await stat(join(entry.parentPath, entry.name))).size);
  }
  expect(found).toEqual(expected);
}

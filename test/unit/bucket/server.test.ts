/** Starting, stopping, starting again, and what can stand in the way. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBucketServer } from '#main/bucket';
import { sendSigned } from './raw.ts';
import { BUCKET, bytesOf, failure, openTestBucket, optionsFor, temporaryFolder } from './support.ts';
import { onWindows, testUnless } from '../../support/unless.ts';

const Bucket = BUCKET;
let root = '';
beforeAll(async () => {
  root = await temporaryFolder();
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('starting', () => {
  test('makes the folder and the buckets, and keeps all of it for the next start', async () => {
    const folder = join(root, 'new', 'deep');
    const first = await openTestBucket({ buckets: [BUCKET, 'second.bucket'] }, folder);
    const data = bytesOf(1_000_000);
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: data, Metadata: { a: 'b' } }));
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'small', Body: 'small' }));
    const { UploadId } = await first.s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'up' }));
    await first.s3.send(new UploadPartCommand({ Bucket, Key: 'up', UploadId, PartNumber: 3, Body: data }));
    await first.close();

    const second = await openTestBucket({}, folder);
    const { Buckets } = await second.s3.send(new ListBucketsCommand({}));
    expect(Buckets?.map(({ Name }) => Name)).toEqual([BUCKET, 'second.bucket']);
    const kept = await second.s3.send(new GetObjectCommand({ Bucket, Key: 'kept' }));
    expect(kept.Metadata).toEqual({ a: 'b' });
    expect(Buffer.compare(Buffer.from(await kept.Body!.transformToByteArray()), data)).toBe(0);
    const { Parts } = await second.s3.send(new ListPartsCommand({ Bucket, Key: 'up', UploadId }));
    expect(Parts).toMatchObject([{ PartNumber: 3, Size: data.length }]);
    await second.close();
  });

  test('clears away files nobody was told of, and no others', async () => {
    const folder = join(root, 'swept');
    const first = await openTestBucket({}, folder);
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: bytesOf(100_000) }));
    await first.close();
    const data = join(folder, 'data', '000000000');
    await writeFile(join(data, '0000000000ff'), 'half an upload');
    await writeFile(join(data, 'notes.txt'), 'not ours');
    const second = await openTestBucket({}, folder);
    expect((await readdir(data)).sort()).toEqual(['000000000001', 'notes.txt']);
    // Numbers go on behind whatever was there.
    await second.s3.send(new PutObjectCommand({ Bucket, Key: 'next', Body: bytesOf(100_000) }));
    expect(await readdir(data)).toContain('000000000100');
    await second.close();
  });

  test('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const start = startBucketServer({ ...optionsFor(join(root, 'port')), listen: { port } });
    await expect(start).rejects.toMatchObject({ code: 'PORT_IN_USE', details: { port } });
    other.close();
    // The folder is free again.
    await (await startBucketServer(optionsFor(join(root, 'port')))).close();
  });

  test('two servers on one folder', async () => {
    const folder = join(root, 'twice');
    const first = await openTestBucket({}, folder);
    await expect(startBucketServer(optionsFor(folder))).rejects.toMatchObject({ code: 'DATA_FOLDER_BUSY' });
    await first.s3.send(new PutObjectCommand({ Bucket, Key: 'still', Body: bytesOf(100_000) }));
    await first.close();
  });

  test('a folder that cannot be used', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    const refused = (folder: string): Promise<void> =>
      expect(startBucketServer(optionsFor(folder))).rejects.toMatchObject({
        code: 'DATA_FOLDER_UNUSABLE',
        details: { folder },
      });
    await refused(file);
    await refused(join(file, 'below'));
    const damaged = join(root, 'damaged');
    await mkdir(damaged);
    await writeFile(join(damaged, 'index.db'), 'this is no database, and long enough to be one'.repeat(100));
    await refused(damaged);
    if (process.getuid?.() !== 0) {
      const closed = join(root, 'closed');
      await mkdir(closed);
      await chmod(closed, 0o500);
      await refused(closed);
    }
  });

  test('a folder of a newer Sluice', async () => {
    const folder = join(root, 'newer');
    await (await startBucketServer(optionsFor(folder))).close();
    const db = new DatabaseSync(join(folder, 'index.db'));
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(startBucketServer(optionsFor(folder))).rejects.toMatchObject({ code: 'JOURNAL_NEWER' });
  });

  test('a bucket name that is none', async () => {
    const start = startBucketServer({ ...optionsFor(join(root, 'name')), buckets: ['No!'] });
    await expect(start).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  testUnless(onWindows)('a socket, one left behind, and one in use', async () => {
    const socketPath = join(root, 'b.sock');
    const folder = join(root, 'socket');
    const listen = { socketPath };
    await writeFile(socketPath, 'a file of somebody');
    const blocked = startBucketServer({ ...optionsFor(join(root, 'socket-1')), listen });
    await expect(blocked).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    await rm(socketPath);
    await leaveSocket(socketPath);
    const first = await startBucketServer({ ...optionsFor(folder), listen });
    expect(first).toMatchObject({ port: 0, origin: `http+unix://${encodeURIComponent(socketPath)}` });
    const status = await new Promise((resolve, reject) => {
      const outgoing = request({ socketPath, path: '/' }, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode);
      });
      outgoing.on('error', reject);
      outgoing.end();
    });
    expect(status).toBe(403);
    const second = startBucketServer({ ...optionsFor(join(root, 'socket-2')), listen });
    await expect(second).rejects.toMatchObject({ code: 'DATA_FOLDER_BUSY' });
    await first.close();
  });
});

/** Makes a socket whose server was killed. */
async function leaveSocket(socketPath: string): Promise<void> {
  const program = `require('node:net').createServer().listen(process.argv[1], () => console.log('up'))`;
  const child = spawn(process.execPath, ['-e', program, socketPath]);
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('stopping', () => {
  test('lets what is on its way finish, and can be asked twice', async () => {
    const folder = join(root, 'stop');
    const bucket = await openTestBucket({}, folder);
    const puts = Array.from({ length: 8 }, (_, at) =>
      bucket.s3.send(new PutObjectCommand({ Bucket, Key: `k${at}`, Body: bytesOf(2_000_000, at + 1) })),
    );
    await Promise.race(puts);
    await Promise.all([bucket.server.close(), bucket.server.close()]);
    const outcomes = await Promise.allSettled(puts);
    await bucket.close();
    const again = await openTestBucket({}, folder);
    for (const [at, { status }] of outcomes.entries()) {
      if (status !== 'fulfilled') continue;
      const { Body } = await again.s3.send(new GetObjectCommand({ Bucket, Key: `k${at}` }));
      const bytes = Buffer.from(await Body!.transformToByteArray());
      expect(Buffer.compare(bytes, bytesOf(2_000_000, at + 1))).toBe(0);
    }
    await again.close();
  });
});

describe('buckets', () => {
  test('are made, found and deleted', async () => {
    const bucket = await openTestBucket();
    const { s3 } = bucket;
    await s3.send(new CreateBucketCommand({ Bucket: 'made' }));
    await s3.send(new CreateBucketCommand({ Bucket: 'made' }));
    const head = await s3.send(new HeadBucketCommand({ Bucket: 'made' }));
    expect(head.BucketRegion).toBe('us-east-1');
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: 'made' }));
    expect(location.LocationConstraint ?? '').toBe('');
    await s3.send(new PutObjectCommand({ Bucket: 'made', Key: 'a', Body: 'x' }));
    const remove = new DeleteBucketCommand({ Bucket: 'made' });
    expect(await failure(s3.send(remove))).toEqual(['BucketNotEmpty', 409]);
    await sendSigned(bucket.origin, { method: 'DELETE', path: '/made/a' });
    await s3.send(new CreateMultipartUploadCommand({ Bucket: 'made', Key: 'left' }));
    await s3.send(remove);
    expect(await failure(s3.send(remove))).toEqual(['NoSuchBucket', 404]);
    expect(await failure(s3.send(new HeadBucketCommand({ Bucket: 'made' })))).toEqual(['NotFound', 404]);
    await bucket.close();
  });

  test('have names as S3 wants them, and are in one region', async () => {
    const bucket = await openTestBucket({ region: 'eu-central-1' });
    const s3 = bucket.client({ region: 'eu-central-1' });
    for (const name of ['ab', 'UPPER', 'a..b', '1.2.3.4', 'under_score']) {
      const { code } = await sendSigned(
        bucket.origin,
        { method: 'PUT', path: `/${name}` },
        { region: 'eu-central-1' },
      );
      expect(code).toBe('InvalidBucketName');
    }
    const make = (LocationConstraint: 'eu-central-1' | 'eu-west-1'): Promise<unknown> =>
      s3.send(
        new CreateBucketCommand({ Bucket: 'located', CreateBucketConfiguration: { LocationConstraint } }),
      );
    expect(await failure(make('eu-west-1'))).toEqual(['IllegalLocationConstraintException', 400]);
    await make('eu-central-1');
    expect(await failure(make('eu-central-1'))).toEqual(['BucketAlreadyOwnedByYou', 409]);
    const { LocationConstraint } = await s3.send(new GetBucketLocationCommand({ Bucket: 'located' }));
    expect(LocationConstraint).toBe('eu-central-1');
    await bucket.close();
  });
});

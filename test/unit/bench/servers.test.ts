import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { encodeCrc32 } from '#shared/lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partCounts, startFront, startLine, startSink, type Endpoint } from '../../bench/servers/index.ts';
import { growthOf } from '../../bench/transfers/terabyte.ts';

const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-servers-'));
const at = { Bucket: 'sink', Key: 'a folder/ä & b' };
const bytes = Buffer.alloc(300_000, 'sluice');
const sum = (body: Buffer): string => encodeCrc32(crc32(body));
let sink: Endpoint;
let front: Endpoint;
let line: Endpoint;

const clientOf = (endpoint: string): S3Client =>
  new S3Client({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });

beforeAll(async () => {
  sink = await startSink(scratch, { check: true });
  front = await startFront(scratch, { target: sink.endpoint, tls: null });
  line = await startLine(scratch, {
    target: sink.endpoint,
    roundTripMs: 20,
    bytesPerSecond: 50e6,
    bytesPerConnection: 20e6,
    loss: 0.01,
    seed: 3,
  });
});

afterAll(async () => {
  await Promise.all([sink, front, line].map((server) => server.stop()));
  rmSync(scratch, { recursive: true, force: true });
});

describe('the sink', () => {
  it.each([
    ['directly', () => sink],
    ['through the front', () => front],
    ['through a lossy line', () => line],
  ])('takes an upload in parts, %s, and tells of the whole', async (_, server) => {
    const client = clientOf(server().endpoint);
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ ...at, Metadata: { 'sluice-id': '7' } }),
    );
    const listed = await client.send(new ListMultipartUploadsCommand({ Bucket: 'sink', Prefix: at.Key }));
    expect(listed.Uploads?.map(({ Key, UploadId: id }) => [Key, id])).toContainEqual([at.Key, UploadId]);
    const parts = [bytes.subarray(0, 200_000), bytes.subarray(200_000)];
    for (const [index, Body] of parts.entries()) {
      const ChecksumCRC32 = sum(Body);
      await client.send(
        new UploadPartCommand({ ...at, UploadId, PartNumber: index + 1, Body, ChecksumCRC32 }),
      );
    }
    const { Parts } = await client.send(new ListPartsCommand({ ...at, UploadId }));
    expect(Parts?.map(({ PartNumber, Size, ChecksumCRC32 }) => [PartNumber, Size, ChecksumCRC32])).toEqual([
      [1, 200_000, sum(parts[0]!)],
      [2, 100_000, sum(parts[1]!)],
    ]);
    await client.send(
      new CompleteMultipartUploadCommand({
        ...at,
        UploadId,
        MultipartUpload: { Parts: Parts?.map(({ PartNumber, ETag }) => ({ PartNumber, ETag })) },
        ChecksumCRC32: sum(bytes),
        MpuObjectSize: bytes.length,
      }),
    );
    const stored = await client.send(new HeadObjectCommand({ ...at, ChecksumMode: 'ENABLED' }));
    expect(stored).toMatchObject({
      ContentLength: bytes.length,
      ChecksumCRC32: sum(bytes),
      Metadata: { 'sluice-id': '7' },
    });
    await client.send(new DeleteObjectsCommand({ Bucket: 'sink', Delete: { Objects: [{ Key: at.Key }] } }));
    await expect(client.send(new HeadObjectCommand(at))).rejects.toMatchObject({ name: 'NotFound' });
    client.destroy();
  });

  it('refuses a body that is not what its checksum says, and a whole that is not its parts', async () => {
    const client = clientOf(sink.endpoint);
    const wrong = client.send(
      new PutObjectCommand({ ...at, Body: bytes, ChecksumCRC32: sum(Buffer.from('x')) }),
    );
    await expect(wrong).rejects.toMatchObject({ name: 'BadDigest' });
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
    const unknown = new CompleteMultipartUploadCommand({
      ...at,
      UploadId,
      MultipartUpload: { Parts: [{ PartNumber: 1, ETag: '"none"' }] },
    });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: 'InvalidPart' });
    client.destroy();
  });
});

it('counts the bytes of a part that was broken off', async () => {
  const client = clientOf(front.endpoint);
  const { UploadId = '' } = await client.send(new CreateMultipartUploadCommand({ ...at, Key: 'broken' }));
  client.destroy();
  const before = await partCounts(front.endpoint);
  const { hostname, port } = new URL(front.endpoint);
  const asked = request({
    hostname,
    port,
    method: 'PUT',
    path: `/sink/broken?partNumber=1&uploadId=${UploadId}`,
    headers: { 'content-length': 1_000_000 },
  });
  asked.on('error', () => undefined);
  asked.write(bytes);
  let counts = await partCounts(front.endpoint);
  while (counts.bytes - before.bytes < bytes.length) counts = await partCounts(front.endpoint);
  asked.destroy();
  while (counts.cut === before.cut) counts = await partCounts(front.endpoint);
  expect(counts.bytes - before.bytes).toBe(bytes.length);
  expect(counts.whole).toBe(before.whole);
  expect(counts.open).toBe(0);
});

it('sees memory that grows, by quarters', () => {
  expect(growthOf([100, 100, 900, 100, 100, 100, 100, 100])).toBe(0);
  expect(growthOf([100, 110, 120, 130, 140, 150, 160, 170])).toBe(60);
  expect(growthOf([1, 2, 3])).toBeNull();
});

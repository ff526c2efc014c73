/** Memory stays flat however much passes through, and a full disk is told as one. */
import { readFile, rm } from 'node:fs/promises';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { startBucketChild } from './child.ts';
import { BUCKET, bytesOf, clientOf, failure, MIB, temporaryFolder } from './support.ts';

const Bucket = BUCKET;
/** Set to have 4 GiB pass instead of 256 MiB: the bound is the same. */
const thorough = process.env['SLUICE_TEST_MEMORY'] !== undefined;
const PARTS = thorough ? 512 : 32;
/** Beyond what the process has when it starts: most of that is Node and its stripping of types. */
const GROWTH_MB = 80;

/** Bodies as the app sends them: no checksum of the client's own, no waiting to be asked. */
const PLAIN = {
  requestChecksumCalculation: 'WHEN_REQUIRED',
  requestHandler: { expectContinueHeader: false },
} as const;

/** @returns the most memory a process has had, in MB */
async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1000;
}

test.skipIf(process.platform !== 'linux')(
  `${(PARTS * 8 * MIB) / 1e6} MB in parts, and out again, in little memory`,
  { timeout: 120_000 },
  async () => {
    const root = await temporaryFolder();
    const child = await startBucketChild(root);
    const s3 = clientOf(child.origin, PLAIN);
    const atStart = await peakOf(child.process.pid!);
    const Key = 'big';
    const Body = Buffer.alloc(8 * MIB);
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
    let next = 1;
    const sender = async (): Promise<void> => {
      while (next <= PARTS) {
        const PartNumber = next++;
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        Parts[PartNumber - 1] = { PartNumber, ETag };
      }
    };
    await Promise.all(Array.from({ length: 6 }, sender));
    await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const { Body: stream } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    let read = 0;
    for await (const chunk of stream as unknown as AsyncIterable<Buffer>) read += chunk.length;
    expect(read).toBe(PARTS * Body.length);
    const growth = (await peakOf(child.process.pid!)) - atStart;
    expect(growth, `grew by ${Math.round(growth)} MB`).toBeLessThan(GROWTH_MB);
    s3.destroy();
    await child.stop();
    expect(child.errors()).toBe('');
    await rm(root, { recursive: true });
  },
);

test.skipIf(process.platform === 'win32')('a disk that is full', { timeout: 30_000 }, async () => {
  const root = await temporaryFolder();
  // The system refuses it any file of more than 2 MB, with the error it gives on a full disk but for its number.
  const child = await startBucketChild(root, (command) => [
    'sh',
    '-c',
    'ulimit -f 4000; exec "$@"',
    'sh',
    ...command,
  ]);
  const s3 = clientOf(child.origin, PLAIN);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'fits', Body: bytesOf(MIB) }));
  const big = new PutObjectCommand({ Bucket, Key: 'fits', Body: bytesOf(3 * MIB) });
  expect(await failure(s3.send(big))).toEqual(['StorageFull', 507]);
  // What was there is there, and the server goes on.
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'fits' }));
  expect(Buffer.compare(Buffer.from(await Body!.transformToByteArray()), bytesOf(MIB))).toBe(0);
  await s3.send(new PutObjectCommand({ Bucket, Key: 'also', Body: bytesOf(MIB) }));
  s3.destroy();
  await child.stop();
  expect(child.errors()).toContain('StorageFull');
  await rm(root, { recursive: true });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { OnExisting } from '#main/journal';
import type { Transfer } from '#shared/domain';
import { queueFetch } from './fetching.ts';
import { startRig, type RigOptions, type UploadRig } from './upload-rig.ts';

/** A rig with a folder that objects are fetched to. */
export interface DownloadRig {
  readonly rig: UploadRig;
  /** Where downloads go. */
  readonly folder: string;
  /** Puts an object into the bucket, past everything that is tested. */
  put(key: string, content: Buffer): Promise<void>;
  /** The same in parts, without a checksum of the whole. */
  putInParts(key: string, parts: readonly Buffer[]): Promise<void>;
  /** Queues a download of a key. @returns its id */
  fetch(key: string, size: number, how?: { readonly existing?: OnExisting; readonly as?: string }): string;
  /** What is in the folder, unfinished files among it. */
  names(): readonly string[];
  read(name: string): Buffer;
  /** The unfinished file of a download. */
  part(id: string): string;
  /** Resolves once a transfer is as the caller wants it. */
  until(id: string, holds: (transfer: Transfer) => boolean): Promise<Transfer>;
  close(): Promise<void>;
}

export async function startDownloadRig(options: RigOptions = {}): Promise<DownloadRig> {
  const rig = await startRig(options);
  const folder = join(rig.folder, 'downloads');
  const s3 = new S3Client({
    endpoint: rig.proxy.origin,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'TESTKEY', secretAccessKey: 'test-secret' },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  const Bucket = rig.connection.bucket;
  return {
    rig,
    folder,
    async put(Key, Body) {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    async putInParts(Key, bodies) {
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const Parts = [];
      for (const [index, Body] of bodies.entries()) {
        const PartNumber = index + 1;
        const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
        Parts.push({ PartNumber, ETag });
      }
      await s3.send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }),
      );
    },
    fetch: (key, size, how = {}) => queueFetch(rig, { key, size, folder, ...how }),
    names: () => (existsSync(folder) ? readdirSync(folder, { recursive: true }).map(String).sort() : []),
    read: (name) => readFileSync(join(folder, name)),
    part(id) {
      const { name } = rig.transfers.record(id);
      return join(folder, `${name}.${id.slice(0, 8)}.part`);
    },
    async until(id, holds) {
      for (;;) {
        const transfer = rig.transfers.view(id);
        if (holds(transfer)) return transfer;
        await new Promise<void>((resolve) => {
          const stop = rig.transfers.onChange((changed) => {
            if (changed !== id) return;
            stop();
            resolve();
          });
        });
      }
    },
    async close() {
      s3.destroy();
      await rig.close();
    },
  };
}

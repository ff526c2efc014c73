/** A real server on a folder of its own, and the stock client to talk to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { startBucketServer, type BucketServer, type BucketServerOptions } from '#main/bucket';

export const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example/secret+key' };
export const REGION = 'us-east-1';
export const BUCKET = 'bucket';

export interface TestBucket {
  readonly root: string;
  readonly origin: string;
  readonly server: BucketServer;
  readonly s3: S3Client;
  /** What the server could not answer for. */
  readonly logged: unknown[];
  client(config?: S3ClientConfig): S3Client;
  close(): Promise<void>;
}

export function optionsFor(root: string): BucketServerOptions {
  return {
    root,
    credentials: CREDENTIALS,
    region: REGION,
    listen: { port: 0 },
    buckets: [BUCKET],
    allowedOrigins: () => [],
  };
}

export async function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sluice-bucket-'));
}

/** @param root where given, it is left in place by `close` */
export async function openTestBucket(
  change: Partial<BucketServerOptions> = {},
  root?: string,
): Promise<TestBucket> {
  const folder = root ?? (await temporaryFolder());
  const logged: unknown[] = [];
  const server = await startBucketServer({
    ...optionsFor(folder),
    log: (message, error) => logged.push(message, error),
    ...change,
  });
  const clients: S3Client[] = [];
  const client = (config: S3ClientConfig = {}): S3Client => {
    const made = clientOf(server.origin, config);
    clients.push(made);
    return made;
  };
  return {
    root: folder,
    origin: server.origin,
    server,
    s3: client(),
    logged,
    client,
    async close() {
      for (const made of clients) made.destroy();
      await server.close();
      if (root === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** @returns a client that asks once, for a server that is somewhere else */
export function clientOf(endpoint: string, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
    ...config,
  });
}

/** @returns the code and status a command fails with */
export async function failure(promise: Promise<unknown>): Promise<[string, number | undefined]> {
  try {
    await promise;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode?: number } };
    return [name, $metadata?.httpStatusCode];
  }
  throw new Error('It was expected to fail');
}

/** @returns bytes that look random and are the same for one seed */
export function bytesOf(length: number, seed = 1): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed >>> 0 || 1;
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

export const MIB = 1024 * 1024;

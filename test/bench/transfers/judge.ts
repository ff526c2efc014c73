import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
  type _Object,
} from '@aws-sdk/client-s3';
import type { BucketAccess } from '../../e2e/support/engine.ts';
import { startBucket } from '../servers/index.ts';

/** The built-in bucket, and a client of nobody's own that looks what a contender left in it. */
export class Judge {
  readonly bucket: BucketAccess;
  readonly #client: S3Client;
  readonly #stop: () => Promise<void>;

  private constructor(bucket: BucketAccess, stop: () => Promise<void>) {
    this.bucket = bucket;
    this.#stop = stop;
    this.#client = new S3Client({
      endpoint: bucket.endpoint,
      region: bucket.region,
      credentials: bucket,
      forcePathStyle: true,
    });
  }

  static async start(data: string): Promise<Judge> {
    const { stop, ...bucket } = await startBucket(data);
    return new Judge(bucket, stop);
  }

  /** @throws where there is not one object of this size at or below `to` */
  async expectOne(to: string, bytes: number): Promise<void> {
    const objects = await this.#list(to);
    if (objects.length !== 1 || objects[0]?.Size !== bytes) {
      throw new Error(`${to}: there are ${objects.length} objects instead of one of ${bytes} bytes`);
    }
  }

  /**
   * @param names of the files in `folder`: all must be below `to`; of some, the bytes are compared
   * @throws where it is not so
   */
  async expectAll(to: string, folder: string, names: readonly string[]): Promise<void> {
    const keys = (await this.#list(to)).map(({ Key = '' }) => Key);
    if (keys.length !== names.length) {
      throw new Error(`${to}: there are ${keys.length} objects of ${names.length}`);
    }
    const some = names.filter((_, index) => index % Math.ceil(names.length / 10) === 0);
    for (const name of some) {
      const key = keys.find((each) => each.endsWith(name.replaceAll('\\', '/')));
      if (key === undefined) throw new Error(`${to}: ${name} is not there`);
      const answer = await this.#client.send(new GetObjectCommand({ Bucket: this.bucket.bucket, Key: key }));
      const stored = await answer.Body?.transformToByteArray();
      if (stored === undefined || !(await readFile(join(folder, name))).equals(stored)) {
        throw new Error(`${to}: ${name} arrived with other bytes`);
      }
    }
  }

  async takeAway(to: string): Promise<void> {
    const keys = (await this.#list(to)).map(({ Key = '' }) => Key);
    for (let from = 0; from < keys.length; from += 1000) {
      const Objects = keys.slice(from, from + 1000).map((Key) => ({ Key }));
      const { Errors = [] } = await this.#client.send(
        new DeleteObjectsCommand({ Bucket: this.bucket.bucket, Delete: { Objects, Quiet: true } }),
      );
      if (Errors.length > 0) throw new Error(`${to} cannot be taken away: ${Errors[0]?.Message ?? ''}`);
    }
  }

  async stop(): Promise<void> {
    this.#client.destroy();
    await this.#stop();
  }

  async #list(prefix: string): Promise<readonly _Object[]> {
    const found: _Object[] = [];
    let token: string | undefined;
    do {
      const page = await this.#client.send(
        new ListObjectsV2Command({
          Bucket: this.bucket.bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }),
      );
      found.push(...(page.Contents ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }
}

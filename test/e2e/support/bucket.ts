import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { BucketAccess } from './engine.ts';

/** What a stock client sees of an object. */
export interface SeenObject {
  readonly key: string;
  readonly size: number;
}

/** A stock S3 client on the built-in bucket. */
export class StockClient {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ endpoint, bucket, region, accessKeyId, secretAccessKey }: BucketAccess) {
    this.#bucket = bucket;
    this.#client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
  }

  async list(): Promise<readonly SeenObject[]> {
    const found: SeenObject[] = [];
    for await (const page of paginateListObjectsV2({ client: this.#client }, { Bucket: this.#bucket })) {
      for (const { Key = '', Size = 0 } of page.Contents ?? []) found.push({ key: Key, size: Size });
    }
    return found;
  }

  /** @returns the key of the one object whose key passes; throws where there is none or more than one */
  async only(passes: (key: string) => boolean): Promise<string> {
    const keys = (await this.list()).map(({ key }) => key);
    const [key, ...more] = keys.filter(passes);
    if (key === undefined || more.length > 0) throw new Error(`Not just one of ${keys.join(', ')}`);
    return key;
  }

  /** @returns SHA-256 of all the bytes, in hex */
  async sha256(key: string): Promise<string> {
    return sha256(await this.#get(key));
  }

  async bytes(key: string): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of await this.#get(key)) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  }

  /** @returns the checksum of the whole object that the store vouches for, as S3 writes it */
  async crc32(key: string): Promise<string | undefined> {
    const head = await this.#client.send(
      new HeadObjectCommand({ Bucket: this.#bucket, Key: key, ChecksumMode: 'ENABLED' }),
    );
    return head.ChecksumCRC32;
  }

  close(): void {
    this.#client.destroy();
  }

  async #get(key: string): Promise<Readable> {
    const { Body } = await this.#client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    if (!(Body instanceof Readable)) throw new Error(`${key} has no body`);
    return Body;
  }
}

/** @returns SHA-256 of a stream, in hex */
export async function sha256(bytes: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

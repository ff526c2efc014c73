/** Buckets, objects and uploads on the local disk. Whatever a method resolved is on disk and survives any kill. */
import { mkdir } from 'node:fs/promises';
import type { DigestName, Digests, HashPool } from '#main/hashing';
import { ALWAYS, type ByteRange, checkWrite, S3Error, type WriteCondition } from '../wire/index.ts';
import { BlobFiles } from './blob-files.ts';
import { BlobWriter, type NewBlob, type Received } from './blob-write.ts';
import { Commits } from './commits.ts';
import { Contents, type HeldContent } from './content.ts';
import { Index } from './database.ts';
import { listPage, type Page, type PageRequest } from './listing.ts';
import { findObject, type NewObject, removeObject, switchObject } from './objects.ts';
import { addBlob, addSlices, dropOwner, dropPart } from './owners.ts';
import type { ObjectRecord, PartRecord, Slice, UploadRecord } from './records.ts';
import {
  findUpload,
  insertUpload,
  listParts,
  listUploads,
  newUploadId,
  switchPart,
  type UploadPage,
  type UploadPageRequest,
} from './uploads.ts';

export interface BucketRecord {
  readonly id: number;
  readonly name: string;
  readonly created: number;
}

/** Where new bytes come from: a blob just received, or stretches of blobs another object holds. */
export type Bytes =
  | { readonly kind: 'blob'; readonly blob: NewBlob }
  | {
      readonly kind: 'shared';
      readonly slices: readonly Slice[];
      /** The object they were found in: it must still be that one. */
      readonly source: { readonly bucket: number; readonly key: string; readonly id: number };
    };

/** What an upload becomes: its object, and the parts it is made of. */
export interface Completion {
  readonly object: NewObject;
  readonly numbers: ReadonlySet<number>;
}

/** The source of a copy was replaced while it was read. */
export class SourceChanged extends Error {
  override readonly name = 'SourceChanged';
}

interface Changed<T> {
  readonly result: T;
  readonly doomed: readonly number[];
}

export class Store {
  readonly #index: Index;
  readonly #commits: Commits;
  readonly #files: BlobFiles;
  readonly #writer: BlobWriter;
  readonly #contents: Contents;
  readonly #now: () => number;
  #nextOwner: number;

  private constructor(index: Index, files: BlobFiles, hashes: HashPool, now: () => number) {
    this.#index = index;
    this.#commits = new Commits(index);
    this.#files = files;
    this.#writer = new BlobWriter(files, hashes);
    this.#contents = new Contents(index, files, hashes);
    this.#now = now;
    this.#nextOwner =
      1 +
      this.#number(
        'SELECT max(coalesce((SELECT max(id) FROM objects), 0), coalesce((SELECT max(id) FROM uploads), 0)) AS n',
      );
  }

  /** Makes the folder where it is missing, and clears away what was never acknowledged. */
  static async open(root: string, hashes: HashPool, now: () => number): Promise<Store> {
    await mkdir(root, { recursive: true });
    const index = new Index(root);
    try {
      const ids = index.all<{ id: number }>('SELECT id FROM blobs WHERE bytes IS NULL').map(({ id }) => id);
      const known = new Set(ids);
      const highest = index.get<{ n: number | null }>('SELECT max(id) AS n FROM blobs')?.n ?? 0;
      const files = await BlobFiles.open(root, (id) => known.has(id), highest);
      return new Store(index, files, hashes, now);
    } catch (error) {
      await index.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#commits.settle();
    await this.#index.close();
  }

  // ---- buckets

  listBuckets(): BucketRecord[] {
    return this.#index.all<BucketRecord>('SELECT id, name, created FROM buckets ORDER BY name');
  }

  findBucket(name: string): BucketRecord | null {
    return this.#index.get<BucketRecord>('SELECT id, name, created FROM buckets WHERE name = ?', name);
  }

  /** @returns false where there is one already */
  createBucket(name: string): Promise<boolean> {
    return this.#commits.commit(() => {
      const sql = 'INSERT INTO buckets (name, created) VALUES (?, ?) ON CONFLICT DO NOTHING';
      return this.#index.run(sql, name, this.#now()) === 1;
    });
  }

  /** Throws BucketNotEmpty. Uploads that were not completed go with it. */
  deleteBucket(bucket: number): Promise<void> {
    return this.#change(() => {
      if (this.#index.get('SELECT 1 FROM objects WHERE bucket = ? LIMIT 1', bucket) !== null) {
        throw new S3Error('BucketNotEmpty');
      }
      const uploads = this.#index.all<{ id: number }>('SELECT id FROM uploads WHERE bucket = ?', bucket);
      const doomed = uploads.flatMap(({ id }) => dropOwner(this.#index, id));
      this.#index.run('DELETE FROM uploads WHERE bucket = ?', bucket);
      this.#index.run('DELETE FROM buckets WHERE id = ?', bucket);
      return { result: undefined, doomed };
    });
  }

  // ---- bytes

  /** Takes bytes in; they are to be given to `putObject` or `putPart`, or discarded. */
  receive(chunks: AsyncIterable<Buffer>, length: number, names: readonly DigestName[]): Promise<Received> {
    return this.#writer.receive(chunks, length, names);
  }

  async discard(blob: NewBlob): Promise<void> {
    // Where only the wait for the disk failed, the index may speak of it.
    if (this.#index.get('SELECT 1 FROM blobs WHERE id = ?', blob.id) !== null) return;
    await this.#writer.discard(blob);
  }

  /** Holds the bytes of an object from now on. To be released. */
  openContent(object: number, range: ByteRange): HeldContent {
    return this.#contents.open(object, range);
  }

  digestContent(object: number, range: ByteRange, names: readonly DigestName[]): Promise<Digests> {
    return this.#contents.digest(object, range, names);
  }

  slicesOf(object: number, range: ByteRange): readonly Slice[] {
    return this.#contents.slices(object, range);
  }

  // ---- objects

  findObject(bucket: number, key: string): ObjectRecord | null {
    return findObject(this.#index, bucket, key);
  }

  listObjects(bucket: number, request: PageRequest): Page {
    return listPage(this.#index, bucket, request);
  }

  /** Throws PreconditionFailed early, so that nobody sends bytes in vain; it counts again at the switch. */
  checkWrite(bucket: number, key: string, condition: WriteCondition): void {
    if (condition.kind !== 'none') checkWrite(condition, this.findObject(bucket, key));
  }

  /** Throws PreconditionFailed, NoSuchKey, NoSuchBucket or SourceChanged. */
  putObject(
    bucket: number,
    key: string,
    made: NewObject,
    bytes: Bytes,
    condition: WriteCondition,
  ): Promise<ObjectRecord> {
    return this.#change(() => {
      this.#requireBucket(bucket);
      const object: ObjectRecord = { ...made, key, id: this.#nextOwner++, modified: this.#now() };
      // The new bytes are referred to before the old ones are let go: they may be the same.
      this.#addBytes(object.id, 1, bytes);
      const doomed = switchObject(this.#index, bucket, object, condition);
      return { result: object, doomed };
    });
  }

  /** Removes what is at a key, if anything. Throws PreconditionFailed or NoSuchKey where a condition is given. */
  deleteObject(bucket: number, key: string, condition: WriteCondition = ALWAYS): Promise<void> {
    return this.#change(() => ({
      result: undefined,
      doomed: removeObject(this.#index, bucket, key, condition),
    }));
  }

  // ---- uploads

  createUpload(
    bucket: number,
    begun: Pick<UploadRecord, 'key' | 'facts' | 'checksum'>,
  ): Promise<UploadRecord> {
    return this.#commits.commit(() => {
      this.#requireBucket(bucket);
      const initiated = this.#now();
      const upload = { ...begun, upload: newUploadId(initiated), id: this.#nextOwner++, initiated };
      insertUpload(this.#index, bucket, upload);
      return upload;
    });
  }

  /** Throws NoSuchUpload. */
  findUpload(bucket: number, key: string, upload: string): UploadRecord {
    return findUpload(this.#index, bucket, key, upload);
  }

  listUploads(bucket: number, request: UploadPageRequest): UploadPage {
    return listUploads(this.#index, bucket, request);
  }

  /** @param owner the id of an upload, or of an object that was uploaded in parts */
  listParts(owner: number, after = 0, limit = -1): PartRecord[] {
    return listParts(this.#index, owner, after, limit);
  }

  countParts(owner: number): number {
    return this.#number('SELECT count(*) AS n FROM parts WHERE owner = ?', owner);
  }

  /** Throws NoSuchUpload or SourceChanged. */
  putPart(
    bucket: number,
    key: string,
    upload: string,
    made: Omit<PartRecord, 'modified'>,
    bytes: Bytes,
  ): Promise<PartRecord> {
    return this.#change(() => {
      const { id } = this.findUpload(bucket, key, upload);
      const part: PartRecord = { ...made, modified: this.#now() };
      const doomed = switchPart(this.#index, id, part);
      this.#addBytes(id, part.number, bytes);
      return { result: part, doomed };
    });
  }

  /** Throws NoSuchUpload. */
  abortUpload(bucket: number, key: string, upload: string): Promise<void> {
    return this.#change(() => {
      const { id } = this.findUpload(bucket, key, upload);
      this.#index.run('DELETE FROM uploads WHERE upload = ?', upload);
      return { result: undefined, doomed: dropOwner(this.#index, id) };
    });
  }

  /**
   * Makes an upload an object: its parts stay where they are. Throws NoSuchUpload, PreconditionFailed, NoSuchKey, and
   * what `assemble` throws of the parts that are there.
   */
  completeUpload(
    bucket: number,
    key: string,
    upload: string,
    condition: WriteCondition,
    assemble: (record: UploadRecord, parts: readonly PartRecord[]) => Completion,
  ): Promise<ObjectRecord> {
    return this.#change(() => {
      const record = this.findUpload(bucket, key, upload);
      const parts = this.listParts(record.id);
      const { object: made, numbers } = assemble(record, parts);
      const object: ObjectRecord = { ...made, key, id: record.id, modified: this.#now() };
      const doomed = switchObject(this.#index, bucket, object, condition);
      for (const { number } of parts) {
        if (!numbers.has(number)) doomed.push(...dropPart(this.#index, record.id, number));
      }
      this.#index.run('DELETE FROM uploads WHERE upload = ?', upload);
      return { result: object, doomed };
    });
  }

  // ---- inside a change

  async #change<T>(change: () => Changed<T>): Promise<T> {
    const { result, doomed } = await this.#commits.commit(change);
    // Nothing refers to these any more; whoever asked need not wait for them to go.
    void this.#files.remove(doomed);
    return result;
  }

  #requireBucket(bucket: number): void {
    if (this.#index.get('SELECT 1 FROM buckets WHERE id = ?', bucket) === null) {
      throw new S3Error('NoSuchBucket');
    }
  }

  #addBytes(owner: number, number: number, bytes: Bytes): void {
    if (bytes.kind === 'blob') {
      const { blob } = bytes;
      if (blob.size === 0) return;
      addBlob(this.#index, blob);
      addSlices(this.#index, owner, number, [{ blob: blob.id, start: 0, length: blob.size }]);
      return;
    }
    const { bucket, key, id } = bytes.source;
    if (this.findObject(bucket, key)?.id !== id) throw new SourceChanged();
    addSlices(this.#index, owner, number, bytes.slices);
  }

  #number(sql: string, ...values: number[]): number {
    return this.#index.get<{ n: number }>(sql, ...values)?.n ?? 0;
  }
}

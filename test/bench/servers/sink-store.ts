import { combineCrc32, encodeCrc32 } from '#shared/lib';

/** All that is kept of a part: its bytes are gone. */
export interface SinkPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly crc32: string;
}

export interface SinkObject {
  readonly size: number;
  readonly etag: string;
  readonly crc32: string;
  /** x-amz-meta-* by their whole names. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface SinkUpload {
  readonly id: string;
  readonly key: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly startedAt: Date;
  readonly parts: Map<number, SinkPart>;
}

/** Objects and uploads by key (bucket included), without a byte of them. */
export class SinkStore {
  readonly #objects = new Map<string, SinkObject>();
  readonly #uploads = new Map<string, SinkUpload>();
  #made = 0;

  /** Unlike any other; the sink hashes nothing. */
  etag(): string {
    this.#made += 1;
    return `"${this.#made.toString(16).padStart(32, '0')}"`;
  }

  put(key: string, object: SinkObject): void {
    this.#objects.set(key, object);
  }

  head(key: string): SinkObject | null {
    return this.#objects.get(key) ?? null;
  }

  remove(key: string): void {
    this.#objects.delete(key);
  }

  create(key: string, metadata: Readonly<Record<string, string>>): string {
    const id = `upload-${this.#uploads.size + 1}-${process.pid}`;
    this.#uploads.set(id, { id, key, metadata, startedAt: new Date(), parts: new Map() });
    return id;
  }

  upload(id: string): SinkUpload | null {
    return this.#uploads.get(id) ?? null;
  }

  uploads(prefix: string): readonly SinkUpload[] {
    return [...this.#uploads.values()].filter(({ key }) => key.startsWith(prefix));
  }

  abort(id: string): void {
    this.#uploads.delete(id);
  }

  /** @returns a page of the parts, in order */
  parts(upload: SinkUpload, after: number, most: number): { page: readonly SinkPart[]; isLast: boolean } {
    const rest = [...upload.parts.values()]
      .filter(({ number }) => number > after)
      .sort((a, b) => a.number - b.number);
    return { page: rest.slice(0, most), isLast: rest.length <= most };
  }

  /**
   * @param named numbers and ETags in the order of the request
   * @param expected what the request says that the whole must be; null where it does not say
   * @returns the object, or the code of S3's error
   */
  complete(
    upload: SinkUpload,
    named: readonly { readonly number: number; readonly etag: string }[],
    expected: { readonly size: number | null; readonly crc32: string | null },
  ): SinkObject | 'InvalidPart' | 'InvalidRequest' | 'BadDigest' {
    let size = 0;
    let whole = 0;
    for (const { number, etag } of named) {
      const part = upload.parts.get(number);
      if (part === undefined || part.etag !== etag) return 'InvalidPart';
      whole = combineCrc32(whole, Buffer.from(part.crc32, 'base64').readUInt32BE(), part.size);
      size += part.size;
    }
    const crc32 = encodeCrc32(whole);
    if (expected.size !== null && expected.size !== size) return 'InvalidRequest';
    if (expected.crc32 !== null && expected.crc32 !== crc32) return 'BadDigest';
    const object = { size, etag: this.etag(), crc32, metadata: upload.metadata };
    this.put(upload.key, object);
    this.abort(upload.id);
    return object;
  }
}

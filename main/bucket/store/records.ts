/** What the index tells of objects, uploads and parts, and how rows become it. */
import type { ChecksumAlgorithm, ChecksumType } from '#main/hashing';

/** What was said of an object when it was made. Header values have one character per byte. */
export interface ObjectFacts {
  /** Content-Type and its relatives, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  /** x-amz-meta-*, by what follows the prefix. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Storage class and encryption that were asked for, by lower-case name: remembered and told. */
  readonly asked?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** Base64; with `-N` behind it where it is composite. */
  readonly value: string;
}

export interface ObjectRecord {
  readonly key: string;
  /** Names the content; another content under the same key has another. */
  readonly id: number;
  /** Bytes. */
  readonly size: number;
  /** Without quotes. */
  readonly etag: string;
  /** ms since the epoch. */
  readonly modified: number;
  readonly facts: ObjectFacts;
  readonly checksum: Checksum;
  /** 0 for an object that was not uploaded in parts. */
  readonly partCount: number;
  /** The upload that made it. */
  readonly upload: string | null;
}

export interface UploadRecord {
  readonly upload: string;
  /** The owner of its parts, and the id of the object it becomes. */
  readonly id: number;
  readonly key: string;
  readonly initiated: number;
  readonly facts: ObjectFacts;
  /** Null where the client named none: then parts may carry any, and the object gets a CRC32. */
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType } | null;
}

export interface PartRecord {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly algorithm: ChecksumAlgorithm;
  /** Base64, over the part. */
  readonly checksum: string;
  readonly crc32: Buffer;
}

/** A stretch of a blob. */
export interface Slice {
  readonly blob: number;
  readonly start: number;
  readonly length: number;
}

export interface ObjectRow {
  key: Uint8Array;
  id: number;
  size: number;
  etag: string;
  modified: number;
  facts: string;
  algorithm: ChecksumAlgorithm;
  type: ChecksumType;
  checksum: string;
  part_count: number;
  upload: string | null;
}

export interface UploadRow {
  upload: string;
  id: number;
  key: Uint8Array;
  initiated: number;
  facts: string;
  algorithm: ChecksumAlgorithm | null;
  type: ChecksumType | null;
}

export interface PartRow {
  number: number;
  size: number;
  etag: string;
  modified: number;
  algorithm: ChecksumAlgorithm;
  checksum: string;
  crc32: Uint8Array;
}

export function keyBytes(key: string): Buffer {
  return Buffer.from(key, 'utf8');
}

export function keyText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

export function toObject(row: ObjectRow): ObjectRecord {
  return {
    key: keyText(row.key),
    id: row.id,
    size: row.size,
    etag: row.etag,
    modified: row.modified,
    facts: JSON.parse(row.facts) as ObjectFacts,
    checksum: { algorithm: row.algorithm, type: row.type, value: row.checksum },
    partCount: row.part_count,
    upload: row.upload,
  };
}

export function toUpload(row: UploadRow): UploadRecord {
  return {
    upload: row.upload,
    id: row.id,
    key: keyText(row.key),
    initiated: row.initiated,
    facts: JSON.parse(row.facts) as ObjectFacts,
    checksum:
      row.algorithm === null || row.type === null ? null : { algorithm: row.algorithm, type: row.type },
  };
}

export function toPart(row: PartRow): PartRecord {
  return { ...row, crc32: Buffer.from(row.crc32) };
}

/** Uploads in parts, in the index. The changes run inside a commit. */
import { randomBytes } from 'node:crypto';
import { S3Error } from '../wire/index.ts';
import type { Index } from './database.ts';
import { above, rollUp } from './listing.ts';
import { dropPart } from './owners.ts';
import {
  keyBytes,
  type PartRecord,
  type PartRow,
  toPart,
  toUpload,
  type UploadRecord,
  type UploadRow,
} from './records.ts';

let lastStamp = 0;

/** @returns an id that sorts by the time it was made, as uploads of one key are listed */
export function newUploadId(now: number): string {
  lastStamp = Math.max(lastStamp + 1, now * 1000);
  return `${lastStamp.toString(36).padStart(11, '0')}${randomBytes(12).toString('hex')}`;
}

export function insertUpload(index: Index, bucket: number, upload: UploadRecord): void {
  index.run(
    `INSERT INTO uploads (upload, id, bucket, key, initiated, facts, algorithm, type)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    upload.upload,
    upload.id,
    bucket,
    keyBytes(upload.key),
    upload.initiated,
    JSON.stringify(upload.facts),
    upload.checksum?.algorithm ?? null,
    upload.checksum?.type ?? null,
  );
}

/** Throws NoSuchUpload. */
export function findUpload(index: Index, bucket: number, key: string, upload: string): UploadRecord {
  const row = index.get<UploadRow>(
    'SELECT * FROM uploads WHERE upload = ? AND bucket = ? AND key = ?',
    upload,
    bucket,
    keyBytes(key),
  );
  if (row === null) throw new S3Error('NoSuchUpload', undefined, { UploadId: upload });
  return toUpload(row);
}

/** Puts a part in the place of one of the same number. @returns files to remove */
export function switchPart(index: Index, owner: number, part: PartRecord): number[] {
  const doomed = dropPart(index, owner, part.number);
  index.run(
    `INSERT INTO parts (owner, number, size, etag, modified, algorithm, checksum, crc32)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    owner,
    part.number,
    part.size,
    part.etag,
    part.modified,
    part.algorithm,
    part.checksum,
    part.crc32,
  );
  return doomed;
}

/** @returns parts behind a number, in order; all of them without a limit */
export function listParts(index: Index, owner: number, after = 0, limit = -1): PartRecord[] {
  return index
    .all<PartRow>(
      `SELECT number, size, etag, modified, algorithm, checksum, crc32 FROM parts
       WHERE owner = ? AND number > ? ORDER BY number LIMIT ?`,
      owner,
      after,
      limit,
    )
    .map(toPart);
}

export interface UploadPageRequest {
  readonly prefix: string;
  readonly delimiter: string | null;
  /** Begins behind this key, or with `upload`, behind that upload of this key. */
  readonly after: { readonly key: string; readonly upload: string | null } | null;
  readonly limit: number;
}

export interface UploadPage {
  readonly uploads: readonly UploadRecord[];
  readonly prefixes: readonly string[];
  readonly next: { readonly key: string; readonly upload: string } | null;
}

/** Uploads by key, those of one key in the order they began. */
export function listUploads(index: Index, bucket: number, request: UploadPageRequest): UploadPage {
  const { prefix, delimiter, after, limit } = request;
  const rows = index.all<UploadRow>(
    `SELECT * FROM uploads WHERE bucket = ? AND key >= ? AND key < ?
       AND (key > ? OR (key = ? AND upload > ?)) ORDER BY key, upload`,
    bucket,
    keyBytes(prefix),
    above(keyBytes(prefix)),
    keyBytes(after?.key ?? ''),
    keyBytes(after?.key ?? ''),
    // Behind the key altogether where no upload of it is named.
    after === null ? '' : (after.upload ?? '\u{10FFFF}'),
  );
  const uploads: UploadRecord[] = [];
  const prefixes: string[] = [];
  let next: UploadPage['next'] = null;
  for (const row of rows) {
    const upload = toUpload(row);
    const rolled = rollUp(upload.key, prefix, delimiter);
    if (rolled !== null && (rolled === prefixes.at(-1) || after?.key === rolled)) continue;
    if (uploads.length + prefixes.length >= limit) return { uploads, prefixes, next };
    if (rolled === null) uploads.push(upload);
    else prefixes.push(rolled);
    next = { key: rolled ?? upload.key, upload: rolled === null ? upload.upload : '' };
  }
  return { uploads, prefixes, next: null };
}

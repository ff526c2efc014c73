/** Pages of keys in byte order, rolled up at a delimiter. */
import type { ChecksumAlgorithm, ChecksumType } from '#main/hashing';
import type { Index } from './database.ts';
import { keyBytes, keyText } from './records.ts';

export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: number;
  readonly algorithm: ChecksumAlgorithm;
  readonly type: ChecksumType;
  /** null for the usual one. */
  readonly storageClass: string | null;
}

/** Where a page ended: behind one key, or behind everything under a common prefix. */
export type Position =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'prefix'; readonly prefix: string };

export interface PageRequest {
  readonly prefix: string;
  /** Null for no roll-up; never empty. */
  readonly delimiter: string | null;
  readonly after: Position | null;
  readonly limit: number;
}

/** Objects and common prefixes, each in byte order; together at most `limit`. */
export interface Page {
  readonly objects: readonly ListedObject[];
  readonly prefixes: readonly string[];
  /** Where the next page begins, or null when this is the last. */
  readonly next: Position | null;
}

/** Above every key: no UTF-8 text holds this byte. */
const END = Buffer.from([0xff]);
const ZERO = Buffer.from([0]);
const SEEK_BATCH = 16;

type Row = Omit<ListedObject, 'key'> & { key: Uint8Array };

/** @returns the least bytes above everything that begins with `prefix` */
export function above(prefix: Buffer): Buffer {
  const last = prefix.at(-1);
  if (last === undefined || last >= 0xff) return END;
  return Buffer.concat([prefix.subarray(0, -1), Buffer.from([last + 1])]);
}

/** @returns the common prefix a key is rolled up to, or null where it stands for itself */
export function rollUp(key: string, prefix: string, delimiter: string | null): string | null {
  if (delimiter === null) return null;
  const at = key.indexOf(delimiter, prefix.length);
  return at === -1 ? null : key.slice(0, at + delimiter.length);
}

/** @returns the least key that comes behind a position */
function behind(position: Position): Buffer {
  return position.kind === 'key'
    ? Buffer.concat([keyBytes(position.key), ZERO])
    : above(keyBytes(position.prefix));
}

function later(a: Buffer, b: Buffer): Buffer {
  return Buffer.compare(a, b) >= 0 ? a : b;
}

export function listPage(index: Index, bucket: number, request: PageRequest): Page {
  const { prefix, delimiter, limit } = request;
  const objects: ListedObject[] = [];
  const prefixes: string[] = [];
  if (limit === 0) return { objects, prefixes, next: null };

  const end = above(keyBytes(prefix));
  let from = keyBytes(prefix);
  if (request.after !== null) from = later(from, behind(request.after));
  let batch = delimiter === null ? limit + 1 : SEEK_BATCH;
  let last: Position | null = null;

  for (;;) {
    const rows = index.all<Row>(
      `SELECT key, size, etag, modified, algorithm, type,
         CASE WHEN instr(facts, 'x-amz-storage-class') THEN json_extract(facts, '$.asked."x-amz-storage-class"') END
           AS storageClass
       FROM objects
       WHERE bucket = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?`,
      bucket,
      from,
      end,
      batch,
    );
    let rolled: string | null = null;
    for (const row of rows) {
      const key = keyText(row.key);
      if (rolled !== null && key.startsWith(rolled)) continue;
      if (objects.length + prefixes.length === limit) return { objects, prefixes, next: last };
      rolled = rollUp(key, prefix, delimiter);
      if (rolled === null) {
        objects.push({ ...row, key });
        last = { kind: 'key', key };
      } else {
        prefixes.push(rolled);
        last = { kind: 'prefix', prefix: rolled };
      }
    }
    if (rows.length < batch || last === null) return { objects, prefixes, next: null };
    from = behind(last);
    // Under a common prefix the rest is leapt over; among plain keys the steps grow.
    batch = last.kind === 'prefix' ? SEEK_BATCH : Math.min(limit + 1, batch * 4);
  }
}

/** Objects in the index. The changes run inside a commit and return the files to remove behind it. */
import { ALWAYS, checkWrite, type WriteCondition } from '../wire/index.ts';
import type { Index } from './database.ts';
import { dropOwner } from './owners.ts';
import { keyBytes, type ObjectRecord, type ObjectRow, toObject } from './records.ts';

/** An object that is to be, without its key. */
export type NewObject = Omit<ObjectRecord, 'key' | 'id' | 'modified'>;

export function findObject(index: Index, bucket: number, key: string): ObjectRecord | null {
  const row = index.get<ObjectRow>(
    'SELECT * FROM objects WHERE bucket = ? AND key = ?',
    bucket,
    keyBytes(key),
  );
  return row === null ? null : toObject(row);
}

/** Puts an object in the place of whatever is at its key. Throws PreconditionFailed or NoSuchKey. */
export function switchObject(
  index: Index,
  bucket: number,
  object: ObjectRecord,
  condition: WriteCondition,
): number[] {
  const doomed = removeObject(index, bucket, object.key, condition);
  index.run(
    `INSERT INTO objects
       (bucket, key, id, size, etag, modified, facts, algorithm, type, checksum, part_count, upload)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    bucket,
    keyBytes(object.key),
    object.id,
    object.size,
    object.etag,
    object.modified,
    JSON.stringify(object.facts),
    object.checksum.algorithm,
    object.checksum.type,
    object.checksum.value,
    object.partCount,
    object.upload,
  );
  return doomed;
}

/** Removes the object at a key, if there is one. Throws PreconditionFailed or NoSuchKey. */
export function removeObject(
  index: Index,
  bucket: number,
  key: string,
  condition: WriteCondition = ALWAYS,
): number[] {
  const current = findObject(index, bucket, key);
  checkWrite(condition, current);
  if (current === null) return [];
  index.run('DELETE FROM objects WHERE bucket = ? AND key = ?', bucket, keyBytes(key));
  return dropOwner(index, current.id);
}

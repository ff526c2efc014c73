/** Letting go of contents: which blobs nothing refers to any more. All of it runs inside a change. */
import type { Index } from './database.ts';
import type { NewBlob } from './blob-write.ts';
import type { Slice } from './records.ts';

interface Orphan {
  readonly id: number;
  readonly file: number;
}

/** Removes a content from the index. @returns the blobs whose files are to be removed once that is on disk */
export function dropOwner(index: Index, owner: number): number[] {
  const orphans = index.all<Orphan>(
    `SELECT DISTINCT s.blob AS id, b.bytes IS NULL AS file FROM slices s JOIN blobs b ON b.id = s.blob
     WHERE s.owner = ?
       AND NOT EXISTS (SELECT 1 FROM slices o WHERE o.blob = s.blob AND o.owner <> s.owner)`,
    owner,
  );
  index.run('DELETE FROM slices WHERE owner = ?', owner);
  index.run('DELETE FROM parts WHERE owner = ?', owner);
  return dropBlobs(index, orphans);
}

/** Removes one part from the index. @returns the blobs whose files are to be removed once that is on disk */
export function dropPart(index: Index, owner: number, number: number): number[] {
  const orphans = index.all<Orphan>(
    `SELECT DISTINCT s.blob AS id, b.bytes IS NULL AS file FROM slices s JOIN blobs b ON b.id = s.blob
     WHERE s.owner = ? AND s.number = ?
       AND NOT EXISTS (
         SELECT 1 FROM slices o WHERE o.blob = s.blob AND (o.owner <> s.owner OR o.number <> s.number)
       )`,
    owner,
    number,
  );
  index.run('DELETE FROM slices WHERE owner = ? AND number = ?', owner, number);
  index.run('DELETE FROM parts WHERE owner = ? AND number = ?', owner, number);
  return dropBlobs(index, orphans);
}

function dropBlobs(index: Index, orphans: readonly Orphan[]): number[] {
  for (const { id } of orphans) index.run('DELETE FROM blobs WHERE id = ?', id);
  return orphans.filter(({ file }) => file === 1).map(({ id }) => id);
}

export function addBlob(index: Index, blob: NewBlob): void {
  index.run('INSERT INTO blobs (id, size, bytes) VALUES (?, ?, ?)', blob.id, blob.size, blob.bytes);
}

export function addSlices(index: Index, owner: number, number: number, slices: readonly Slice[]): void {
  for (const [position, { blob, start, length }] of slices.entries()) {
    index.run(
      'INSERT INTO slices (owner, number, position, blob, start, length) VALUES (?, ?, ?, ?, ?, ?)',
      owner,
      number,
      position,
      blob,
      start,
      length,
    );
  }
}

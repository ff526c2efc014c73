import type { TransferRecord } from '#main/journal';
import { surveyObject } from '#main/storage';
import { CHOICES, digestFile, looksLike } from '#main/transfers';
import { eachOf } from '../each-of.ts';
import { conflictOf } from './conflict.ts';
import { READERS, type DropFile, type Encounter, type MeetTools, type Open, type Refuse } from './types.ts';

/** Files whose very content this machine uploaded before and proved, and that is still there. */
export async function uploadedBefore(
  open: readonly Open[],
  tools: MeetTools,
  refuse: Refuse,
): Promise<ReadonlyMap<DropFile, readonly Encounter[]>> {
  const { store, records, whole, signal } = tools;
  const done = records.filter(({ state }) => state.kind === 'done');
  const byPath = Map.groupBy(done, ({ source }) => (source.kind === 'path' ? source.path : ''));
  const byName = Map.groupBy(done, ({ name, size }) => `${size}:${name}`);
  const met = new Map<DropFile, readonly Encounter[]>();
  await eachOf(open, READERS, async ({ file }) => {
    const { source, size, name } = file;
    const candidates = [
      ...(source.kind === 'path' ? (byPath.get(source.path) ?? []) : []),
      ...(byName.get(`${size}:${name}`) ?? []),
    ].filter((record) => record.size === size);
    const newest = [...new Set(candidates)]
      .sort((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0))
      .slice(0, CANDIDATES)
      .map(({ id }) => whole(id));
    const before = await lastSame(file, newest, signal).catch((error: unknown) => {
      refuse(file, error);
      return null;
    });
    if (before === null || before.receipt === null) return;
    const there = await surveyObject(store, before.key, signal);
    if (there === null || there.etag !== before.receipt.object.etag || there.size !== size) return;
    const conflict = conflictOf('uploaded', file, before.key, {
      there: { size: there.size, modified: before.finishedAt },
      says: 'The same content was uploaded before and proven; it is still there, untouched.',
      choices: CHOICES.uploaded,
    });
    met.set(file, [{ conflict, about: before.id, sessionId: before.sessionId }]);
  });
  return met;
}

/** The newest upload of the very same content: of a file that was not touched since, or by its CRC-32. */
async function lastSame(
  { source, size }: DropFile,
  newest: readonly TransferRecord[],
  signal: AbortSignal,
): Promise<TransferRecord | null> {
  if (source.kind === 'page') {
    return (
      newest.find(({ receipt, source: from }) =>
        source.crc32 === null
          ? from.kind === 'page' && from.lastModified === source.lastModified
          : receipt?.crc32 === source.crc32,
      ) ?? null
    );
  }
  for (const record of newest) {
    if (record.identity !== null && (await looksLike(source.path, record.identity))) return record;
  }
  if (newest.length === 0 || size > READ_LIMIT) return null;
  const crc = await digestFile(source.path, { kind: 'crc32', value: '' }, signal);
  return newest.find(({ receipt }) => receipt?.crc32 === crc) ?? null;
}

/** Of uploads of one name and size, how many are looked at. */
const CANDIDATES = 8;

/** Larger files that were touched since are not read only to offer not to send them. */
const READ_LIMIT = 1024 ** 3;

import { surveyUpload, sweepUploads, type ListedUpload } from '#main/storage';
import { CHOICES, fileFits, isAtRest, type Fit } from '#main/transfers';
import { isSluiceError } from '#shared/errors';
import { formatBytes, formatDuration } from '#shared/lib';
import { commonStart } from './common-start.ts';
import { conflictOf } from './conflict.ts';
import type { DropFile, Encounter, MeetTools } from './types.ts';

const DAY_MS = 86_400_000;

/** Unfinished uploads to these keys that nobody here remembers. */
export async function uploadsAt(
  keys: ReadonlySet<string>,
  { store, records, begun, log, signal }: MeetTools,
): Promise<ReadonlyMap<string, readonly ListedUpload[]>> {
  const mine = new Set(begun.flatMap(({ uploadId }) => uploadId ?? []));
  const busy = new Set(records.filter(({ state }) => !isAtRest(state)).map(({ key }) => key));
  const found = new Map<string, ListedUpload[]>();
  if (keys.size === 0) return found;
  try {
    for await (const upload of sweepUploads(store, commonStart([...keys]), signal)) {
      if (!keys.has(upload.key) || busy.has(upload.key) || mine.has(upload.uploadId)) continue;
      found.set(upload.key, [...(found.get(upload.key) ?? []), upload]);
    }
  } catch (error) {
    // Many may write and not list uploads; some stores cannot. Then there is nothing to choose.
    if (!isSluiceError(error, 'ACCESS_DENIED') && !isSluiceError(error, 'STORE_REFUSED')) throw error;
    log.info('unfinished uploads cannot be listed', { bucket: store.connection.bucket, code: error.code });
  }
  return found;
}

/** One of them, as something to choose about. */
export async function leftBehind(
  file: DropFile,
  { key, uploadId, startedAt }: ListedUpload,
  { store, now, signal }: MeetTools,
): Promise<readonly Encounter[]> {
  const upload = await surveyUpload(store, key, uploadId, signal);
  if (upload === null) return [];
  const bytes = upload.parts.reduce((sum, { size }) => sum + size, 0);
  const { source } = file;
  const fit: Fit =
    source.kind === 'path'
      ? await fileFits(source.path, upload, store.checksum, signal)
      : { kind: 'no-fit', why: 'the file is held by this page' };
  const young = now - startedAt < DAY_MS;
  const age = formatDuration((now - startedAt) / 1000);
  const canGoOn = fit.kind === 'fits';
  const says = [
    `An upload to this key was begun ${age} ago and never finished; ${formatBytes(bytes)} of it are stored.`,
    ...(young ? ['Another program may be sending it.'] : []),
    ...(fit.kind === 'fits' ? [] : [`It cannot be gone on with: ${fit.why}.`]),
  ].join(' ');
  const conflict = conflictOf('leftover', file, key, {
    there: { size: bytes, modified: startedAt },
    says,
    choices: CHOICES.leftover.filter((choice) => choice !== 'continue' || canGoOn),
    // What is proven part by part is safe to keep; what may be in use is not ours to take.
    preset: canGoOn && !young ? 'continue' : 'leave',
  });
  return [{ conflict, about: uploadId, sessionId: null }];
}

import type { TransferRecord } from '#main/journal';
import { limitsOf, type CompletedPart, type ObjectStore, type StoredPart } from '#main/storage';
import type { Receipt } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import { provenParts } from '../existing/index.ts';
import type { Line } from '../line/index.ts';
import { partRange, planUpload, recordedPlan, type UploadPlan } from '../plan.ts';
import { openPrepared, type SourceHash } from '../source/index.ts';
import { ProgressTracker } from '../progress.ts';
import { complete, isThere, proveIt } from './completion.ts';
import { FileUpload, UploadLost, type UploadEvents, type UploadTools } from './context.ts';
import { createUpload, forgetLostCreate } from './create.ts';
import { withPartBody } from './part-body.ts';
import { sendMissing, type Sending } from './parts.ts';
import { goOn, startOf } from './resume.ts';
import { sendWhole } from './whole.ts';
import { keepSha256, withSha256 } from './sha256.ts';
import { wholeCrc } from '../whole-crc.ts';

/** How often an upload whose id the store forgot is begun anew before it is called a failure. */
const FRESH_STARTS = 3;

/** How often parts that the store does not have as it said are sent again. */
const REPAIRS = 3;

/**
 * Sends a file to its key and proves that it arrived; or goes on where an earlier try of the same record stopped.
 * Every effect is written to the journal before it is caused, every answer after it came.
 */
export async function upload(
  record: TransferRecord,
  to: { readonly store: ObjectStore; readonly line: Line },
  tools: UploadTools,
  events: UploadEvents,
  signal: AbortSignal,
): Promise<Receipt> {
  if (record.source.kind !== 'path' && record.source.kind !== 'output')
    throw new TypeError(`there is no file behind a source of kind ${record.source.kind}`);
  const now = tools.records.get(record.id) ?? record; // what an earlier try found of the file
  const waits = events.waiting.bind(events);
  const source = await openPrepared(now, record.source.path, tools, waits, signal);
  try {
    if (source.identity.size === 0) throw sluiceError('SOURCE_EMPTY', { path: source.path });
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await attemptUpload(new FileUpload({ ...to, id: record.id, source, tools, events, signal }));
      } catch (error) {
        if (!(error instanceof UploadLost)) throw error;
        if (attempt === FRESH_STARTS) {
          const reason = 'the store forgot the upload again and again';
          throw sluiceError('VERIFY_FAILED', { key: record.key, reason });
        }
        tools.records.forgetUpload(record.id);
      }
    }
  } finally {
    await source.close();
  }
}

async function attemptUpload(upload: FileUpload): Promise<Receipt> {
  const { records } = upload.tools;
  records.saveStarted(upload.id, upload.startedAt);
  const record = await takeUp(upload);
  const plan = recordedPlan(record);
  const tracker = new ProgressTracker(plan.partCount, plan.size, (number) => partRange(plan, number).length);
  const crc =
    plan.kind === 'single'
      ? await withSha256(upload, record, plan, new Map(), async (hash) => {
          const sent = await sendWhole(upload, record, plan, tracker, hash);
          await keepSha256(upload, hash);
          return sent;
        })
      : await sendInParts(upload, record, plan, tracker);
  return proveIt(upload, tracker, crc);
}

/** Clears away what cannot be of use any more. @returns the record as it is to be gone on with */
async function takeUp(upload: FileUpload): Promise<TransferRecord> {
  const { records } = upload.tools;
  const { identity } = upload.source;
  const record = upload.record();
  const start = startOf(record, identity);
  switch (start.kind) {
    case 'ask-for-parts':
      return record; // whose file it is now is written down once its parts were compared
    case 'find-lost-create':
      await forgetLostCreate(upload, record);
      records.forgetUpload(record.id);
      break;
    case 'begin-anew':
      await abandon(upload, record.key, start.uploadId);
      break;
    case 'begin':
      break;
    default:
      return assertNever(start);
  }
  if (identity.size !== record.size) {
    const plan = planUpload(identity.size, null, limitsOf(upload.store.connection));
    records.savePlan(record.id, plan);
  }
  records.saveIdentity(record.id, identity);
  return upload.record();
}

/** Parts of another file cost money and are of no use. */
async function abandon(upload: FileUpload, key: string, uploadId: string): Promise<void> {
  await upload.ask(() => upload.store.abortUpload(key, uploadId));
  upload.tools.records.forgetUpload(upload.id);
  upload.events.notice(sluiceError('BEGUN_ANEW', { name: upload.record().name }));
}

/** @returns the CRC-32 of the whole file */
async function sendInParts(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  tracker: ProgressTracker,
): Promise<number> {
  const landed = new Map<number, CompletedPart>();
  const found = record.uploadId === null ? 'going-on' : await findOut(upload, record, plan, landed);
  for (const number of landed.keys()) tracker.keep(number);
  upload.events.tracker(tracker); // not before: what is known to be there is never shown as missing
  return withSha256(upload, record, plan, landed, async (hash) => {
    if (found === 'complete') {
      await keepSha256(upload, hash);
      return wholeCrc(plan, landed);
    }
    const uploadId = record.uploadId ?? (await createUpload(upload, record));
    upload.events.phase('transferring');
    upload.events.moved();
    return sendAndComplete(upload, { key: record.key, uploadId, plan, tracker }, landed, hash);
  });
}

/** @returns the CRC-32 of the whole file */
async function sendAndComplete(
  upload: FileUpload,
  sending: Sending,
  landed: Map<number, CompletedPart>,
  hash: SourceHash | null,
): Promise<number> {
  const { plan } = sending;
  for (let repairs = 0; ; repairs += 1) {
    await sendMissing(upload, sending, landed, hash);
    await keepSha256(upload, hash);
    await upload.source.assertUnchanged();
    const crc = wholeCrc(plan, landed);
    if ((await complete(upload, sending, landed, crc)) === 'complete') return crc;
    if (repairs === REPAIRS) {
      throw sluiceError('VERIFY_FAILED', {
        key: sending.key,
        reason: 'the store loses parts it acknowledged',
      });
    }
    landed.clear();
    await findOut(upload, upload.record(), plan, landed);
  }
}

/**
 * What became of the upload that the journal knows. Fills `landed` with the parts that need not be sent again.
 * @returns `complete` where the object is there and proven
 */
async function findOut(
  upload: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  landed: Map<number, CompletedPart>,
): Promise<'going-on' | 'complete'> {
  const { records } = upload.tools;
  const start = startOf(record, upload.source.identity);
  if (start.kind !== 'ask-for-parts') throw new TypeError(`nothing to find out in step ${record.step}`);
  const listed = await upload.ask(() => upload.store.listParts(record.key, start.uploadId, upload.signal));
  if (record.adopted && listed !== null && records.parts(record.id).length === 0)
    await proveAdopted(upload, record, plan, listed);
  const next = goOn(plan, records.parts(record.id), listed, start.touched);
  switch (next.kind) {
    case 'gone':
      throw new UploadLost();
    case 'prove-or-anew':
      for (const part of next.parts.values()) landed.set(part.number, part);
      if (next.compare && !(await hasSameContent(upload, plan, landed))) throw new UploadLost();
      if (await isThere(upload, record, wholeCrc(plan, landed))) return 'complete';
      throw new UploadLost();
    case 'keep':
      for (const part of next.parts.values()) landed.set(part.number, part);
      if (next.compare && !(await hasSameContent(upload, plan, landed))) {
        await abandon(upload, record.key, start.uploadId);
        throw new UploadLost();
      }
      records.saveIdentity(record.id, upload.source.identity);
      return 'going-on';
    default:
      return assertNever(next);
  }
}

/** Parts that another program sent count only once the file was read and says the same. */
async function proveAdopted(
  { source, tools: { records }, signal }: FileUpload,
  record: TransferRecord,
  plan: UploadPlan,
  listed: readonly StoredPart[],
): Promise<void> {
  const proven = await provenParts(source, plan, listed, signal);
  if (proven.length === 0) {
    const reason = 'none of its parts is proven to be of this file';
    throw sluiceError('LEFTOVER_UNFIT', { key: record.key, reason });
  }
  for (const part of proven) records.savePart(record.id, part);
}

/** The file was touched since: only its bytes can tell whether the parts sent are still parts of it. */
async function hasSameContent(
  upload: FileUpload,
  plan: UploadPlan,
  landed: ReadonlyMap<number, CompletedPart>,
): Promise<boolean> {
  for (const part of landed.values()) {
    const range = partRange(plan, part.number);
    const now = await withPartBody(upload, range, upload.signal, async ({ crc32 }) => crc32);
    if (now !== part.crc32) return false;
  }
  return true;
}

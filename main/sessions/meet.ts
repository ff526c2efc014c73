import { stat } from 'node:fs/promises';
import type { TransferRecord } from '#main/journal';
import type { Log } from '#main/ports';
import {
  surveyObject,
  surveyUpload,
  sweepObjects,
  sweepUploads,
  type ListedUpload,
  type ObjectStore,
  type SurveyedObject,
} from '#main/storage';
import {
  CHOICES,
  digestFile,
  fitOf,
  isAtRest,
  likeness,
  looksLike,
  yardstickWords,
  type Likeness,
} from '#main/transfers';
import type { Choice, Conflict, ConflictKind } from '#shared/domain';
import { isSluiceError, type ErrorReport } from '#shared/errors';
import { formatBytes, formatDuration } from '#shared/lib';
import { eachOf } from './each-of.ts';

/** A file of a drop: on this disk, or held by a page. */
export interface DropFile {
  readonly name: string;
  readonly relativePath: string;
  readonly size: number;
  readonly source:
    | { readonly kind: 'path'; readonly path: string }
    /** @property crc32 base64, where the page has computed it */
    | { readonly kind: 'page'; readonly lastModified: number; readonly crc32: string | null };
}

/** What one file met. */
export interface Meeting {
  readonly file: DropFile;
  /** Where names are kept: its key. Null where it gets one of its own. */
  readonly key: string | null;
  /** An upload of this machine that goes on by itself: nothing is to be chosen. */
  readonly goesOn: string | null;
  /** Why it cannot be sent, found out while it was compared. */
  readonly error: ErrorReport | null;
  readonly met: readonly Encounter[];
}

export interface Encounter {
  readonly conflict: Conflict;
  /** The upload of this machine, or the id of one that it knows nothing of. */
  readonly about: string | null;
  /** Where the file is already. */
  readonly sessionId: string | null;
}

export interface MeetTools {
  readonly store: ObjectStore;
  readonly log: Log;
  readonly now: number;
  /** All uploads of this machine through the connection. */
  readonly records: readonly TransferRecord[];
  readonly bySize: boolean;
  readonly signal: AbortSignal;
}

/** How many files are looked up one by one; more are found by one sweep of their folder. */
const ONE_BY_ONE = 16;
/** Requests at once, and files read at once. */
const REQUESTS = 16;
const READERS = 3;
const DAY_MS = 86_400_000;

type Sight = { readonly size: number; readonly modified: number | null };

/**
 * Finds out what the files of a drop meet where they are to go: objects, uploads that were begun, and themselves.
 * @param prefix where names are kept, null where every file gets a key of its own
 */
export async function meet(
  files: readonly { readonly file: DropFile; readonly key: string | null }[],
  prefix: string | null,
  tools: MeetTools,
): Promise<readonly Meeting[]> {
  const began = new Begun(tools);
  const first = await eachOf(files, REQUESTS, async ({ file, key }) => ({
    file,
    key,
    ...(await began.of(file, key)),
  }));
  const open = first.filter(({ goesOn, met }) => goesOn === null && met.length === 0);
  const errors = new Map<DropFile, ErrorReport>();
  const refuse = (file: DropFile, error: unknown): void => {
    if (tools.signal.aborted || !isSluiceError(error) || !error.code.startsWith('SOURCE_')) throw error;
    errors.set(file, error.report());
  };
  const more = prefix === null ? await uploadedBefore(open, tools, refuse) : await thereAlready(open, tools, refuse);
  return Promise.all(
    first.map(async (one) => ({
      ...one,
      error: errors.get(one.file) ?? null,
      met: await Promise.all([...one.met, ...(more.get(one.file) ?? [])].map((each) => dated(one.file, each))),
    })),
  );
}

/** With the time the file here was last changed: it is looked at only where there is something to choose. */
async function dated({ source }: DropFile, encounter: Encounter): Promise<Encounter> {
  if (source.kind === 'page') return encounter;
  const at = await stat(source.path).then(({ mtimeMs }) => Math.round(mtimeMs), () => null);
  const { conflict } = encounter;
  return { ...encounter, conflict: { ...conflict, here: { ...conflict.here, at } } };
}

/** Takes a file out whose reading failed; any other failure goes on. */
type Refuse = (file: DropFile, error: unknown) => void;

type Open = { readonly file: DropFile; readonly key: string | null };

// ---- uploads of this machine

class Begun {
  readonly #byPath: ReadonlyMap<string, readonly TransferRecord[]>;

  constructor({ records }: MeetTools) {
    this.#byPath = Map.groupBy(
      records.filter(({ source, state }) => source.kind === 'path' && state.kind !== 'done' && state.kind !== 'cancelled'),
      ({ source }) => (source.kind === 'path' ? source.path : ''),
    );
  }

  async of(file: DropFile, key: string | null): Promise<Pick<Meeting, 'goesOn' | 'met'>> {
    const { source } = file;
    if (source.kind === 'page') return { goesOn: null, met: [] }; // begun again by the page, which finds it
    const record = this.#byPath
      .get(source.path)
      ?.findLast((each) => key === null || each.key === key || isBeside(key, each.key));
    if (record === undefined) return { goesOn: null, met: [] };
    const { identity, uploadId, state } = record;
    const changed =
      isAtRest(state) && identity !== null && uploadId !== null && !(await looksLike(source.path, identity));
    if (!changed) return { goesOn: record.id, met: [] };
    const sameSize = identity.size === file.size;
    return {
      goesOn: null,
      met: [
        {
          about: record.id,
          sessionId: record.sessionId,
          conflict: make('changed', file, record.key, {
                        there: { size: identity.size, modified: Number(BigInt(identity.modifiedNs) / 1_000_000n) },
            says: sameSize
              ? 'Its upload was begun, then the file was changed or touched. What was sent is kept if it is still in the file.'
              : `Its upload was begun when it had ${formatBytes(identity.size)}; now it has ${formatBytes(file.size)}.`,
            choices: sameSize ? CHOICES.changed : ['anew', 'skip'],
          }),
        },
      ],
    };
  }
}

/** Whether a key is what a file is called beside the one that stands at `key`. */
function isBeside(key: string, other: string): boolean {
  const dot = key.lastIndexOf('.');
  const stem = dot > key.lastIndexOf('/') + 1 ? key.slice(0, dot) : key;
  const ending = key.slice(stem.length);
  return other.startsWith(`${stem}~`) && /^\d+$/.test(other.slice(stem.length + 1, other.length - ending.length));
}

// ---- objects at the keys

async function thereAlready(
  open: readonly Open[],
  tools: MeetTools,
  refuse: Refuse,
): Promise<ReadonlyMap<DropFile, readonly Encounter[]>> {
  const { signal } = tools;
  const found = await objectsAt(
    open.flatMap(({ key }) => key ?? []),
    tools,
  );
  const uploads = await uploadsAt(new Set(open.flatMap(({ key }) => key ?? [])), tools);
  const met = new Map<DropFile, readonly Encounter[]>();
  await eachOf(open, READERS, async ({ file, key }) => {
    if (key === null) return;
    signal.throwIfAborted();
    const there = found.get(key);
    try {
      const object = there === undefined ? [] : await compared(file, key, there, tools);
      const left = uploads.get(key) ?? [];
      const begun = await Promise.all(left.map((upload) => leftBehind(file, upload, tools)));
      const all = [...object, ...begun.flat()];
      if (all.length > 0) met.set(file, all);
    } catch (error) {
      refuse(file, error);
    }
  });
  return met;
}

/** What stands at these keys: asked one by one, or by a sweep of what they have in common. */
async function objectsAt(keys: readonly string[], tools: MeetTools): Promise<ReadonlyMap<string, Sight>> {
  const { store, signal } = tools;
  const found = new Map<string, Sight>();
  if (keys.length <= ONE_BY_ONE) {
    await eachOf(keys, REQUESTS, async (key) => {
      const there = await surveyObject(store, key, signal);
      if (there !== null) found.set(key, there);
    });
    return found;
  }
  const wanted = new Set(keys);
  for await (const { key, size, modified } of sweepObjects(store, commonStart(keys), signal)) {
    if (wanted.has(key)) found.set(key, { size, modified });
  }
  return found;
}

async function compared(
  file: DropFile,
  key: string,
  seen: Sight,
  tools: MeetTools,
): Promise<readonly Encounter[]> {
  const { store, bySize, signal } = tools;
  const there = file.size === seen.size && !bySize ? await surveyObject(store, key, signal) : null;
  if (file.size === seen.size && !bySize && there === null) return []; // gone meanwhile
  const kind = there === null ? (file.size === seen.size ? 'identical' : 'different') : await alike(file, there, tools);
  const conflict = make(kind, file, key, {
        there: seen,
    says: sentence(kind, file, seen, there),
    choices: CHOICES[kind],
  });
  return [{ conflict, about: null, sessionId: null }];
}

async function alike(file: DropFile, there: SurveyedObject, { bySize, signal }: MeetTools): Promise<Likeness> {
  const { size, source } = file;
  if (size !== there.size) return 'different';
  const digest =
    source.kind === 'path'
      ? await digestFile(source.path, there.yardstick, signal)
      : there.yardstick.kind === 'crc32'
        ? source.crc32
        : null;
  return likeness({ size, digest }, there, bySize);
}

function sentence(kind: Likeness, file: DropFile, seen: Sight, there: SurveyedObject | null): string {
  const by = there === null ? 'size' : yardstickWords(there.yardstick);
  switch (kind) {
    case 'identical':
      return there === null ? 'The same size. Nothing else was compared.' : `The same content: size and ${by} agree.`;
    case 'unknown':
      return file.source.kind === 'page' && there?.yardstick.kind !== 'none'
        ? 'The same size. The content was not compared.'
        : 'The same size. The store keeps no checksum to compare the content by.';
    case 'different':
      return file.size === seen.size
        ? `The same size, but other content: ${by} differs.`
        : `${formatBytes(file.size)} here, ${formatBytes(seen.size)} there.`;
  }
}

// ---- uploads nobody here remembers

async function uploadsAt(
  keys: ReadonlySet<string>,
  { store, records, log, signal }: MeetTools,
): Promise<ReadonlyMap<string, readonly ListedUpload[]>> {
  const mine = new Set(records.flatMap(({ uploadId }) => uploadId ?? []));
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

async function leftBehind(
  file: DropFile,
  { key, uploadId, startedAt }: ListedUpload,
  { store, now, signal }: MeetTools,
): Promise<readonly Encounter[]> {
  const upload = await surveyUpload(store, key, uploadId, signal);
  if (upload === null) return [];
  const bytes = upload.parts.reduce((sum, { size }) => sum + size, 0);
  const fit = fitOf(upload, file.size, store.checksum);
  const young = now - startedAt < DAY_MS;
  const age = formatDuration((now - startedAt) / 1000);
  const canGoOn = fit.kind === 'fits' && file.source.kind === 'path';
  const says = [
    `An upload to this key was begun ${age} ago and never finished; ${formatBytes(bytes)} of it are stored.`,
    ...(young ? ['Another program may be sending it.'] : []),
    ...(fit.kind === 'fits' ? [] : [`It cannot be gone on with: ${fit.why}.`]),
  ].join(' ');
  const conflict = make('leftover', file, key, {
        there: { size: bytes, modified: startedAt },
    says,
    choices: CHOICES.leftover.filter((choice) => choice !== 'continue' || canGoOn),
    // What is proven part by part is safe to keep; what may be in use is not ours to take.
    preset: canGoOn && !young ? 'continue' : 'leave',
  });
  return [{ conflict, about: uploadId, sessionId: null }];
}

// ---- the same file, under another key

async function uploadedBefore(
  open: readonly Open[],
  tools: MeetTools,
  refuse: Refuse,
): Promise<ReadonlyMap<DropFile, readonly Encounter[]>> {
  const { store, records, signal } = tools;
  const done = records.filter(({ receipt }) => receipt !== null);
  const byPath = Map.groupBy(done, ({ source }) => (source.kind === 'path' ? source.path : ''));
  const byName = Map.groupBy(done, ({ name, size }) => `${size}:${name}`);
  const met = new Map<DropFile, readonly Encounter[]>();
  await eachOf(open, READERS, async ({ file }) => {
    const { source, size, name } = file;
    const candidates = [
      ...(source.kind === 'path' ? (byPath.get(source.path) ?? []) : []),
      ...(byName.get(`${size}:${name}`) ?? []),
    ].filter((record) => record.size === size);
    const before = await lastSame(file, [...new Set(candidates)], signal).catch((error: unknown) => {
      refuse(file, error);
      return null;
    });
    if (before === null || before.receipt === null) return;
    const there = await surveyObject(store, before.key, signal);
    if (there === null || there.etag !== before.receipt.object.etag || there.size !== size) return;
    const conflict = make('uploaded', file, before.key, {
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
  candidates: readonly TransferRecord[],
  signal: AbortSignal,
): Promise<TransferRecord | null> {
  const newest = candidates.toSorted((a, b) => (b.finishedAt ?? 0) - (a.finishedAt ?? 0));
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

/** Larger files that were touched since are not read only to offer not to send them. */
const READ_LIMIT = 1024 ** 3;

// ---- words

let made = 0;

function make(
  kind: ConflictKind,
  file: DropFile,
  key: string,
  facts: {
    readonly there: Sight;
    readonly says: string;
    readonly choices: readonly Choice[];
    readonly preset?: Choice;
  },
): Conflict {
  made += 1;
  const [first = 'skip'] = facts.choices;
  const at = file.source.kind === 'page' ? file.source.lastModified : null;
  return {
    id: `c${made}`,
    kind,
    name: file.relativePath,
    key,
    here: { size: file.size, at },
    there: { size: facts.there.size, at: facts.there.modified },
    says: facts.says,
    choices: [...facts.choices],
    preset: facts.preset ?? first,
  };
}

/** What all keys begin with; one sweep of it finds them all. */
function commonStart(keys: readonly string[]): string {
  const [first = ''] = keys;
  let length = first.length;
  for (const key of keys) {
    while (!key.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

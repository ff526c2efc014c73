import type { TransferRecord } from '#main/journal';
import { surveyObject, sweepObjects, type SurveyedObject } from '#main/storage';
import { CHOICES, digestFile, likeness, looksLike, yardstickWords, type Likeness } from '#main/transfers';
import { assertNever, formatBytes } from '#shared/lib';
import { eachOf } from '../each-of.ts';
import { commonStart } from './common-start.ts';
import { conflictOf } from './conflict.ts';
import { leftBehind, uploadsAt } from './left-behind.ts';
import {
  READERS,
  REQUESTS,
  type DropFile,
  type Encounter,
  type MeetTools,
  type Open,
  type Refuse,
  type Sight,
} from './types.ts';

type Seen = Sight & { readonly etag: string };

/** How many files are looked up one by one; more are found by one sweep of their folder. */
const ONE_BY_ONE = 16;

/** What stands at the keys of files, and what was begun there by nobody this machine remembers. */
export async function thereAlready(
  open: readonly Open[],
  tools: MeetTools,
  refuse: Refuse,
): Promise<ReadonlyMap<DropFile, readonly Encounter[]>> {
  const { signal } = tools;
  const found = await objectsAt(
    open.flatMap(({ key }) => key ?? []),
    tools,
  );
  const before = new Map(
    tools.records.flatMap((record) =>
      record.state.kind === 'done' ? [[record.key, record.id] as const] : [],
    ),
  );
  const uploads = await uploadsAt(new Set(open.flatMap(({ key }) => key ?? [])), tools);
  const met = new Map<DropFile, readonly Encounter[]>();
  await eachOf(open, READERS, async ({ file, key }) => {
    if (key === null) return;
    signal.throwIfAborted();
    const there = found.get(key);
    try {
      const object =
        there === undefined ? [] : await compared(file, key, there, before.get(key) ?? null, tools);
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
async function objectsAt(keys: readonly string[], tools: MeetTools): Promise<ReadonlyMap<string, Seen>> {
  const { store, signal } = tools;
  const found = new Map<string, Seen>();
  if (keys.length <= ONE_BY_ONE) {
    await eachOf(keys, REQUESTS, async (key) => {
      const there = await surveyObject(store, key, signal);
      if (there !== null) found.set(key, there);
    });
    return found;
  }
  const wanted = new Set(keys);
  for await (const { key, ...seen } of sweepObjects(store, commonStart(keys), signal)) {
    if (wanted.has(key)) found.set(key, seen);
  }
  return found;
}

async function compared(
  file: DropFile,
  key: string,
  seen: Seen,
  before: string | null,
  tools: MeetTools,
): Promise<readonly Encounter[]> {
  const { store, bySize, signal } = tools;
  if (before !== null && (await isUntouched(file, seen, tools.whole(before)))) {
    const says = 'The same content: it was uploaded from here and proven, and neither changed since.';
    const conflict = conflictOf('identical', file, key, { there: seen, says, choices: CHOICES.identical });
    return [{ conflict, about: null, sessionId: null }];
  }
  const there = file.size === seen.size && !bySize ? await surveyObject(store, key, signal) : null;
  if (file.size === seen.size && !bySize && there === null) return []; // gone meanwhile
  const kind =
    there === null ? (file.size === seen.size ? 'identical' : 'different') : await alike(file, there, tools);
  const conflict = conflictOf(kind, file, key, {
    there: seen,
    says: sentence(kind, file, seen, there),
    choices: CHOICES[kind],
  });
  return [{ conflict, about: null, sessionId: null }];
}

/** Whether this machine made the object of this very file, and both are as they were then: nothing needs to be read. */
async function isUntouched({ source }: DropFile, seen: Seen, before: TransferRecord): Promise<boolean> {
  const { receipt, identity, source: from } = before;
  if (receipt === null || identity === null || source.kind !== 'path' || from.kind !== 'path') return false;
  if (receipt.object.etag !== seen.etag || from.path !== source.path) return false;
  return looksLike(source.path, identity);
}

/** Compares the content of a file with an object's, by what the store knows of it. */
export async function alike(
  file: DropFile,
  there: SurveyedObject,
  { bySize, signal }: Pick<MeetTools, 'bySize' | 'signal'>,
): Promise<Likeness> {
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
      return there === null
        ? 'The same size. Nothing else was compared.'
        : `The same content: size and ${by} agree.`;
    case 'unknown':
      return file.source.kind === 'page' && there?.yardstick.kind !== 'none'
        ? 'The same size. The content was not compared.'
        : 'The same size. The store keeps no checksum to compare the content by.';
    case 'different':
      return file.size === seen.size
        ? `The same size, but other content: ${by} differs.`
        : `${formatBytes(file.size)} here, ${formatBytes(seen.size)} there.`;
    default:
      return assertNever(kind);
  }
}

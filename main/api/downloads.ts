import { lstat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { OnExisting, SessionRecord, TransferRecord } from '#main/journal';
import { planFetch, type Wanted } from '#main/sessions';
import {
  assertRoom,
  isAtRest,
  localName,
  makeFoldersBelow,
  placeObjects,
  rootOf,
  SUFFIX,
  type ListedObject,
  type Refused,
} from '#main/transfers';
import type { Connection, OnExistingFile } from '#shared/domain';
import { fromReport, sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { Services } from './services.ts';
import type { Implementer } from './transfers.ts';

/** Names looked at on the disk at once. */
const AT_ONCE = 64;
/** Files that stand in the way are named up to here. */
const NAMED = 100;

export interface Begun {
  readonly sessionId: string;
  /** Of the objects that were taken, also those that go on from before. */
  readonly transferIds: readonly string[];
  readonly refused: readonly Refused[];
}

const POLICY: Readonly<Record<OnExistingFile, OnExisting>> = {
  skip: 'skip',
  replace: 'replace',
  rename: 'rename',
  fail: 'protect',
};

/** @returns those of the paths where something is */
async function standing(paths: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    await Promise.all(
      paths.slice(from, from + AT_ONCE).map(async (path) => {
        if ((await lstat(path).catch(() => null)) !== null) found.add(path);
      }),
    );
  }
  return found;
}

const pathOf = (folder: string, { relativePath }: Wanted): string => join(folder, ...relativePath.split('/'));

/**
 * Queues downloads. What may not be written is refused and the rest goes on.
 * @throws DISK_SHORT before anything is queued
 */
async function begin(
  services: Services,
  wanted: readonly Wanted[],
  folder: string,
  existing: OnExistingFile,
): Promise<Omit<Begun, 'sessionId'>> {
  const { transfers, journal, clock, changes } = services;
  const taken =
    existing === 'fail' ? await standing(wanted.map((each) => pathOf(folder, each))) : new Set<string>();
  const [free, blocked] = [false, true].map((wish) =>
    wanted.filter((each) => taken.has(pathOf(folder, each)) === wish),
  ) as [Wanted[], Wanted[]];
  await assertRoom(
    free.map((each) => ({ path: pathOf(folder, each), bytes: each.size })),
    services.transfers.outstanding(),
  );
  const records = free.map((each) => planFetch(each, folder, POLICY[existing], clock));
  transfers.add(records, () => {
    journal.transfers.insertAll(records);
    for (const { id, notice } of records) if (notice !== null) journal.transfers.saveNotice(id, notice);
  });
  for (const { session } of wanted) changes.session(session.id);
  return {
    transferIds: records.map(({ id }) => id),
    refused: blocked.map((each) => {
      const path = pathOf(folder, each);
      return { name: path, error: sluiceError('TARGET_EXISTS', { path }).report() };
    }),
  };
}

/** Sets a download going again that was begun before, under the rule that was asked for now. */
function goOn({ transfers }: Services, record: TransferRecord, existing: OnExistingFile): string {
  transfers.setExisting(record.id, POLICY[existing]);
  if (isAtRest(record.state)) transfers.resume(record.id);
  return record.id;
}

const isUnfinished = ({ direction, state }: TransferRecord): boolean =>
  direction === 'download' && state.kind !== 'done' && state.kind !== 'cancelled';

/**
 * Fetches one object to a path. A download of it to there that was begun and not finished goes on.
 * @throws OBJECT_MISSING, TARGET_EXISTS, DISK_SHORT, ... before anything is made
 */
export async function fetchObject(
  services: Services,
  connection: Connection,
  key: string,
  path: string,
  existing: OnExistingFile,
): Promise<Begun> {
  const { transfers, sessions, connections } = services;
  const folder = dirname(path);
  const name = basename(path);
  const before = transfers
    .records()
    .findLast(
      (record) =>
        isUnfinished(record) &&
        record.key === key &&
        record.name === name &&
        record.connectionId === connection.id &&
        record.source.kind === 'object' &&
        dirname(record.source.path) === folder,
    );
  if (before !== undefined) {
    const id = goOn(services, before, existing);
    return { sessionId: before.sessionId, transferIds: [id], refused: [] };
  }

  const store = await connections.store(connection.id);
  const stored = await store.head(key);
  if (stored === null) throw sluiceError('OBJECT_MISSING', { key });
  if (existing === 'fail' && (await standing([path])).size > 0) throw sluiceError('TARGET_EXISTS', { path });
  await assertRoom([{ path, bytes: stored.size }], services.transfers.outstanding());
  const session = sessions.createDownload(connection, name, parentOf(key), folder);
  const wanted = { session, key, size: stored.size, relativePath: name, saidName: null };
  return { sessionId: session.id, ...(await begin(services, [wanted], folder, existing)) };
}

const parentOf = (key: string): string => key.slice(0, Math.max(0, key.lastIndexOf('/')));

/**
 * Fetches all objects below a prefix, with their structure. The same again goes on with what is unfinished, and takes
 * what is new.
 * @param prefix empty, or with a slash at its end
 * @throws OBJECT_MISSING where there is none
 */
export async function fetchPrefix(
  services: Services,
  connection: Connection,
  prefix: string,
  folder: string,
  existing: OnExistingFile,
): Promise<Begun> {
  const { transfers, sessions, connections, journal } = services;
  const store = await connections.store(connection.id);
  const objects: ListedObject[] = [];
  for await (const { key, size } of store.list(prefix)) objects.push({ key, size });
  if (objects.length === 0) throw sluiceError('OBJECT_MISSING', { key: prefix });
  const { files, folders } = placeObjects(objects, prefix);

  const bare = prefix.slice(0, -1);
  const earlier = journal.sessions
    .list()
    .find(
      (session) =>
        !session.removing &&
        session.folder === folder &&
        session.prefix === bare &&
        session.connectionId === connection.id &&
        transfers.records(session.id).some(isUnfinished),
    );
  const title = `s3://${connection.bucket}/${prefix}`;
  const session = earlier ?? sessions.createDownload(connection, title, bare, folder);
  const before = new Map(
    (earlier === undefined ? [] : transfers.records(earlier.id))
      .filter(({ state }) => state.kind !== 'cancelled')
      .map((record) => [record.key, record]),
  );
  const fresh = files
    .filter(({ object }) => !before.has(object.key))
    .map(({ object, relativePath, renamed }) => ({
      session,
      ...object,
      relativePath,
      saidName: renamed ? object.key.slice(prefix.length) : null,
    }));
  const begun = await begin(services, fresh, folder, existing).catch((error: unknown) => {
    if (earlier === undefined) journal.sessions.delete(session.id);
    throw error;
  });
  for (const each of folders) await makeFoldersBelow(folder, each.split('/'));
  const going = [...before.values()].map((record) =>
    isUnfinished(record) ? goOn(services, record, existing) : record.id,
  );
  if (going.length + begun.transferIds.length === 0) journal.sessions.delete(session.id);
  return {
    sessionId: session.id,
    transferIds: [...going, ...begun.transferIds],
    refused: begun.refused,
  };
}

type Which = Parameters<Parameters<Implementer['downloads']['add']['handler']>[0]>[0]['input']['of'];

/** What a page asks for by its lists. */
function wantedOf(services: Services, of: Which): readonly Wanted[] {
  const { sessions, outputs, transfers } = services;
  const named = (
    found: readonly {
      readonly session: SessionRecord;
      readonly real: string;
      readonly size: number;
      readonly path: string;
    }[],
  ): readonly Wanted[] => {
    // Several keep their folders; one is wanted right where the person pointed.
    const alone = found.length === 1;
    const objects = found.map((each) => ({
      ...each,
      key: alone ? localName(basename(each.path)) : each.path,
    }));
    return placeObjects(objects, '').files.map(({ object, relativePath, renamed }) => ({
      session: object.session,
      key: object.real,
      size: object.size,
      relativePath,
      saidName: renamed ? object.path : null,
    }));
  };
  switch (of.kind) {
    case 'outputs':
      return named(
        of.ids.map((id) => {
          const output = outputs.get(id);
          if (!output.stored)
            throw sluiceError('UPLOAD_STATE', { action: 'be downloaded', state: 'being stored' });
          return {
            session: sessions.record(output.sessionId),
            real: output.key,
            size: output.size,
            path: output.name,
          };
        }),
      );
    case 'originals':
      return named(
        of.ids.map((id) => {
          const record = transfers.record(id);
          if (record.state.kind !== 'done')
            throw sluiceError('UPLOAD_STATE', { action: 'be downloaded', state: record.state.kind });
          return {
            session: sessions.record(record.sessionId),
            real: record.key,
            size: record.size,
            path: `${record.relativePath}${suffixOf(record)}`,
          };
        }),
      );
    case 'keys': {
      const session = sessions.record(of.sessionId);
      return named(of.keys.map((key) => ({ session, real: key, size: 0, path: key })));
    }
    default:
      return assertNever(of);
  }
}

/** A file that was compressed on its way comes as it is in the bucket, and its name says so. */
function suffixOf({ prepared }: TransferRecord): string {
  return prepared?.packing?.kind === 'packed' ? SUFFIX[prepared.packing.packer] : '';
}

export function downloadHandlers(os: Implementer, services: Services) {
  const { transfers, picker, preferences, changes, opener } = services;
  return {
    add: os.downloads.add.handler(async ({ input }) => {
      const folder = picker.resolve(input.folder);
      changes.preferences(preferences.set({ downloadFolder: folder }));
      const wanted = wantedOf(services, input.of);
      if (input.existing === 'ask') {
        const there = await standing(wanted.map((each) => pathOf(folder, each)));
        if (there.size > 0) {
          const names = wanted
            .filter((each) => there.has(pathOf(folder, each)))
            .map((each) => each.relativePath);
          return {
            transfers: [],
            refused: [],
            inTheWay: { count: names.length, names: names.slice(0, NAMED) },
          };
        }
      }
      const existing = input.existing === 'ask' ? 'fail' : input.existing;
      const { transferIds, refused } = await begin(services, wanted, folder, existing);
      return {
        transfers: transferIds.map((id) => transfers.view(id)),
        refused: [...refused],
        inTheWay: null,
      };
    }),
    list: os.downloads.list.handler(({ input }) => transfers.fetched(input.limit)),
    reveal: os.downloads.reveal.handler(async ({ input }) => {
      const record = transfers.record(input.id);
      if (record.source.kind !== 'object') throw sluiceError('NOT_FOUND', { what: 'such download' });
      const { path } = record.source;
      await opener.reveal(
        record.state.kind === 'done' ? path : rootOf({ path, relativePath: record.relativePath }),
      );
    }),
  };
}

/** @returns where the file is, once it is there */
export async function fetchOutput(services: Services, id: string, folder: string): Promise<string> {
  const [wanted] = wantedOf(services, { kind: 'outputs', ids: [id] });
  if (wanted === undefined) throw sluiceError('NOT_FOUND', { what: 'such output' });
  const { transferIds } = await begin(services, [wanted], folder, 'rename');
  const [transferId = ''] = transferIds;
  const state = await services.transfers.settled(transferId);
  if (state.kind === 'failed') throw fromReport(state.error);
  const { source } = services.transfers.record(transferId);
  if (state.kind !== 'done' || source.kind !== 'object') throw sluiceError('CANCELLED', {});
  return source.path;
}

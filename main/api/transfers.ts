import { implement } from '@orpc/server';
import { planFile, planFiles, titleOf } from '#main/sessions';
import { joinKey, safePath } from '#main/storage';
import { isAtRest, scan, SUFFIX, type FoundFile, type Refused } from '#main/transfers';
import type { SessionRecord, TransferRecord } from '#main/journal';
import type { Log } from '#main/ports';
import {
  DEFAULT_SCAN_RULES,
  mergeOptions,
  type Connection,
  type Session,
  type UploadOptionsChange,
} from '#shared/domain';
import { contract } from '#shared/contract';
import { sluiceError, SluiceError } from '#shared/errors';
import { reportsErrors } from './errors.ts';
import type { CallContext, Services } from './services.ts';
import { findTransfer, watchFiles } from './watch.ts';

/** The contract, with what every call of it has. */
export const implementer = (log: Log) => implement(contract).$context<CallContext>().use(reportsErrors(log));
type Implementer = ReturnType<typeof implementer>;

/** What a drop says of its own. */
export interface HowToSend {
  /** Over those of the connection. */
  readonly options?: UploadOptionsChange | undefined;
  /** ms since the epoch. */
  readonly notBefore?: number | null | undefined;
  readonly priority?: number | undefined;
}

export interface AddOptions extends HowToSend {
  readonly sessionId: string | null;
  readonly connectionId: string | null;
  /** Under which prefix and how keys are made; null for the session's own folder. */
  readonly prefix: string | null;
  readonly partSize: number | null;
}

export interface Added {
  readonly session: Session;
  /** Of the files that were taken, also those that go on from before. */
  readonly transferIds: readonly string[];
  readonly refused: readonly Refused[];
}

/**
 * Starts uploads of files and folders. A file whose upload to the same place was begun and not finished goes on there.
 * Nothing is made where nothing can be uploaded: then the first refusal is thrown.
 */
export async function addPaths(
  services: Services,
  paths: readonly string[],
  options: AddOptions,
): Promise<Added> {
  const { transfers, sessions, changes } = services;
  const files: FoundFile[] = [];
  const refused: Refused[] = [];
  for await (const batch of scan(paths, DEFAULT_SCAN_RULES, new AbortController().signal)) {
    files.push(...batch.files);
    refused.push(...batch.refused);
  }
  const [first] = refused;
  if (files.length === 0 && first !== undefined) throw new SluiceError(first.error.code, first.error.details);
  const connection = connectionFor(services, options);
  await services.connections.store(connection.id); // a store that cannot be reached is said before anything is made

  const begun =
    options.sessionId === null
      ? goOn(services, files, connection, options.prefix)
      : new Map<string, TransferRecord>();
  const fresh = files.filter(({ path }) => !begun.has(path));
  const session = sessionFor(services, connection, paths, options, [...begun.values()]);
  const planned = planFiles(fresh, {
    session,
    connection,
    keys: options.prefix === null ? 'session' : 'plain',
    partSize: options.partSize,
    clock: services.clock,
    ...howToSend(connection, options),
  });
  transfers.add(planned.records);
  changes.session(session.id);
  return {
    session: sessions.view(session.id),
    transferIds: [...[...begun.values()].map(({ id }) => id), ...planned.records.map(({ id }) => id)],
    refused: [...refused, ...planned.refused],
  };
}

/** What a connection has, with what the drop says over it. */
function howToSend(connection: Connection, { options, notBefore, priority }: HowToSend) {
  return {
    options: mergeOptions(connection.settings.upload, options),
    notBefore: notBefore ?? null,
    priority: priority ?? 0,
  };
}

/** Uploads of these files that were begun before, set going again. */
function goOn(
  { transfers }: Services,
  files: readonly FoundFile[],
  connection: Connection,
  prefix: string | null,
): ReadonlyMap<string, TransferRecord> {
  const begun = new Map<string, TransferRecord>();
  const unfinished = transfers.unfinished(connection.id);
  for (const file of files) {
    const same = unfinished.get(file.path);
    if (same === undefined) continue;
    const key = prefix === null ? null : joinKey(file.relativePath, prefix, safePath(file.relativePath));
    const record = same.findLast((each) => key === null || isAt(each, key));
    if (record === undefined) continue;
    if (isAtRest(record.state)) transfers.resume(record.id);
    begun.set(file.path, record);
  }
  return begun;
}

/** Also where it is compressed, and its key says so. */
function isAt({ key, options }: TransferRecord, wanted: string): boolean {
  return key === wanted || (options.compress !== 'none' && key === `${wanted}${SUFFIX[options.compress]}`);
}

/** The one that was named; that of uploads that go on; else a new one. */
function sessionFor(
  { sessions }: Services,
  connection: Connection,
  paths: readonly string[],
  options: AddOptions,
  begun: readonly TransferRecord[],
): SessionRecord {
  if (options.sessionId !== null) return sessions.record(options.sessionId);
  const [earlier] = begun;
  if (earlier !== undefined) return sessions.record(earlier.sessionId);
  return sessions.create(connection, titleOf(paths), options.prefix);
}

function connectionFor(
  services: Services,
  wanted: Pick<AddOptions, 'sessionId' | 'connectionId'>,
): Connection {
  const { connections, sessions, preferences } = services;
  if (wanted.sessionId !== null) return connections.get(sessions.record(wanted.sessionId).connectionId);
  if (wanted.connectionId !== null) return connections.get(wanted.connectionId);
  const preferred = preferences.get().connectionId;
  const all = connections.list();
  const found = all.find(({ id }) => id === preferred) ?? all[0];
  if (found === undefined) throw sluiceError('NOT_FOUND', { what: 'connection' });
  return found;
}

export function transferHandlers(os: Implementer, services: Services) {
  const { transfers, picker, sessions } = services;
  return {
    add: os.transfers.add.handler(async ({ input }) => {
      const paths = input.files.map((file) => picker.resolve(file));
      const { session, transferIds, refused } = await addPaths(services, paths, {
        ...input,
        prefix: null,
        partSize: null,
      });
      return { session, added: transferIds.length, refused: [...refused] };
    }),
    list: os.transfers.list.handler(({ input }) => {
      sessions.record(input.sessionId);
      return transfers.list(input, input.offset, input.limit);
    }),
    watch: os.transfers.watch.handler(({ input, signal = new AbortController().signal }) => {
      sessions.record(input.sessionId);
      return watchFiles(transfers, services.clock, input, signal);
    }),
    seek: os.transfers.seek.handler(({ input }) => {
      sessions.record(input.sessionId);
      return transfers.session(input.sessionId).seek(input, input.prefix, input.from);
    }),
    get: os.transfers.get.handler(({ input }) => input.ids.flatMap((id) => findTransfer(transfers, id))),
    pause: os.transfers.pause.handler(({ input }) => transfers.pause(input.id)),
    resume: os.transfers.resume.handler(({ input }) => transfers.resume(input.id)),
    cancel: os.transfers.cancel.handler(({ input }) => transfers.cancel(input.id)),
    prioritise: os.transfers.prioritise.handler(({ input }) => {
      transfers.prioritise(input.ids, priorityOf(input.to, transfers.records()));
    }),
    schedule: os.transfers.schedule.handler(({ input }) => transfers.schedule(input.id, input.at)),
    pauseAll: os.transfers.pauseAll.handler(() => transfers.pauseAll()),
    resumeAll: os.transfers.resumeAll.handler(() => transfers.resumeAll()),
    receipt: os.transfers.receipt.handler(({ input }) => transfers.receipt(input.id)),
  };
}

/** Before or behind all that have not come to rest. */
export function priorityOf(to: number | 'first' | 'last', records: readonly TransferRecord[]): number {
  if (typeof to === 'number') return to;
  let [lowest, highest] = [0, 0];
  for (const { state, priority } of records) {
    if (isAtRest(state) && state.kind !== 'paused') continue;
    lowest = Math.min(lowest, priority);
    highest = Math.max(highest, priority);
  }
  return to === 'first' ? highest + 1 : lowest - 1;
}

export function pageUploadHandlers(os: Implementer, services: Services) {
  const { transfers, sessions, clock, changes } = services;
  return {
    begin: os.pageUploads.begin.handler(async ({ input, context: { gone } }) => {
      if (input.size === 0) throw sluiceError('SOURCE_EMPTY', { path: input.name });
      const connection = connectionFor(services, input);
      const unfinished = transfers.page.find(transfers.records(), { ...input, connectionId: connection.id });
      if (unfinished !== null) {
        const parts = await transfers.page.open(unfinished.id, gone);
        return {
          session: sessions.view(unfinished.sessionId),
          transfer: transfers.view(unfinished.id),
          parts,
        };
      }
      const session = pageSession(services, connection, input);
      const record = planFile(
        { name: input.name, relativePath: input.relativePath, size: input.size },
        { kind: 'page', lastModified: input.lastModified },
        'original',
        {
          session,
          connection,
          keys: 'session',
          partSize: null,
          clock,
          ...howToSend(connection, input),
        },
      );
      transfers.add([record]);
      changes.session(session.id);
      const parts = await transfers.page.open(record.id, gone);
      return { session: sessions.view(session.id), transfer: transfers.view(record.id), parts };
    }),
    sign: os.pageUploads.sign.handler(async ({ input, context: { gone } }) =>
      (await transfers.page.sign(input.id, input.parts, gone)).map((part) => ({
        ...part,
        headers: { ...part.headers },
      })),
    ),
    report: os.pageUploads.report.handler(({ input, context: { gone } }) => ({
      state: transfers.page.report(input.id, input, gone),
    })),
    complete: os.pageUploads.complete.handler(async ({ input }) => {
      await transfers.page.complete(input.id);
      return transfers.view(input.id);
    }),
  };
}

function pageSession(
  { sessions }: Services,
  connection: Connection,
  input: { readonly sessionId: string | null; readonly relativePath: string; readonly name: string },
): SessionRecord {
  if (input.sessionId !== null) return sessions.record(input.sessionId);
  return sessions.create(connection, input.relativePath.split('/')[0] ?? input.name);
}

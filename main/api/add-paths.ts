import { sep } from 'node:path';
import { titleOf, type DropEnd } from '#main/sessions';
import type { DropPlan, SessionRecord, TransferRecord } from '#main/journal';
import { joinKey, safePath } from '#main/storage';
import { scan, SUFFIX, type Refused, type ScanBatch } from '#main/transfers';
import type { Connection, ScanRules } from '#shared/domain';
import { sluiceError, SluiceError } from '#shared/errors';
import type { Services } from './services.ts';

export interface AddOptions extends Partial<
  Pick<DropPlan, 'options' | 'existing' | 'notBefore' | 'priority'>
> {
  readonly sessionId: string | null;
  readonly connectionId: string | null;
  /** Under which prefix and how keys are made; null for the session's own folder. */
  readonly prefix: string | null;
  readonly partSize: number | null;
  readonly rules: ScanRules;
}

export interface Adding {
  readonly sessionId: string;
  /** Resolves once all files were found and queued; they may be under way long before. */
  readonly end: Promise<DropEnd>;
}

/**
 * Starts uploads of files and folders; resolves once the first files are on their way. What was dropped before and not
 * finished goes on: a whole drop, or a single file of one.
 * Nothing is made where nothing can be uploaded: then the first refusal is thrown.
 */
export async function addPaths(
  services: Services,
  paths: readonly string[],
  options: AddOptions,
): Promise<Adding> {
  const { sessions, drops } = services;
  const connection = connectionFor(services, options);
  const roots = [...new Set(paths)];
  const again = options.sessionId === null ? drops.unfinished(connection.id, options.prefix, roots) : null;
  const rest = scan(roots, options.rules, new AbortController().signal);
  const batches = await firstFiles(rest);
  await services.connections.store(connection.id); // a store that cannot be reached is said before anything is made

  if (again !== null) {
    await rest.return(undefined);
    const session = sessions.record(again.sessionId);
    const plan = { ...again.plan, rules: options.rules };
    return { sessionId: session.id, end: drops.goOn({ ...again, plan }, session, true) };
  }
  const begun = options.sessionId === null ? unfinishedOf(services, connection, options.prefix) : new Map();
  const session = sessionFor(services, connection, roots, options, begun);
  const plan: DropPlan = {
    roots,
    rules: options.rules,
    connectionId: connection.id,
    prefix: options.prefix,
    partSize: options.partSize,
    options: options.options ?? null,
    existing: options.existing ?? 'replace',
    notBefore: options.notBefore ?? null,
    priority: options.priority ?? 0,
  };
  return { sessionId: session.id, end: drops.begin(session, plan, begun, { batches, rest }) };
}

/** Looks until there is a file to upload. @throws the first refusal where there is none */
async function firstFiles(found: AsyncGenerator<ScanBatch>): Promise<readonly ScanBatch[]> {
  const batches: ScanBatch[] = [];
  let refused: Refused | undefined;
  for (let next = await found.next(); next.done !== true; next = await found.next()) {
    batches.push(next.value);
    refused ??= next.value.refused[0];
    if (next.value.files.length > 0) return batches;
  }
  if (refused !== undefined) throw new SluiceError(refused.error.code, refused.error.details);
  return batches;
}

/** Uploads that were begun and not finished, by path, and to the same place where one is named. */
function unfinishedOf(
  { transfers }: Services,
  connection: Connection,
  prefix: string | null,
): ReadonlyMap<string, TransferRecord> {
  const begun = new Map<string, TransferRecord>();
  for (const [path, same] of transfers.unfinished(connection.id)) {
    const record = same.findLast(
      (each) =>
        prefix === null || isAt(each, joinKey(each.relativePath, prefix, safePath(each.relativePath))),
    );
    if (record !== undefined) begun.set(path, record);
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
  roots: readonly string[],
  options: AddOptions,
  begun: ReadonlyMap<string, TransferRecord>,
): SessionRecord {
  if (options.sessionId !== null) return dropOf(sessions, options.sessionId);
  const isBelow = (path: string): boolean =>
    roots.some((root) => path === root || path.startsWith(root.endsWith(sep) ? root : `${root}${sep}`));
  for (const [path, record] of begun) if (isBelow(path)) return sessions.record(record.sessionId);
  return sessions.create(connection, titleOf(roots), options.prefix);
}

/** A session that takes files: the objects of a download are somebody's own, and nothing is put among them. */
export function dropOf(sessions: Services['sessions'], id: string): SessionRecord {
  const record = sessions.record(id);
  if (record.folder !== null) throw sluiceError('INPUT_INVALID', { what: 'a download takes no files' });
  return record;
}

/** The one that is named, that of the session, or the one a person chose for new ones. */
export function connectionFor(
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

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readManifest, receiptText, saveText, verify as verifyFiles, type Place } from '#main/custody';
import type { Engine } from '#main/engine';
import type { SessionRecord, TransferRecord } from '#main/journal';
import { sourceError } from '#main/transfers';
import type { Connection, Custody, FileCheck, Manifest, Verification } from '#shared/domain';
import { sluiceError, type ErrorReport } from '#shared/errors';
import { assertNever, formatBytes } from '#shared/lib';
import { systemClock } from '../shared/index.ts';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';

/** What a command says of whose evidence it is; what it leaves out stays as it is. */
export type CustodyFields = Partial<Custody>;

/** Writes the fields that were given to a session. */
export function setCustody(engine: Engine, session: SessionRecord, fields: CustodyFields): void {
  if (Object.keys(fields).length === 0) return;
  const before = session.custody ?? { caseNumber: '', examiner: '', note: '' };
  engine.services.sessions.setCustody(session.id, { ...before, ...fields });
  engine.services.manifests.touched(session.id);
}

/** Prints, or saves, the manifest of a session. */
export async function manifest(
  context: Context,
  which: string | null,
  options: { readonly fields: CustodyFields; readonly out: string | null },
): Promise<void> {
  await withEngine(context, {}, async (engine) => {
    const { custody, journal } = engine.services;
    const session = findSession(journal.sessions.list(), which);
    setCustody(engine, session, options.fields);
    await engine.services.manifests.written(session.id); // the one in the bucket says the same
    const made = await custody.manifest(session.id);
    await give(context, made.text, JSON.parse(made.text), options.out, [
      `${options.out ?? ''}: the manifest of ${session.title}`,
      `  digest ${made.digest}`,
    ]);
  });
}

/** Prints, or saves, the receipt of an upload: of the newest, where a path is named. */
export async function receipt(
  context: Context,
  which: string,
  options: { readonly html: boolean; readonly out: string | null },
): Promise<void> {
  await withEngine(context, {}, async (engine) => {
    const { custody, transfers } = engine.services;
    const { id } = findUpload(transfers.records(), which);
    const found = transfers.receipt(id);
    const text = options.html ? custody.receiptPage(id).html : receiptText(found);
    await give(context, text, found, options.out, [
      `${options.out ?? ''}: the receipt of ${found.source.name}`,
    ]);
  });
}

/** The text itself to stdout where no file is named; with `--json`, the document in one line. */
async function give(
  { printer }: Context,
  text: string,
  document: unknown,
  out: string | null,
  saved: readonly string[],
): Promise<void> {
  if (out !== null) await saveText(out, text);
  printer.result(document, out === null ? [text.trimEnd()] : saved);
}

/** The newest; or by id, by the beginning of one, or by title. @throws NOT_FOUND, INPUT_INVALID */
function findSession(newestFirst: readonly SessionRecord[], which: string | null): SessionRecord {
  const all = newestFirst.filter(({ removing }) => !removing);
  const found =
    which === null ? all.slice(0, 1) : all.filter(({ id, title }) => id.startsWith(which) || title === which);
  return theOne(found, 'session', which);
}

/** By id or the beginning of one; or the newest finished upload of a path. @throws NOT_FOUND, INPUT_INVALID */
function findUpload(all: readonly TransferRecord[], which: string): TransferRecord {
  const done = all.filter(({ direction, state }) => direction === 'upload' && state.kind === 'done');
  const path = resolve(which);
  const ofPath = done.findLast(({ source }) => source.kind === 'path' && source.path === path);
  if (ofPath !== undefined) return ofPath;
  return theOne(
    done.filter(({ id }) => id.startsWith(which)),
    'finished upload',
    which,
  );
}

function theOne<T>(found: readonly T[], what: string, which: string | null): T {
  const [first, ...more] = found;
  if (first === undefined)
    throw sluiceError('NOT_FOUND', { what: which === null ? what : `${what} ${which}` });
  if (more.length > 0) {
    throw sluiceError('INPUT_INVALID', {
      what: `${which ?? ''} means ${found.length} of them; give more of the id`,
    });
  }
  return first;
}

export interface VerifyOptions {
  /** Where copies of the files are; null asks the store. */
  readonly local: string | null;
  readonly deep: boolean;
  /** Also against a manifest that was changed. */
  readonly anyway: boolean;
}

/** Checks every file of a manifest again. @returns an error where something does not agree */
export async function verify(
  context: Context,
  path: string,
  options: VerifyOptions,
): Promise<ErrorReport | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw sourceError(path, error);
  });
  const { manifest: sealed, isIntact } = readManifest(text, path);
  if (!isIntact) {
    const damaged = sluiceError('MANIFEST_DAMAGED', { path });
    if (!options.anyway) throw damaged;
    context.printer.error(damaged.report());
  }
  if (options.local !== null) {
    return check(context, sealed, isIntact, { kind: 'folder', path: options.local });
  }
  const { bucket } = sealed.session;
  return withEngine(context, { bucket }, async (engine, environment) => {
    const connection = storeFor(engine, environment, sealed);
    const store = await engine.services.connections.store(connection.id);
    return check(context, sealed, isIntact, { kind: 'store', store, deep: options.deep });
  });
}

/** The connection its session went through; else one to the same place; else as other commands find it. */
function storeFor(engine: Engine, environment: Connection | null, { session }: Manifest): Connection {
  const all = engine.services.connections.list();
  const used = engine.services.journal.sessions.get(session.id)?.connectionId;
  const isThere = ({ endpoint, region, bucket }: Connection): boolean =>
    bucket === session.bucket && (endpoint ?? `https://s3.${region}.amazonaws.com`) === session.endpoint;
  return (
    all.find(({ id }) => id === used) ??
    all.find(isThere) ??
    connectionFor(engine, environment, session.bucket)
  );
}

const PACE_MS = 200;

async function check(
  { printer, signal }: Context,
  sealed: Manifest,
  isIntact: boolean,
  place: Place,
): Promise<ErrorReport | null> {
  const bad: FileCheck[] = [];
  const total = sealed.files.filter(({ state }) => state === 'done').length;
  let done = 0;
  let said = 0;
  const result = await verifyFiles(sealed, {
    place,
    clock: systemClock,
    signal,
    onChecked: (checked) => {
      done += 1;
      if (checked.outcome !== 'agrees') bad.push(checked);
      const now = Date.now();
      if (!printer.follows || (now - said < PACE_MS && done < total)) return;
      said = now;
      printer.event({ event: 'progress', done, total, differ: bad.length });
      printer.status(`${done} of ${total} files checked, ${bad.length} do not agree`);
    },
  });
  bad.sort((a, b) => (a.path < b.path ? -1 : 1));
  const where =
    place.kind === 'store' ? `s3://${sealed.session.bucket} at ${place.store.endpoint}` : resolve(place.path);
  printer.result(
    { checkedAt: new Date().toISOString(), where, digest: sealed.digest, isIntact, ...result, checks: bad },
    [...bad.flatMap(linesOf), summary(result, where, place)],
  );
  if (result.agree === result.files) return null;
  const { differ, unchecked, files } = result;
  const error = sluiceError('VERIFY_DIFFERS', { differ, unchecked, files }).report();
  printer.error(error);
  return error;
}

function linesOf(checked: FileCheck): readonly string[] {
  switch (checked.outcome) {
    case 'agrees':
      return [];
    case 'differs':
      return [
        `DIFFERS    ${shown(checked.path)}`,
        ...checked.differences.map(
          ({ what, expected, found }) => `           ${what}: ${shown(found)} instead of ${shown(expected)}`,
        ),
      ];
    case 'unchecked':
      return [
        `UNCHECKED  ${shown(checked.path)}`,
        `           ${checked.error.code}: ${shown(checked.error.message)}`,
      ];
    default:
      return assertNever(checked);
  }
}

/** A manifest is somebody else's text: nothing in it may steer the terminal. */
const shown = (text: string): string =>
  text.replace(/[\p{C}\u2028\u2029]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);

function summary(result: Verification, where: string, place: Place): string {
  const { files, agree, neverArrived, bytesRead } = result;
  const how =
    place.kind === 'store' && !place.deep
      ? 'by what the store says of them'
      : `by all their bytes (${formatBytes(bytesRead)})`;
  const never = neverArrived === 0 ? '' : `; ${neverArrived} of the manifest never arrived`;
  return `${agree} of ${files} files agree with the manifest, ${how}, ${where}${never}`;
}

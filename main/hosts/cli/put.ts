import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addPaths, type Adding } from '#main/api';
import { saveReceipt, saveText } from '#main/custody';
import type { Engine } from '#main/engine';
import type { DropEnd, Outcome } from '#main/sessions';
import { parseS3Uri } from '#main/storage';
import {
  mergeOptions,
  NOTHING_LEFT_OUT,
  type Connection,
  type LeftOut,
  type ScanRules,
  type Session,
  type Transfer,
} from '#shared/domain';
import { sluiceError, type ErrorReport } from '#shared/errors';
import { formatBytes, formatCount, formatDuration, formatRate } from '#shared/lib';
import { withEngine, type Context } from './context.ts';
import { setCustody, type CustodyFields } from './custody.ts';
import { connectionFor } from './destination.ts';
import { decisionOf, mayHaveToChoose, skipped, startChosen, type ChoiceFlags } from './put-chosen.ts';
import { optionsOver, type SendFlags } from './send-flags.ts';

export interface PutOptions extends ChoiceFlags {
  readonly to: string | null;
  readonly partSize: number | null;
  readonly concurrency: number | undefined;
  readonly send: SendFlags;
  readonly rules: ScanRules;
  readonly custody: CustodyFields;
  /** Folder for the receipts. */
  readonly receipts: string | null;
  /** File for the manifest of the session. */
  readonly manifest: string | null;
}

const PACE_MS = 200;

/** Uploads files and folders and proves them. The same command again goes on with what is unfinished. */
export async function put(
  context: Context,
  paths: readonly string[],
  options: PutOptions,
): Promise<ErrorReport | null> {
  const uri = options.to === null ? null : parseS3Uri(options.to);
  if (options.manifest !== null) await assertFree(resolve(options.manifest));
  return withEngine(
    context,
    { bucket: uri?.bucket ?? null, concurrency: options.concurrency },
    async (engine, environment) => {
      const connection = connectionFor(engine, environment, uri?.bucket ?? null);
      const prefix = uri === null ? null : uri.key.replace(/^\/+|\/+$/g, '');
      const { send } = options;
      if (send.limit !== null) limitTo(engine, send.limit);
      const what = {
        connection,
        prefix,
        partSize: options.partSize,
        rules: options.rules,
        options: mergeOptions(connection.settings.upload, optionsOver(connection, send)),
        notBefore: send.notBefore,
        priority: send.priority,
        paths: paths.map((path) => resolve(path)),
      };
      const chosen = mayHaveToChoose(options, prefix)
        ? await startChosen(engine, what, options, context.signal)
        : null;
      const adding = chosen === null ? await startAll(engine, what) : chosen.adding;
      const outcomes = chosen?.outcomes ?? [];
      if (adding === null) {
        // All of it is there, or was refused.
        const { refused, leftOut } = chosen?.end ?? { refused: [], leftOut: NOTHING_LEFT_OUT };
        for (const { error } of refused) context.printer.error(error);
        report(context, engine, connection, { done: [], refused, leftOut, outcomes });
        return refused[0]?.error ?? null;
      }
      setCustody(engine, engine.services.sessions.record(adding.sessionId), options.custody);
      const { done, refused, leftOut } = await watch(context, engine, adding);
      await engine.services.manifests.written(adding.sessionId);
      for (const { error } of refused) context.printer.error(error);
      report(context, engine, connection, { done, refused, leftOut, outcomes });
      await saveProofs(engine, adding.sessionId, done, options);
      const failed = done.map(({ state }) => state).find((state) => state.kind === 'failed');
      return failed?.error ?? refused[0]?.error ?? null;
    },
  );
}

/** Files go up as they are found: there is nothing to choose. */
function startAll(
  engine: Engine,
  { paths, connection, ...how }: Parameters<typeof startChosen>[1],
): Promise<Adding> {
  return addPaths(engine.services, paths, { ...how, sessionId: null, connectionId: connection.id });
}

/** For this process only: what is set stays as it is. */
function limitTo({ services: { limits } }: Engine, bytesPerSecond: number): void {
  limits.apply({ ...limits.settings, override: { bytesPerSecond, until: null } });
}

/** Said before anything is sent. @throws TARGET_EXISTS */
async function assertFree(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) !== null) throw sluiceError('TARGET_EXISTS', { path });
}

/** What was asked to be kept of it beside the objects. */
async function saveProofs(
  engine: Engine,
  sessionId: string,
  done: readonly Transfer[],
  options: PutOptions,
): Promise<void> {
  const { transfers, custody } = engine.services;
  if (options.receipts !== null) {
    for (const { id, state } of done) {
      if (state.kind !== 'done') continue;
      await saveReceipt(options.receipts, transfers.receipt(id), custody.receiptPage(id).html);
    }
  }
  if (options.manifest !== null) await saveText(options.manifest, (await custody.manifest(sessionId)).text);
}

interface Watched extends Pick<DropEnd, 'refused' | 'leftOut'> {
  readonly done: readonly Transfer[];
}

interface Told extends Watched {
  /** Where it was decided file by file. */
  readonly outcomes: readonly Outcome[];
}

/** Follows the transfers until all were found and are at rest. */
export async function watch(context: Context, engine: Engine, { sessionId, end }: Adding): Promise<Watched> {
  const { transfers, sessions } = engine.services;
  const { printer, signal } = context;
  const moved = new Set<string>();
  const show = (): void => {
    if (!printer.follows) return;
    for (const id of moved) {
      const each = transfers.view(id);
      if (each.state.kind !== 'queued')
        printer.event({ event: 'progress', ...summary(each), parts: each.parts });
    }
    moved.clear();
    printer.status(statusLine(sessions.view(sessionId)));
  };
  const stop = transfers.onChange((id) => moved.add(id));
  const timer = setInterval(show, PACE_MS);
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(sluiceError('CANCELLED', {})), { once: true });
  });
  try {
    const { transferIds, refused, leftOut } = await Promise.race([end, interrupted]);
    await Promise.race([Promise.all(transferIds.map((id) => transfers.settled(id))), interrupted]);
    show();
    return { done: transferIds.map((id) => transfers.view(id)), refused, leftOut };
  } finally {
    clearInterval(timer);
    stop();
  }
}

function statusLine({ files, counts, bytes, bytesPerSecond: rate, waits, scanning }: Session): string {
  const left = rate === 0 ? '' : `, ${formatDuration((bytes.total - bytes.committed) / rate)} left`;
  const [waiting] = waits;
  const why = waiting === undefined ? '' : ` · waiting: ${waiting.message}`;
  const looking = scanning === null ? '' : ` · looking for more, ${formatCount(scanning.found)} found`;
  const done = `${formatCount(files.done)} of ${formatCount(files.total)} files`;
  const later = counts.scheduled === undefined ? '' : ` · ${formatCount(counts.scheduled)} at a set time`;
  return `${done}, ${formatBytes(bytes.committed)} of ${formatBytes(bytes.total)}, ${formatRate(rate)}${left}${looking}${later}${why}`;
}

/** @returns e.g. `left out: 4 system files, 2 links`; null where nothing was */
function leftOutLine({ hidden, systemFiles, links }: LeftOut): string | null {
  const said = [
    hidden === 0 ? [] : `${formatCount(hidden)} hidden (--hidden takes them)`,
    systemFiles === 0 ? [] : `${formatCount(systemFiles)} of the system (--system-files)`,
    links === 0 ? [] : `${formatCount(links)} links (--follow-links)`,
  ].flat();
  return said.length === 0 ? null : `left out: ${said.join(', ')}`;
}

export function summary(transfer: Transfer): Readonly<Record<string, unknown>> {
  const { id, name, bucket, key, size, state, progress } = transfer;
  return {
    id,
    name,
    path: transfer.source.kind === 'page' ? null : transfer.source.path,
    uri: `s3://${bucket}/${key}`,
    bucket,
    key,
    size,
    state: state.kind,
    committed: progress.committed,
    bytesPerSecond: progress.bytesPerSecond,
    secondsLeft: progress.secondsLeft,
    ...('error' in state ? { error: state.error } : {}),
  };
}

function report(
  { printer }: Context,
  engine: Engine,
  { bucket }: Connection,
  { done, refused, leftOut, outcomes }: Told,
): void {
  const decided = new Map(outcomes.map((outcome) => [outcome.transferId ?? '', outcome]));
  const sent = done.map((transfer) => {
    const outcome = decided.get(transfer.id);
    return describe(engine, transfer, outcome === undefined ? null : decisionOf(outcome));
  });
  const there = outcomes
    .filter(({ decision }) => decision === 'skip')
    .map((outcome) => skipped(outcome, bucket));
  const all = [...sent, ...there];
  for (const { state } of done) if (state.kind === 'failed') printer.error(state.error);
  const left = leftOutLine(leftOut);
  const lines = all.flatMap((one) => one.lines);
  printer.result(
    { files: all.map(({ document }) => document), refused, leftOut },
    left === null ? lines : [...lines, left],
  );
}

function describe(
  engine: Engine,
  transfer: Transfer,
  decided: ReturnType<typeof decisionOf> | null,
): ReturnType<typeof decisionOf> {
  const done = transfer.state.kind === 'done';
  const receipt = done ? engine.services.transfers.receipt(transfer.id) : null;
  const document = { ...summary(transfer), ...decided?.document, receipt };
  if (receipt === null) return { document, lines: [] };
  const { crc32, parts, original, notes } = receipt;
  const kept = parts.kept === 0 ? '' : `, ${parts.kept} of ${parts.count} parts kept from before`;
  return {
    document,
    lines: [
      `${transfer.name} -> s3://${transfer.bucket}/${transfer.key}`,
      `  proven: ${formatBytes(transfer.size)}, CRC-32 ${crc32}${kept}`,
      ...(original === null
        ? []
        : [`  compressed from ${formatBytes(original.size)} by ${original.compressedBy}`]),
      ...notes.map((note) => `  ${note}`),
      ...(decided?.lines ?? []),
    ],
  };
}

import { resolve } from 'node:path';
import { dropFiles } from '#main/api';
import type { Engine } from '#main/engine';
import type { Chooser, Outcome } from '#main/sessions';
import { parseS3Uri } from '#main/storage';
import { choiceBy, type ChangedPolicy, type ExistingPolicy, type LeftoverPolicy } from '#main/transfers';
import { DEFAULT_SCAN_RULES, type Conflict, type Transfer } from '#shared/domain';
import { sluiceError, SluiceError, type ErrorReport } from '#shared/errors';
import { formatBytes, formatDuration, formatRate } from '#shared/lib';
import { askFor } from './ask.ts';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';

export interface PutOptions {
  readonly to: string | null;
  readonly partSize: number | null;
  readonly concurrency: number | undefined;
  readonly existing: ExistingPolicy | 'ask';
  readonly changed: ChangedPolicy;
  readonly leftover: LeftoverPolicy;
  readonly compare: 'checksum' | 'size';
}

const PACE_MS = 200;

/**
 * Uploads files and folders and proves them. The same command again goes on with what is unfinished, and leaves alone
 * what is there with the same content.
 */
export async function put(
  context: Context,
  paths: readonly string[],
  options: PutOptions,
): Promise<ErrorReport | null> {
  const uri = options.to === null ? null : parseS3Uri(options.to);
  return withEngine(
    context,
    { bucket: uri?.bucket ?? null, concurrency: options.concurrency },
    async (engine, environment) => {
      const { dropPlans } = engine.services;
      const { printer, signal } = context;
      const connection = connectionFor(engine, environment, uri?.bucket ?? null);
      const { files, refused } = await dropFiles(
        paths.map((path) => resolve(path)),
        DEFAULT_SCAN_RULES,
        signal,
      );
      const [first] = refused;
      if (files.length === 0 && first !== undefined)
        throw new SluiceError(first.error.code, first.error.details);
      for (const { error } of refused) printer.error(error);
      const drop = {
        files,
        connection,
        sessionId: null,
        prefix: uri === null ? null : uri.key.replace(/^\/+|\/+$/g, ''),
        partSize: options.partSize,
        bySize: options.compare === 'size',
      };
      const plan = await dropPlans.prepare(drop, signal);
      const choose = await chooserOf(dropPlans.conflicts(plan.id), options, signal);
      const { outcomes } = await dropPlans.start(plan.id, choose, signal);
      const done = await watch(
        context,
        engine,
        outcomes.flatMap(({ transferId }) => transferId ?? []),
      );
      const error = report(context, engine, connection.bucket, { outcomes, done, refused });
      return error ?? refused[0]?.error ?? null;
    },
  );
}

/** What the flags say; or the person, about what they leave open. */
async function chooserOf(
  conflicts: readonly Conflict[],
  { existing, changed, leftover }: PutOptions,
  signal: AbortSignal,
): Promise<Chooser> {
  if (existing !== 'ask') return (conflict) => choiceBy(conflict, { existing, changed, leftover });
  const chosen = await askFor(conflicts, signal);
  return ({ id, preset }) => chosen.get(id) ?? preset;
}

/** Follows the transfers until all are at rest. */
async function watch(context: Context, engine: Engine, ids: readonly string[]): Promise<readonly Transfer[]> {
  const { transfers } = engine.services;
  const { printer, signal } = context;
  const show = (): void => {
    if (!printer.follows) return;
    const all = ids.map((id) => transfers.view(id));
    for (const each of all) {
      if (each.state.kind !== 'queued')
        printer.event({ event: 'progress', ...summary(each), parts: each.parts });
    }
    printer.status(statusLine(all));
  };
  const timer = setInterval(show, PACE_MS);
  const interrupted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(sluiceError('CANCELLED', {})), { once: true });
  });
  try {
    await Promise.race([Promise.all(ids.map((id) => transfers.settled(id))), interrupted]);
  } finally {
    clearInterval(timer);
  }
  show();
  return ids.map((id) => transfers.view(id));
}

function statusLine(all: readonly Transfer[]): string {
  const sum = (of: (each: Transfer) => number): number => all.reduce((total, each) => total + of(each), 0);
  const done = all.filter(({ state }) => state.kind === 'done').length;
  const total = sum(({ size }) => size);
  const committed = sum(({ progress }) => progress.committed);
  const rate = sum(({ progress }) => progress.bytesPerSecond ?? 0);
  const left = rate === 0 ? '' : `, ${formatDuration((total - committed) / rate)} left`;
  const waiting = all.map(({ state }) => state).find((state) => state.kind === 'waiting');
  const why = waiting === undefined ? '' : ` · waiting: ${waiting.error.message}`;
  return `${done} of ${all.length} files, ${formatBytes(committed)} of ${formatBytes(total)}, ${formatRate(rate)}${left}${why}`;
}

function summary(transfer: Transfer): Readonly<Record<string, unknown>> {
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

/** A line and a document for each file: what was decided about it, and how it ended. @returns the first failure */
function report(
  { printer }: Context,
  engine: Engine,
  bucket: string,
  told: {
    readonly outcomes: readonly Outcome[];
    readonly done: readonly Transfer[];
    readonly refused: readonly { readonly name: string; readonly error: ErrorReport }[];
  },
): ErrorReport | null {
  const transfers = new Map(told.done.map((transfer) => [transfer.id, transfer]));
  const failed = told.outcomes.flatMap((outcome) => {
    const state = transfers.get(outcome.transferId ?? '')?.state;
    const error = outcome.error ?? (state?.kind === 'failed' ? state.error : null);
    return error === null ? [] : [{ name: outcome.file.name, error, started: outcome.error === null }];
  });
  for (const { error } of failed) printer.error(error);
  const described = told.outcomes.flatMap((outcome) => {
    const transfer = transfers.get(outcome.transferId ?? '') ?? null;
    if (transfer === null && outcome.decision !== 'skip') return [];
    return [describe(engine, bucket, outcome, transfer)];
  });
  const refused = [
    ...told.refused,
    ...failed.flatMap(({ name, error, started }) => (started ? [] : [{ name, error }])),
  ];
  printer.result(
    { files: described.map(({ document }) => document), refused },
    described.flatMap(({ lines }) => lines),
  );
  return failed[0]?.error ?? null;
}

function describe(
  engine: Engine,
  bucket: string,
  outcome: Outcome,
  transfer: Transfer | null,
): { readonly document: Readonly<Record<string, unknown>>; readonly lines: readonly string[] } {
  const { file, about, decision } = outcome;
  const met = about.map(({ conflict, chosen }) => ({ kind: conflict.kind, says: conflict.says, chosen }));
  const [first] = met;
  if (transfer === null) {
    const uri = `s3://${bucket}/${outcome.key ?? ''}`;
    const same = first?.kind === 'identical' || first?.kind === 'uploaded';
    const path = file.source.kind === 'path' ? file.source.path : null;
    return {
      document: {
        name: file.name,
        path,
        uri,
        bucket,
        key: outcome.key,
        size: file.size,
        state: same ? 'done' : 'skipped',
        decision,
        met,
        receipt: null,
      },
      lines: [
        `${file.name} ${same ? '==' : '!='} ${uri}`,
        `  ${same ? 'there already' : 'skipped'}: ${first?.says ?? ''}`,
      ],
    };
  }
  const receipt = transfer.state.kind === 'done' ? engine.services.transfers.receipt(transfer.id) : null;
  const lines: string[] = [];
  if (receipt !== null) {
    const { crc32, parts } = receipt;
    const kept = parts.kept === 0 ? '' : `, ${parts.kept} of ${parts.count} parts kept from before`;
    lines.push(
      `${transfer.name} -> s3://${transfer.bucket}/${transfer.key}`,
      `  proven: ${formatBytes(transfer.size)}, CRC-32 ${crc32}${kept}`,
      ...met.map(({ says, chosen }) => `  ${chosen}: ${says}`),
    );
  }
  return { document: { ...summary(transfer), decision, met, receipt }, lines };
}

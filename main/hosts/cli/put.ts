import { resolve } from 'node:path';
import { addPaths } from '#main/api';
import type { Engine } from '#main/engine';
import { parseS3Uri } from '#main/storage';
import type { Transfer } from '#shared/domain';
import { sluiceError, type ErrorReport } from '#shared/errors';
import { formatBytes, formatDuration, formatRate } from '#shared/lib';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';
import { optionsOver, startsAt, type SendFlags } from './send-flags.ts';

export interface PutOptions {
  readonly to: string | null;
  readonly partSize: number | null;
  readonly concurrency: number | undefined;
  readonly send: SendFlags;
}

const PACE_MS = 200;

/** Uploads files and folders and proves them. The same command again goes on with what is unfinished. */
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
      const connection = connectionFor(engine, environment, uri?.bucket ?? null);
      const { send } = options;
      if (send.limit !== null) limitTo(engine, send.limit);
      const { transferIds, refused } = await addPaths(
        engine.services,
        paths.map((path) => resolve(path)),
        {
          sessionId: null,
          connectionId: connection.id,
          prefix: uri === null ? null : uri.key.replace(/^\/+|\/+$/g, ''),
          partSize: options.partSize,
          options: optionsOver(connection, send),
          notBefore: send.notBefore,
          priority: send.priority,
        },
      );
      for (const { error } of refused) context.printer.error(error);
      const done = await watch(context, engine, transferIds);
      report(context, engine, done, refused);
      const failed = done.map(({ state }) => state).find((state) => state.kind === 'failed');
      return failed?.error ?? refused[0]?.error ?? null;
    },
  );
}

/** For this process only: what is set stays as it is. */
function limitTo({ services: { limits } }: Engine, bytesPerSecond: number): void {
  limits.apply({ ...limits.settings, override: { bytesPerSecond, until: null } });
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
  const scheduled = all.map(({ state }) => state).find((state) => state.kind === 'scheduled');
  if (scheduled !== undefined && all.every(({ state }) => state.kind === 'scheduled'))
    return `${all.length} files, ${startsAt(scheduled.at, Date.now())}`;
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

function report(
  { printer }: Context,
  engine: Engine,
  done: readonly Transfer[],
  refused: readonly { readonly name: string; readonly error: ErrorReport }[],
): void {
  const files = done.map((transfer) => ({
    ...summary(transfer),
    receipt: transfer.state.kind === 'done' ? engine.services.transfers.receipt(transfer.id) : null,
  }));
  const lines = done.flatMap((transfer) => {
    if (transfer.state.kind !== 'done') return [];
    const { crc32, parts, original, notes } = engine.services.transfers.receipt(transfer.id);
    const kept = parts.kept === 0 ? '' : `, ${parts.kept} of ${parts.count} parts kept from before`;
    return [
      `${transfer.name} -> s3://${transfer.bucket}/${transfer.key}`,
      `  proven: ${formatBytes(transfer.size)}, CRC-32 ${crc32}${kept}`,
      ...(original === null
        ? []
        : [`  compressed from ${formatBytes(original.size)} by ${original.compressedBy}`]),
      ...notes.map((note) => `  ${note}`),
    ];
  });
  for (const { state } of done) if (state.kind === 'failed') printer.error(state.error);
  printer.result({ files, refused }, lines);
}

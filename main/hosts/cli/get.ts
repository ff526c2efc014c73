import { stat } from 'node:fs/promises';
import { basename, join, resolve, sep } from 'node:path';
import { fetchObject, fetchPrefix, type Begun } from '#main/api';
import type { Engine } from '#main/engine';
import { parseS3Uri } from '#main/storage';
import { localName } from '#main/transfers';
import { NOTHING_LEFT_OUT, type OnExistingFile, type Transfer } from '#shared/domain';
import type { ErrorReport } from '#shared/errors';
import { formatBytes } from '#shared/lib';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';
import { summary, watch } from './put.ts';

/**
 * Fetches one object to a path or into a folder that is there; or, where the address ends in a slash, all objects below
 * it into a folder, with their structure. The same command again goes on with what is unfinished.
 */
export async function get(
  context: Context,
  uri: string,
  target: string,
  existing: OnExistingFile,
): Promise<ErrorReport | null> {
  const { bucket, key } = parseS3Uri(uri);
  return withEngine(context, { bucket }, async (engine, environment) => {
    const connection = connectionFor(engine, environment, bucket);
    const isPrefix = key === '' || key.endsWith('/');
    const begun = isPrefix
      ? await fetchPrefix(engine.services, connection, key, resolve(target), existing)
      : await fetchObject(engine.services, connection, key, await fileFor(target, key), existing);
    for (const { error } of begun.refused) context.printer.error(error);
    const end = Promise.resolve({ ...begun, leftOut: NOTHING_LEFT_OUT });
    const done =
      begun.transferIds.length === 0
        ? []
        : (await watch(context, engine, { sessionId: begun.sessionId, end })).done;
    report(context, engine, done, begun.refused);
    const failed = done.map(({ state }) => state).find((state) => state.kind === 'failed');
    return failed?.error ?? begun.refused[0]?.error ?? null;
  });
}

/** A path is taken as it was typed; into a folder, the object goes under its own name. */
async function fileFor(target: string, key: string): Promise<string> {
  const isFolder =
    target.endsWith('/') ||
    target.endsWith(sep) ||
    (await stat(target).catch(() => null))?.isDirectory() === true;
  return resolve(isFolder ? join(target, localName(basename(key))) : target);
}

function report(
  { printer }: Context,
  engine: Engine,
  done: readonly Transfer[],
  refused: Begun['refused'],
): void {
  const { transfers } = engine.services;
  const files = done.map((transfer) => ({
    ...summary(transfer),
    notice: transfer.notice,
    receipt: transfer.state.kind === 'done' ? transfers.receipt(transfer.id) : null,
  }));
  const lines = done.flatMap((transfer) => {
    if (transfer.state.kind !== 'done' || transfer.source.kind !== 'object') return [];
    const { proven, parts } = transfers.receipt(transfer.id);
    const kept = parts.kept === 0 ? '' : `, ${parts.kept} of ${parts.count} ranges were here before`;
    return [
      `s3://${transfer.bucket}/${transfer.key} -> ${transfer.source.path}`,
      `  proven: ${formatBytes(transfer.size)}${kept}; ${proven.at(-1) ?? ''}`,
      ...(transfer.notice === null ? [] : [`  note: ${transfer.notice.message}`]),
    ];
  });
  for (const { state } of done) if (state.kind === 'failed') printer.error(state.error);
  printer.result({ files, refused }, lines);
}

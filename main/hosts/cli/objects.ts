import { parseS3Uri } from '#main/storage';
import { sluiceError, type ErrorReport } from '#shared/errors';
import { formatBytes } from '#shared/lib';
import { withEngine, type Context } from './context.ts';
import { connectionFor } from './destination.ts';

/** Lists what is in a bucket, or under a prefix of it. */
export async function ls(context: Context, uri: string | undefined): Promise<void> {
  const at = uri === undefined ? null : parseS3Uri(uri);
  await withEngine(context, { bucket: at?.bucket ?? null }, async (engine, environment) => {
    const { connections } = engine.services;
    const connection = connectionFor(engine, environment, at?.bucket ?? null);
    const store = await connections.store(connection.id);
    const objects: { key: string; size: number; modified: string; uri: string }[] = [];
    for await (const { key, size, modified } of store.list(at?.key ?? '')) {
      objects.push({
        key,
        size,
        modified: new Date(modified).toISOString(),
        uri: `s3://${connection.bucket}/${key}`,
      });
    }
    const width = Math.max(0, ...objects.map(({ size }) => formatBytes(size).length));
    const lines = objects.map(
      (object) => `${object.modified}  ${formatBytes(object.size).padStart(width)}  ${object.uri}`,
    );
    context.printer.result({ bucket: connection.bucket, objects }, lines);
  });
}

const SIGNS = { ok: 'ok  ', warning: 'note', failed: 'FAIL', skipped: 'skip' } as const;

/** Asks a store all that an upload will need. @returns an error where something failed */
export async function doctor(context: Context, uri: string | undefined): Promise<ErrorReport | null> {
  const bucket = uri === undefined ? null : parseS3Uri(uri).bucket;
  return withEngine(context, { bucket }, async (engine, environment) => {
    const connection = connectionFor(engine, environment, bucket);
    const findings = await engine.services.connections.doctor(connection.id);
    const lines = findings.flatMap(({ outcome, check, sentence, hint }) => [
      `${SIGNS[outcome]}  ${check.padEnd(11)} ${sentence}`,
      ...(hint === '' ? [] : [`                  ${hint}`]),
    ]);
    const { name, endpoint, region } = connection;
    context.printer.result({ connection: { name, endpoint, region, bucket: connection.bucket }, findings }, [
      `${name}: s3://${connection.bucket} at ${endpoint ?? `AWS ${region}`}`,
      ...lines,
    ]);
    const failed = findings.find(({ outcome }) => outcome === 'failed');
    return failed === undefined
      ? null
      : sluiceError('STORE_REFUSED', { code: failed.check, reason: failed.sentence }).report();
  });
}

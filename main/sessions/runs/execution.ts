import type { TransferRecord } from '#main/journal';
import type { TableSource } from '#main/tables';
import type { RunCounts } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { outputsOf, plannedFiles, store, uploaded } from './storing.ts';
import type { RunsOptions, Told } from './tools.ts';

/**
 * The steps of a run: fetch, load, transform, write, check, upload, finish. One that was cut off begins anew with the
 * same files, and from the uploads on where these were begun; either way there is one result.
 */
export async function execute(
  options: RunsOptions,
  told: Told,
  hasRoom: () => Promise<void>,
  signal: AbortSignal,
): Promise<RunCounts> {
  const begun = outputsOf(options, told.run());
  const { counts } = told.run();
  const [made, known] =
    begun.length > 0 && counts !== null ? [begun, counts] : await transformed(options, told, hasRoom, signal);
  told.move({ kind: 'uploading' });
  await uploaded(options, told, made, signal);
  told.move({ kind: 'finishing' });
  for (const output of outputsOf(options, told.run())) told.output(output);
  // From here on nothing of it is to be taken back.
  options.journal.runs.savePlanned(told.run().id, null);
  return known;
}

async function transformed(
  options: RunsOptions,
  told: Told,
  hasRoom: () => Promise<void>,
  signal: AbortSignal,
) {
  const { copies, tables, journal } = options;
  const run = told.run();
  const source = sourceOf(options, run.transferId);
  told.move({ kind: 'fetching' });
  await hasRoom();
  const path = await copies.path(source, signal, (done, total) => told.progress(done, total));
  const inputs: Record<string, TableSource> = {};
  for (const [name, transferId] of Object.entries(run.inputs)) {
    const other = await copies.path(sourceOf(options, transferId), signal);
    const { readings, fixes } = journal;
    inputs[name] = { path: other, reading: readings.of(transferId), fixes: fixes.of(transferId) };
  }
  signal.throwIfAborted();

  const planned = plannedFiles(options, run);
  for (const { id } of planned) await copies.prepare(id);
  told.move({ kind: 'loading' });
  const { counts, sql, outputs } = await tables.run({
    source: { path, reading: run.reading, fixes: journal.runs.fixesOf(run.id) },
    recipe: run.recipe,
    inputs,
    outputs: planned.map(({ id, name, format }) => ({ format, path: copies.pathFor(id, name) })),
    options: run.options,
    signal,
    onPhase: (phase, fraction) => {
      if (signal.aborted) return;
      if (phase !== told.run().state.kind) told.move({ kind: phase });
      if (fraction !== null) told.progress(fraction * source.size, source.size);
    },
  });
  signal.throwIfAborted();
  if (told.run().state.kind !== 'checking') told.move({ kind: 'checking' });
  journal.runs.saveResult(run.id, counts, sql);
  return [store(options, told, source, planned, outputs), counts] as const;
}

/** @throws NOT_FOUND */
export function sourceOf({ journal }: Pick<RunsOptions, 'journal'>, transferId: string): TransferRecord {
  const record = journal.transfers.get(transferId);
  if (record === null) throw sluiceError('NOT_FOUND', { what: 'such file' });
  return record;
}

import { randomUUID } from 'node:crypto';
import { parse, resolve } from 'node:path';
import type { PlannedFile, TransferRecord } from '#main/journal';
import type { WrittenOutput } from '#main/tables';
import type { Output, Run } from '#shared/domain';
import { SluiceError, sluiceError } from '#shared/errors';
import { planFile } from '../intake.ts';
import { abortable } from './abortable.ts';
import type { RunsOptions, Told } from './tools.ts';

/**
 * The files a run makes. They are journalled before the first of them is made, so that a run that is cut off and begun
 * anew writes the same ones, and one that is undone leaves none.
 */
export function plannedFiles({ journal }: RunsOptions, run: Run): readonly PlannedFile[] {
  const known = journal.runs.planned(run.id);
  if (known !== null) return known;
  const slug = run.recipe.name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const planned = run.formats.map((format) => ({
    id: randomUUID(),
    format,
    name: `${parse(run.sourceName).name}.${slug === '' ? 'recipe' : slug}.${format}`,
  }));
  journal.runs.savePlanned(run.id, planned);
  return planned;
}

/** Journals the outputs with their uploads, which then start. */
export function store(
  options: RunsOptions,
  told: Told,
  source: TransferRecord,
  planned: readonly PlannedFile[],
  written: readonly WrittenOutput[],
): readonly Output[] {
  const { journal, sessions, connections, transfers, clock, copies } = options;
  const run = told.run();
  const place = {
    session: sessions.record(run.sessionId),
    connection: connections.get(source.connectionId),
    keys: 'session',
    partSize: null,
    clock,
  } as const;
  const made = planned.map(({ id, format, name }) => {
    const path = copies.pathFor(id, name);
    const file = written.find((one) => one.path === resolve(path));
    if (file === undefined) throw new TypeError(`${name} was planned and not written`);
    const { rows, size, crc32, defused, notes } = file;
    const upload = planFile({ name, relativePath: name, size }, { kind: 'output', path }, 'processed', place);
    const output: Output = {
      id,
      sessionId: run.sessionId,
      runId: run.id,
      transferId: upload.id,
      name,
      format,
      rows,
      size,
      crc32,
      bucket: upload.bucket,
      key: upload.key,
      defused,
      notes: [...notes],
      stored: false,
      createdAt: clock.now(),
    };
    return { output, upload };
  });
  const outputs = made.map(({ output }) => output);
  const uploads = made.map(({ upload }) => upload);
  transfers.add(uploads, () => journal.addOutputs(outputs, uploads));
  for (const output of outputs) told.output(output);
  return outputs;
}

export function outputsOf({ journal }: RunsOptions, run: Run): readonly Output[] {
  return journal.outputs.list(run.sessionId).filter(({ runId }) => runId === run.id);
}

/** Waits until every output is proven to be in the bucket, with the bytes that were written. */
export async function uploaded(
  { transfers, journal }: RunsOptions,
  told: Told,
  made: readonly Output[],
  signal: AbortSignal,
): Promise<void> {
  const total = made.reduce((sum, { size }) => sum + size, 0);
  const ids = new Set(made.map(({ transferId }) => transferId));
  const sent = (): number =>
    made.reduce((sum, { transferId }) => sum + transfers.view(transferId).progress.committed, 0);
  const stop = transfers.onChange((id) => {
    if (ids.has(id)) told.progress(sent(), total);
  });
  try {
    for (const { transferId, crc32, key } of made) {
      const state = await abortable(transfers.settled(transferId), signal);
      if (state.kind === 'failed') throw new SluiceError(state.error.code, state.error.details);
      if (state.kind !== 'done') throw sluiceError('CANCELLED', {});
      const proof = journal.transfers.receipt(transferId);
      if (proof !== null && proof.crc32 !== crc32) {
        const reason = `it holds CRC-32 ${proof.crc32} instead of ${crc32}`;
        throw sluiceError('VERIFY_FAILED', { key, reason });
      }
    }
  } finally {
    stop();
  }
}

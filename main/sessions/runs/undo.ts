import type { Run } from '#shared/domain';
import { outputsOf } from './storing.ts';
import type { RunsOptions, Told } from './tools.ts';

/**
 * Takes away what a run that failed or was cancelled made: files on this disk, and objects in the bucket. What is to be
 * taken away was journalled before it was made, so that the next start finishes what this process does not.
 */
export async function undo(options: RunsOptions, told: Told, run: Run): Promise<void> {
  const { journal, transfers, copies, clock } = options;
  const planned = journal.runs.planned(run.id);
  if (planned === null) return;
  const made = outputsOf(options, run);
  for (const output of made) {
    await transfers.takeBack(output.transferId);
    journal.outputs.remove(output.id);
    told.outputRemoved(output);
  }
  await copies.forget(planned.map(({ id }) => id));
  journal.runs.savePlanned(run.id, null);
  if (made.length === 0) return;
  journal.activity.add({
    at: clock.now(),
    sessionId: run.sessionId,
    action: 'undo',
    subject: run.sourceName,
    outcome: 'ok',
    detail: `${made.length} outputs taken away`,
  });
}

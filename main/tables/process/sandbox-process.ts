import { sluiceError, toSluiceError } from '#shared/errors';
import { residentLimitMb, runSandboxed, type SandboxJob } from '../guard/index.ts';
import type { Response, SandboxOutcome } from '../protocol.ts';

/** So often memory is looked at. DuckDB works in other threads, so that this one is free to. ms */
const LOOK = 25;

/** The whole life of a process that runs SQL of a person: one job, one answer. Whoever started it ends it. */
export async function answerSandbox(job: SandboxJob, send: (response: Response) => void): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  const before = process.memoryUsage.rss() / 1_000_000;
  const most = before + residentLimitMb(job.memoryLimitMb);
  let told = false;
  const tell = (outcome: SandboxOutcome): void => {
    if (told) return;
    told = true;
    send({ kind: 'sandboxed', outcome });
  };
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() / 1_000_000 < most) return;
    tell({ kind: 'failed', error: sluiceError('QUERY_MEMORY', { limitMb: job.memoryLimitMb }).report() });
    // The answer is on its way; a query that allocates in one piece hears nothing else.
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), 20);
  }, LOOK);
  try {
    tell({ kind: 'done', result: await runSandboxed(job) });
  } catch (error) {
    tell({ kind: 'failed', error: toSluiceError(error).report() });
  } finally {
    clearInterval(timer);
  }
}

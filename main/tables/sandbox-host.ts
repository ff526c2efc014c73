import type { ChildChannel, LaunchTables } from '#main/ports';
import { sluiceError, toSluiceError } from '#shared/errors';
import type { SandboxJob } from './guard/index.ts';
import type { Request, Response, SandboxOutcome } from './protocol.ts';

/** A process that is asked to stop and runs native code does not hear it; it is killed. */
interface Running {
  readonly channel: ChildChannel;
  readonly end: (outcome: SandboxOutcome) => void;
}

/** Runs SQL of people, each time in a process of its own that is killed when it is done, too late, or not wanted any more. */
export class SandboxHost {
  readonly #launch: LaunchTables;
  readonly #running = new Map<number, Running>();

  constructor(launch: LaunchTables) {
    this.#launch = launch;
  }

  /** Never rejects: what went wrong is the outcome. */
  run(id: number, job: SandboxJob): Promise<SandboxOutcome> {
    return new Promise((resolve) => {
      const failed = (error: unknown): SandboxOutcome => ({
        kind: 'failed',
        error: toSluiceError(error).report(),
      });
      const channel = this.#launch({ bare: true });
      const end = (outcome: SandboxOutcome): void => {
        clearTimeout(deadline);
        this.#running.delete(id);
        channel.kill();
        resolve(outcome);
      };
      const deadline = setTimeout(
        () => end(failed(sluiceError('QUERY_TIMEOUT', { seconds: job.seconds }))),
        job.seconds * 1000,
      );
      this.#running.set(id, { channel, end });
      channel.onMessage((message) => {
        const response = message as Response;
        if (response.kind === 'sandboxed') end(response.outcome);
      });
      channel.onExit((how) => end(failed(sluiceError('TABLES_CRASHED', { reason: how }))));
      channel.send({ kind: 'sandbox', job } satisfies Request);
    });
  }

  stop(id: number): void {
    this.#running.get(id)?.end({ kind: 'failed', error: sluiceError('CANCELLED', {}).report() });
  }

  stopAll(): void {
    for (const id of this.#running.keys()) this.stop(id);
  }
}

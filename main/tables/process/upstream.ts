import { fromReport, sluiceError } from '#shared/errors';
import type { SandboxJob, SandboxResult } from '../guard/index.ts';
import type { Response, SandboxOutcome } from '../protocol.ts';

/** What this process asks of the one that started it: to run SQL of a person in another. */
export class Upstream {
  readonly #send: (response: Response) => void;
  readonly #waiting = new Map<number, (outcome: SandboxOutcome) => void>();
  #nextId = 1;

  constructor(send: (response: Response) => void) {
    this.#send = send;
  }

  run(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult> {
    if (signal.aborted) return Promise.reject(sluiceError('CANCELLED', {}));
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      const stop = (): void => this.#send({ kind: 'stop-sandbox', id });
      signal.addEventListener('abort', stop, { once: true });
      this.#waiting.set(id, (outcome) => {
        signal.removeEventListener('abort', stop);
        if (outcome.kind === 'done') resolve(outcome.result);
        else reject(fromReport(outcome.error));
      });
      this.#send({ kind: 'sandbox', id, job });
    });
  }

  answered(id: number, outcome: SandboxOutcome): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.(outcome);
  }
}

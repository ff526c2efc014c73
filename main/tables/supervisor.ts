import type { ChildChannel, LaunchTables, Log } from '#main/ports';
import { fromReport, sluiceError, type SluiceError } from '#shared/errors';
import { SandboxHost } from './sandbox-host.ts';
import {
  OVER_MEMORY,
  type Calls,
  type CallName,
  type ProcessOptions,
  type Progress,
  type Request,
  type Response,
} from './protocol.ts';

interface Pending {
  readonly id: number;
  readonly name: CallName;
  readonly input: Calls[CallName]['input'];
  readonly onProgress: (progress: Progress) => void;
  readonly resolve: (output: never) => void;
  readonly reject: (error: SluiceError) => void;
  cancelled: boolean;
}

/** So long a call may take to stop once it is cancelled. ms */
const STOP_WITHIN = 1000;

/**
 * Keeps the process of tables: started with the first call, started again after it died. Calls in flight when it dies fail
 * with TABLES_CRASHED; when it had to be killed to stop one of them, the others are asked again.
 */
export class Supervisor {
  readonly #launch: LaunchTables;
  #options: ProcessOptions;
  readonly #log: Log;
  readonly #sandboxes: SandboxHost;
  readonly #pending = new Map<number, Pending>();
  #channel: ChildChannel | null = null;
  /** The process that runs has other options than those that hold now. */
  #stale = false;
  #killing = false;
  #closed = false;
  #nextId = 1;

  constructor(launch: LaunchTables, options: ProcessOptions, log: Log) {
    this.#launch = launch;
    this.#options = options;
    this.#log = log;
    this.#sandboxes = new SandboxHost(launch);
  }

  get pid(): number | undefined {
    return this.#channel?.pid;
  }

  call<N extends CallName>(
    name: N,
    input: Calls[N]['input'],
    signal: AbortSignal | undefined,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<Calls[N]['output']> {
    if (signal?.aborted === true) return Promise.reject(sluiceError('CANCELLED', {}));
    if (this.#closed) return Promise.reject(sluiceError('TABLES_CRASHED', { reason: 'it was closed' }));
    return new Promise((resolve, reject) => {
      const id = this.#nextId;
      this.#nextId += 1;
      let timer: NodeJS.Timeout | undefined;
      const cancel = (): void => {
        const call = this.#pending.get(id);
        if (call === undefined) return;
        call.cancelled = true;
        this.#channel?.send({ kind: 'cancel', id } satisfies Request);
        timer = setTimeout(() => this.#killToStop(id), STOP_WITHIN);
      };
      const settle = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', cancel);
      };
      signal?.addEventListener('abort', cancel, { once: true });
      const pending: Pending = {
        id,
        name,
        input,
        onProgress,
        cancelled: false,
        resolve: (output) => {
          settle();
          resolve(output);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      };
      this.#pending.set(id, pending);
      this.#ask(pending);
    });
  }

  /** From its next start on. A process that has nothing to do ends for that, one that works when it is done. */
  configure(options: ProcessOptions): void {
    this.#options = options;
    this.#stale = this.#channel !== null;
    this.#endIfStale();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const channel = this.#channel;
    if (channel === null) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => channel.kill(), STOP_WITHIN);
      channel.onExit(() => {
        clearTimeout(timer);
        resolve();
      });
      channel.send({ kind: 'close' } satisfies Request);
    });
  }

  #ask({ id, name, input }: Pending): void {
    this.#start().send({ kind: 'call', id, name, input } satisfies Request);
  }

  #start(): ChildChannel {
    if (this.#channel !== null) return this.#channel;
    const channel = this.#launch();
    this.#channel = channel;
    channel.onMessage((message) => this.#receive(message as Response));
    channel.onExit((how) => this.#ended(channel, how));
    channel.send({ kind: 'open', options: this.#options } satisfies Request);
    return channel;
  }

  #receive(response: Response): void {
    switch (response.kind) {
      case 'sandbox': {
        const channel = this.#channel;
        const { id, job } = response;
        void this.#sandboxes
          .run(id, job)
          .then((outcome) => channel?.send({ kind: 'sandboxed', id, outcome } satisfies Request));
        return;
      }
      case 'stop-sandbox':
        this.#sandboxes.stop(response.id);
        return;
      case 'sandboxed':
        return;
      default:
        this.#answered(response);
    }
  }

  #answered(response: Extract<Response, { kind: 'done' | 'failed' | 'progress' }>): void {
    const call = this.#pending.get(response.id);
    if (call === undefined) return;
    if (response.kind === 'progress') {
      if (!call.cancelled) call.onProgress(response.progress);
      return;
    }
    this.#pending.delete(response.id);
    this.#endIfStale();
    if (call.cancelled) return call.reject(sluiceError('CANCELLED', {}));
    if (response.kind === 'done') return call.resolve(response.output as never);
    if (response.error.code === 'BUG')
      this.#log.error(`tables: ${call.name} failed`, new Error(response.cause));
    return call.reject(fromReport(response.error));
  }

  #endIfStale(): void {
    const channel = this.#channel;
    if (!this.#stale || this.#pending.size > 0 || channel === null) return;
    this.#stale = false;
    this.#channel = null;
    const timer = setTimeout(() => channel.kill(), STOP_WITHIN);
    channel.onExit(() => clearTimeout(timer));
    channel.send({ kind: 'close' } satisfies Request);
  }

  #killToStop(id: number): void {
    if (!this.#pending.has(id)) return;
    this.#killing = true;
    this.#channel?.kill();
  }

  #ended(channel: ChildChannel, how: string): void {
    if (this.#channel !== channel) return;
    this.#channel = null;
    this.#sandboxes.stopAll();
    const stopped = this.#killing;
    this.#killing = false;
    this.#stale = false;
    const calls = [...this.#pending.values()];
    const again = stopped && !this.#closed ? calls.filter(({ cancelled }) => !cancelled) : [];
    for (const call of calls) {
      if (again.includes(call)) continue;
      this.#pending.delete(call.id);
      call.reject(call.cancelled || this.#closed ? sluiceError('CANCELLED', {}) : this.#died(how));
    }
    if (!stopped && !this.#closed) this.#log.error('tables: the process ended', new Error(how));
    for (const call of again) this.#ask(call);
  }

  #died(how: string): SluiceError {
    return how === `code ${OVER_MEMORY}`
      ? sluiceError('TABLES_MEMORY', { limitMb: this.#options.memoryLimitMb })
      : sluiceError('TABLES_CRASHED', { reason: how });
  }
}

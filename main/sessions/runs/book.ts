import type { Output, Progress, Run, RunState } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { Pace } from './pace.ts';
import { isOver, mayFollow } from './state.ts';
import type { RunsOptions } from './tools.ts';

interface Live {
  readonly pace: Pace;
  progress: Progress | null;
}

/** Where each run stands: what the journal has of it, how far the step is that it is in, and who is told. */
export class RunBook {
  readonly #options: RunsOptions;
  readonly #live = new Map<string, Live>();
  readonly #listeners = new Set<(run: Run) => void>();
  readonly #outputListeners = new Set<(output: Output, removed: boolean) => void>();

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  onChange(listener: (run: Run) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onOutput(listener: (output: Output, removed: boolean) => void): () => void {
    this.#outputListeners.add(listener);
    return () => this.#outputListeners.delete(listener);
  }

  /** @throws NOT_FOUND */
  get(id: string): Run {
    const run = this.#options.journal.runs.get(id);
    if (run === null) throw sluiceError('NOT_FOUND', { what: 'such run' });
    return this.#withProgress(run);
  }

  list(sessionId: string): readonly Run[] {
    return this.#options.journal.runs.list(sessionId).map((run) => this.#withProgress(run));
  }

  /** It is executed from now on. */
  begin(id: string): void {
    this.#live.set(id, { pace: new Pace(this.#options.clock), progress: null });
  }

  end(id: string): void {
    this.#live.delete(id);
  }

  /** Journals a state, and tells it. */
  move(id: string, state: RunState): void {
    const from = this.get(id).state.kind;
    if (!mayFollow(from, state.kind)) throw new TypeError(`${from} cannot become ${state.kind}`);
    const live = this.#live.get(id);
    if (live !== undefined && from !== state.kind) live.progress = null;
    this.#options.journal.runs.saveState(id, state, isOver(state) ? this.#options.clock.now() : null);
    this.tell(id);
  }

  /** How far the step is that it is in. bytes */
  progress(id: string, done: number, total: number): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    live.progress = live.pace.at(this.get(id).state.kind, done, total);
    this.tell(id);
  }

  tell(id: string): void {
    const run = this.get(id);
    for (const listener of this.#listeners) listener(run);
  }

  tellOutput(output: Output, removed: boolean): void {
    for (const listener of this.#outputListeners) listener(output, removed);
  }

  /** Into the trail of what was done. */
  note(id: string, outcome: 'ok' | 'failed' | 'cancelled', detail: string): void {
    const { sessionId, sourceName: subject } = this.get(id);
    const at = this.#options.clock.now();
    this.#options.journal.activity.add({ at, sessionId, action: 'run', subject, outcome, detail });
  }

  #withProgress(run: Run): Run {
    return { ...run, progress: isOver(run.state) ? null : (this.#live.get(run.id)?.progress ?? null) };
  }
}

import { randomUUID } from 'node:crypto';
import {
  PLAIN_OUTPUTS,
  type Output,
  type OutputFormat,
  type OutputOptions,
  type Progress,
  type Recipe,
  type Run,
  type RunState,
} from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError } from '#shared/errors';
import { formatCount } from '#shared/lib';
import { BUILTIN_CONNECTION } from '#main/storage';
import { execute, sourceOf } from './execution.ts';
import { Pace } from './pace.ts';
import { assertRunHasRoom, type RunNeeds } from './room.ts';
import { isOver, mayFollow } from './state.ts';
import type { RunsOptions, Told } from './tools.ts';
import { undo } from './undo.ts';

interface Live {
  readonly controller: AbortController;
  readonly pace: Pace;
  progress: Progress | null;
  needs: RunNeeds | null;
  done: Promise<void>;
}

export interface NewRun {
  readonly transferId: string;
  readonly recipe: Recipe;
  /** Other files of its session that the recipe takes rows from, by the names it has for them. */
  readonly inputs?: Run['inputs'];
  readonly formats: readonly OutputFormat[];
  readonly options?: OutputOptions;
  /** The flow that begins it. */
  readonly flow?: Run['flow'];
}

const CANCELLED = Symbol('cancelled');
const CLOSING = Symbol('closing');

/**
 * Executions of recipes over the files of sessions: who runs and who waits. What was cut off by the end of the process
 * is begun anew, since the same input and recipe give the same output.
 */
export class Runs {
  readonly #options: RunsOptions;
  readonly #live = new Map<string, Live>();
  readonly #undoing = new Map<string, Promise<void>>();
  readonly #waiting: string[] = [];
  readonly #listeners = new Set<(run: Run) => void>();
  readonly #outputListeners = new Set<(output: Output, removed: boolean) => void>();
  #closing = false;

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

  /** Begins anew what an earlier process was cut off in, and takes away what it still had to take away. */
  restore(): void {
    const { runs } = this.#options.journal;
    for (const run of runs.notUndone()) void this.#undo(run);
    for (const run of runs.unfinished()) {
      if (run.state.kind !== 'queued') this.#setState(run.id, { kind: 'queued' });
      this.#enqueue(run.id);
    }
  }

  /** @throws NOT_FOUND */
  start({ transferId, recipe, inputs = {}, formats, options = PLAIN_OUTPUTS, flow = null }: NewRun): Run {
    const source = sourceOf(this.#options, transferId);
    for (const other of Object.values(inputs)) sourceOf(this.#options, other);
    const run: Run = {
      id: randomUUID(),
      sessionId: source.sessionId,
      transferId,
      sourceName: source.name,
      reading: this.#options.journal.readings.of(transferId),
      recipe,
      inputs,
      formats: [...new Set(formats)],
      options,
      flow,
      state: { kind: 'queued' },
      progress: null,
      counts: null,
      sql: null,
      createdAt: this.#options.clock.now(),
      finishedAt: null,
    };
    const { runs, fixes } = this.#options.journal;
    runs.insert(run, fixes.of(transferId));
    this.#enqueue(run.id);
    return run;
  }

  list(sessionId: string): readonly Run[] {
    return this.#options.journal.runs.list(sessionId).map((run) => this.#withProgress(run));
  }

  /** Stops at once; what it made is taken away. Throws NOT_FOUND, UPLOAD_STATE. */
  cancel(id: string): Run {
    const { state } = this.#get(id);
    if (isOver(state)) throw sluiceError('UPLOAD_STATE', { action: 'be cancelled', state: state.kind });
    this.#setState(id, { kind: 'cancelled' });
    this.#note(id, 'cancelled', '');
    const live = this.#live.get(id);
    if (live === undefined) void this.#undo(this.#get(id));
    else live.controller.abort(CANCELLED);
    return this.#get(id);
  }

  /** Cancels what runs over a session that goes; resolves once nothing of it is left. */
  async cancelAll(sessionId: string): Promise<void> {
    const all = this.list(sessionId);
    const done = all.flatMap(({ id }) => this.#live.get(id)?.done ?? []);
    for (const run of all) if (!isOver(run.state)) this.cancel(run.id);
    await Promise.all(done);
    await Promise.all(all.flatMap(({ id }) => this.#undoing.get(id) ?? []));
  }

  /** After the number of runs at once was changed. */
  look(): void {
    this.#startMore();
  }

  async close(): Promise<void> {
    this.#closing = true;
    const running = [...this.#live.values()];
    for (const { controller } of running) controller.abort(CLOSING);
    await Promise.all(running.map(({ done }) => done));
    await Promise.all(this.#undoing.values());
  }

  #get(id: string): Run {
    const run = this.#options.journal.runs.get(id);
    if (run === null) throw sluiceError('NOT_FOUND', { what: 'such run' });
    return this.#withProgress(run);
  }

  #withProgress(run: Run): Run {
    return { ...run, progress: isOver(run.state) ? null : (this.#live.get(run.id)?.progress ?? null) };
  }

  #tell(id: string): void {
    const run = this.#get(id);
    for (const listener of this.#listeners) listener(run);
  }

  #setState(id: string, state: RunState): void {
    const from = this.#get(id).state.kind;
    if (!mayFollow(from, state.kind)) throw new TypeError(`${from} cannot become ${state.kind}`);
    const live = this.#live.get(id);
    if (live !== undefined && from !== state.kind) live.progress = null;
    this.#options.journal.runs.saveState(id, state, isOver(state) ? this.#options.clock.now() : null);
    this.#tell(id);
  }

  #enqueue(id: string): void {
    this.#waiting.push(id);
    this.#tell(id);
    this.#startMore();
  }

  #startMore(): void {
    while (!this.#closing && this.#live.size < this.#options.journal.settings.tables().runsAtOnce) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      if (isOver(this.#get(id).state)) continue; // cancelled while it waited
      const { clock } = this.#options;
      const live: Live = {
        controller: new AbortController(),
        pace: new Pace(clock),
        progress: null,
        needs: null,
        done: Promise.resolve(),
      };
      this.#live.set(id, live);
      live.done = this.#run(id, live).finally(() => {
        this.#live.delete(id);
        this.#startMore();
      });
    }
  }

  async #run(id: string, live: Live): Promise<void> {
    const { signal } = live.controller;
    try {
      const counts = await execute(
        this.#options,
        this.#told(id, live),
        () => this.#hasRoom(id, live),
        signal,
      );
      this.#setState(id, { kind: 'done' });
      const { sourceName, sessionId, flow } = this.#get(id);
      const by = flow === null ? '' : `, by flow ${flow.name}`;
      this.#note(id, 'ok', `${counts.rowsIn} rows in, ${counts.rowsOut} out${by}`);
      const body = `${formatCount(counts.rowsOut)} rows, ${formatCount(counts.duplicates)} duplicates, ${formatCount(counts.rejected)} rejected`;
      this.#options.notifier.notify(`${sourceName} is clean`, body, sessionId);
    } catch (error) {
      // Cut off by the end of the process, it is begun anew next time.
      if (signal.reason === CLOSING) return;
      if (signal.reason !== CANCELLED) this.#failed(id, error);
      await this.#undo(this.#get(id));
    }
  }

  #failed(id: string, error: unknown): void {
    const failure = toSluiceError(error);
    if (!isSluiceError(error)) this.#options.log.error(`run ${id} failed`, error);
    this.#setState(id, { kind: 'failed', error: failure.report() });
    this.#note(id, 'failed', failure.code);
  }

  #undo(run: Run): Promise<void> {
    const undoing = undo(this.#options, this.#told(run.id, null), run)
      .catch((error: unknown) => {
        this.#options.log.error(`what run ${run.id} made is not taken away yet`, error); // and is by the next start
      })
      .finally(() => this.#undoing.delete(run.id));
    this.#undoing.set(run.id, undoing);
    return undoing;
  }

  #told(id: string, live: Live | null): Told {
    return {
      run: () => this.#get(id),
      move: (state) => {
        live?.controller.signal.throwIfAborted();
        this.#setState(id, state);
      },
      progress: (done, total) => {
        if (live === null || live.controller.signal.aborted) return;
        live.progress = live.pace.at(this.#get(id).state.kind, done, total);
        this.#tell(id);
      },
      output: (output) => this.#tellOutput(output, false),
      outputRemoved: (output) => this.#tellOutput(output, true),
    };
  }

  #tellOutput(output: Output, removed: boolean): void {
    for (const listener of this.#outputListeners) listener(output, removed);
  }

  async #hasRoom(id: string, live: Live): Promise<void> {
    const { copies } = this.#options;
    const { formats, transferId } = this.#get(id);
    const source = sourceOf(this.#options, transferId);
    live.needs = {
      size: source.size,
      fetched: !(await copies.isHere(source)),
      formats,
      keptHere: source.connectionId === BUILTIN_CONNECTION,
    };
    const others = [...this.#live.values()].flatMap((other) =>
      other === live || other.needs === null ? [] : other.needs,
    );
    await assertRunHasRoom(copies.pathFor(id, source.name), live.needs, others);
  }

  #note(id: string, outcome: 'ok' | 'failed' | 'cancelled', detail: string): void {
    const { sessionId, sourceName } = this.#get(id);
    const at = this.#options.clock.now();
    this.#options.journal.activity.add({
      at,
      sessionId,
      action: 'run',
      subject: sourceName,
      outcome,
      detail,
    });
  }
}

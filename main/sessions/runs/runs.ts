import { randomUUID } from 'node:crypto';
import {
  PLAIN_OUTPUTS,
  type Output,
  type OutputFormat,
  type OutputOptions,
  type Recipe,
  type Run,
} from '#shared/domain';
import { isSluiceError, sluiceError, toSluiceError } from '#shared/errors';
import { formatCount } from '#shared/lib';
import { BUILTIN_CONNECTION } from '#main/storage';
import { RunBook } from './book.ts';
import { execute, sourceOf } from './execution.ts';
import { assertRunHasRoom, type RunNeeds } from './room.ts';
import { isOver } from './state.ts';
import type { RunsOptions, Told } from './tools.ts';
import { undo } from './undo.ts';

interface Live {
  readonly controller: AbortController;
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
  readonly #book: RunBook;
  readonly #live = new Map<string, Live>();
  readonly #undoing = new Map<string, Promise<void>>();
  readonly #waiting: string[] = [];
  #closing = false;

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#book = new RunBook(options);
  }

  onChange(listener: (run: Run) => void): () => void {
    return this.#book.onChange(listener);
  }

  onOutput(listener: (output: Output, removed: boolean) => void): () => void {
    return this.#book.onOutput(listener);
  }

  /** Begins anew what an earlier process was cut off in, and takes away what it still had to take away. */
  restore(): void {
    const { runs } = this.#options.journal;
    for (const run of runs.notUndone()) void this.#undo(run);
    for (const run of runs.unfinished()) {
      if (run.state.kind !== 'queued') this.#book.move(run.id, { kind: 'queued' });
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
    return this.#book.list(sessionId);
  }

  /** Stops at once; what it made is taken away. Throws NOT_FOUND, UPLOAD_STATE. */
  cancel(id: string): Run {
    const { state } = this.#book.get(id);
    if (isOver(state)) throw sluiceError('UPLOAD_STATE', { action: 'be cancelled', state: state.kind });
    this.#book.move(id, { kind: 'cancelled' });
    this.#book.note(id, 'cancelled', '');
    const live = this.#live.get(id);
    if (live === undefined) void this.#undo(this.#book.get(id));
    else live.controller.abort(CANCELLED);
    return this.#book.get(id);
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

  #enqueue(id: string): void {
    this.#waiting.push(id);
    this.#book.tell(id);
    this.#startMore();
  }

  #startMore(): void {
    while (!this.#closing && this.#live.size < this.#options.journal.settings.tables().runsAtOnce) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      if (isOver(this.#book.get(id).state)) continue; // cancelled while it waited
      const live: Live = { controller: new AbortController(), needs: null, done: Promise.resolve() };
      this.#book.begin(id);
      this.#live.set(id, live);
      live.done = this.#run(id, live).finally(() => {
        this.#live.delete(id);
        this.#book.end(id);
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
      this.#book.move(id, { kind: 'done' });
      const { sourceName, sessionId, flow } = this.#book.get(id);
      const by = flow === null ? '' : `, by flow ${flow.name}`;
      this.#book.note(id, 'ok', `${counts.rowsIn} rows in, ${counts.rowsOut} out${by}`);
      const body = `${formatCount(counts.rowsOut)} rows, ${formatCount(counts.duplicates)} duplicates, ${formatCount(counts.rejected)} rejected`;
      this.#options.notifier.notify(`${sourceName} is clean`, body, sessionId);
    } catch (error) {
      // Cut off by the end of the process, it is begun anew next time.
      if (signal.reason === CLOSING) return;
      if (signal.reason !== CANCELLED) this.#failed(id, error);
      await this.#undo(this.#book.get(id));
    }
  }

  #failed(id: string, error: unknown): void {
    const failure = toSluiceError(error);
    if (!isSluiceError(error)) this.#options.log.error(`run ${id} failed`, error);
    this.#book.move(id, { kind: 'failed', error: failure.report() });
    this.#book.note(id, 'failed', failure.code);
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
      run: () => this.#book.get(id),
      move: (state) => {
        live?.controller.signal.throwIfAborted();
        this.#book.move(id, state);
      },
      progress: (done, total) => {
        if (live?.controller.signal.aborted === false) this.#book.progress(id, done, total);
      },
      output: (output) => this.#book.tellOutput(output, false),
      outputRemoved: (output) => this.#book.tellOutput(output, true),
    };
  }

  async #hasRoom(id: string, live: Live): Promise<void> {
    const { copies } = this.#options;
    const { formats, transferId } = this.#book.get(id);
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
}

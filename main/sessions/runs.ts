import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { parse } from 'node:path';
import type { Journal, TransferRecord } from '#main/journal';
import type { Clock, Log, Notifier } from '#main/ports';
import type { Connections } from '#main/storage';
import type { Tables } from '#main/tables';
import type { Transfers } from '#main/transfers';
import type { Output, OutputFormat, Progress, Recipe, Run, RunCounts, RunState } from '#shared/domain';
import { isSluiceError, SluiceError, sluiceError, toSluiceError } from '#shared/errors';
import { encodeCrc32, formatCount } from '#shared/lib';
import { planFile } from './intake.ts';
import { crc32OfFile, type LocalCopies } from './local-copies.ts';
import type { Sessions } from './sessions.ts';

export interface RunsOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly notifier: Notifier;
  readonly connections: Connections;
  readonly sessions: Sessions;
  readonly transfers: Transfers;
  readonly copies: LocalCopies;
  readonly tables: Tables;
}

interface Live {
  readonly controller: AbortController;
  progress: Progress | null;
  readonly done: Promise<void>;
}

interface OutputFile {
  readonly id: string;
  readonly format: OutputFormat;
  readonly name: string;
  readonly path: string;
}

const AT_ONCE = 2;
const CANCELLED = Symbol('cancelled');
const CLOSING = Symbol('closing');

const isOver = (state: RunState): boolean =>
  state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled';

/**
 * Executions of recipes over the files of sessions: bring the bytes here, transform, write, upload, prove. What was cut
 * off by the end of the process is begun anew, since the same input and recipe give the same output.
 */
export class Runs {
  readonly #options: RunsOptions;
  readonly #live = new Map<string, Live>();
  readonly #waiting: string[] = [];
  readonly #listeners = new Set<(run: Run) => void>();
  readonly #outputListeners = new Set<(output: Output) => void>();
  #closing = false;

  constructor(options: RunsOptions) {
    this.#options = options;
  }

  onChange(listener: (run: Run) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  onOutput(listener: (output: Output) => void): () => void {
    this.#outputListeners.add(listener);
    return () => this.#outputListeners.delete(listener);
  }

  /** Begins anew what an earlier process was cut off in. */
  restore(): void {
    for (const run of this.#options.journal.runs.unfinished()) this.#enqueue(run.id);
  }

  /** @throws NOT_FOUND */
  start(transferId: string, recipe: Recipe, formats: readonly OutputFormat[]): Run {
    const source = this.#source(transferId);
    const run: Run = {
      id: randomUUID(),
      sessionId: source.sessionId,
      transferId,
      sourceName: source.name,
      reading: this.#options.journal.readings.of(transferId),
      recipe,
      formats: [...new Set(formats)],
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

  /** @throws NOT_FOUND, UPLOAD_STATE */
  cancel(id: string): Run {
    const run = this.#get(id);
    if (isOver(run.state))
      throw sluiceError('UPLOAD_STATE', { action: 'be cancelled', state: run.state.kind });
    this.#live.get(id)?.controller.abort(CANCELLED);
    this.#setState(id, { kind: 'cancelled' });
    return this.#get(id);
  }

  /** Cancels what runs over a session that goes. */
  async cancelAll(sessionId: string): Promise<void> {
    const running = this.list(sessionId).filter((run) => !isOver(run.state));
    const done = running.flatMap((run) => this.#live.get(run.id)?.done ?? []);
    for (const run of running) this.cancel(run.id);
    await Promise.all(done);
  }

  async close(): Promise<void> {
    this.#closing = true;
    const running = [...this.#live.values()];
    for (const { controller } of running) controller.abort(CLOSING);
    await Promise.all(running.map(({ done }) => done));
  }

  // ---- inside

  #get(id: string): Run {
    const run = this.#options.journal.runs.get(id);
    if (run === null) throw sluiceError('NOT_FOUND', { what: 'such run' });
    return this.#withProgress(run);
  }

  #withProgress(run: Run): Run {
    return { ...run, progress: this.#live.get(run.id)?.progress ?? null };
  }

  #source(transferId: string): TransferRecord {
    const record = this.#options.journal.transfers.get(transferId);
    if (record === null) throw sluiceError('NOT_FOUND', { what: 'such file' });
    return record;
  }

  #tell(id: string): void {
    const run = this.#get(id);
    for (const listener of this.#listeners) listener(run);
  }

  #setState(id: string, state: RunState): void {
    this.#options.journal.runs.saveState(id, state, isOver(state) ? this.#options.clock.now() : null);
    this.#tell(id);
  }

  #enqueue(id: string): void {
    this.#waiting.push(id);
    this.#tell(id);
    this.#startMore();
  }

  #startMore(): void {
    while (!this.#closing && this.#live.size < AT_ONCE) {
      const id = this.#waiting.shift();
      if (id === undefined) return;
      if (isOver(this.#get(id).state)) continue; // cancelled while it waited
      const controller = new AbortController();
      const done = this.#run(id, controller.signal).finally(() => {
        this.#live.delete(id);
        this.#startMore();
      });
      this.#live.set(id, { controller, progress: null, done });
    }
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    await Promise.resolve(); // so that it is listed as live before it does anything
    try {
      const counts = await this.#steps(id, signal);
      this.#setState(id, { kind: 'done' });
      this.#note(id, 'ok', `${counts.rowsIn} rows in, ${counts.rowsOut} out`);
      const { sourceName, sessionId } = this.#get(id);
      const body = `${formatCount(counts.rowsOut)} rows, ${formatCount(counts.duplicates)} duplicates, ${formatCount(counts.rejected)} rejected`;
      this.#options.notifier.notify(`${sourceName} is clean`, body, sessionId);
    } catch (error) {
      if (signal.aborted) return this.#aborted(id, signal);
      const failure = toSluiceError(error);
      if (!isSluiceError(error)) this.#options.log.error(`run ${id} failed`, error);
      this.#setState(id, { kind: 'failed', error: failure.report() });
      this.#note(id, 'failed', failure.code);
    }
  }

  /** A cancelled run leaves nothing in the bucket; one that the process is cut off in is begun anew next time. */
  #aborted(id: string, signal: AbortSignal): void {
    if (signal.reason !== CANCELLED) return;
    this.#note(id, 'cancelled', '');
  }

  async #steps(id: string, signal: AbortSignal): Promise<RunCounts> {
    const made = this.#outputsOf(id);
    const { counts } = this.#get(id);
    // An earlier process got as far as uploading: the uploads go on by themselves.
    if (made.length > 0 && counts !== null) return this.#uploaded(id, made, counts, signal);
    return this.#transform(id, signal);
  }

  async #transform(id: string, signal: AbortSignal): Promise<RunCounts> {
    const { copies, tables, journal } = this.#options;
    const run = this.#get(id);
    const source = this.#source(run.transferId);
    this.#setState(id, { kind: 'fetching' });
    const path = await copies.path(source, signal, (done, total) => this.#progress(id, done, total));
    signal.throwIfAborted();

    const files = await this.#plannedFiles(run);
    this.#setState(id, { kind: 'loading' });
    let phase: RunState['kind'] = 'loading';
    const { counts, sql } = await tables.run({
      source: { path, reading: run.reading, fixes: journal.runs.fixesOf(id) },
      recipe: run.recipe,
      outputs: files.map((file) => ({ format: file.format, path: file.path })),
      signal,
      onPhase: (next, fraction) => {
        if (signal.aborted) return;
        if (next !== phase) {
          phase = next;
          this.#setState(id, { kind: next });
        }
        if (fraction !== null) this.#progress(id, fraction * source.size, source.size);
      },
    });
    signal.throwIfAborted();
    journal.runs.saveResult(id, counts, sql);
    this.#setState(id, { kind: 'uploading' });
    return this.#uploaded(id, await this.#store(run, source, files, counts.rowsOut), counts, signal);
  }

  /** Waits until every output is proven to be in the bucket. */
  async #uploaded(
    id: string,
    made: readonly Output[],
    counts: RunCounts,
    signal: AbortSignal,
  ): Promise<RunCounts> {
    const { transfers } = this.#options;
    const cancelUploads = (): void => {
      if (signal.reason !== CANCELLED) return;
      for (const { transferId } of made) {
        if (transfers.view(transferId).state.kind !== 'done') transfers.cancel(transferId);
      }
    };
    if (signal.aborted) cancelUploads();
    signal.addEventListener('abort', cancelUploads, { once: true });
    for (const { transferId } of made) {
      const state = await abortable(transfers.settled(transferId), signal);
      if (state.kind === 'failed') throw new SluiceError(state.error.code, state.error.details);
      if (state.kind !== 'done') throw sluiceError('CANCELLED', {});
    }
    signal.removeEventListener('abort', cancelUploads);
    for (const output of this.#outputsOf(id)) this.#tellOutput(output);
    return counts;
  }

  #outputsOf(id: string): readonly Output[] {
    return this.#options.journal.outputs.list(this.#get(id).sessionId).filter(({ runId }) => runId === id);
  }

  #tellOutput(output: Output): void {
    for (const listener of this.#outputListeners) listener(output);
  }

  async #plannedFiles(run: Run): Promise<readonly OutputFile[]> {
    const slug = run.recipe.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '');
    return Promise.all(
      run.formats.map(async (format) => {
        const id = randomUUID();
        const name = `${parse(run.sourceName).name}.${slug === '' ? 'recipe' : slug}.${format}`;
        await this.#options.copies.prepare(id);
        return { id, format, name, path: this.#options.copies.pathFor(id, name) };
      }),
    );
  }

  /** Journals the outputs with their uploads, which then start. */
  async #store(
    run: Run,
    source: TransferRecord,
    files: readonly OutputFile[],
    rows: number,
  ): Promise<readonly Output[]> {
    const { journal, sessions, connections, transfers, clock } = this.#options;
    const place = {
      session: sessions.record(run.sessionId),
      connection: connections.get(source.connectionId),
      keys: 'session',
      partSize: null,
      clock,
    } as const;
    const made = await Promise.all(
      files.map(async (file) => {
        const { size } = await stat(file.path);
        const upload = planFile(
          { name: file.name, relativePath: file.name, size },
          { kind: 'output', path: file.path },
          'processed',
          place,
        );
        const output: Output = {
          id: file.id,
          sessionId: run.sessionId,
          runId: run.id,
          transferId: upload.id,
          name: file.name,
          format: file.format,
          rows,
          size,
          crc32: encodeCrc32(await crc32OfFile(file.path)),
          bucket: upload.bucket,
          key: upload.key,
          stored: false,
          createdAt: clock.now(),
        };
        return { output, upload };
      }),
    );
    const outputs = made.map(({ output }) => output);
    const uploads = made.map(({ upload }) => upload);
    transfers.add(uploads, () => journal.addOutputs(outputs, uploads));
    for (const output of outputs) this.#tellOutput(output);
    return outputs;
  }

  #progress(id: string, done: number, total: number): void {
    const live = this.#live.get(id);
    if (live === undefined) return;
    live.progress = {
      committed: Math.min(done, total),
      inFlight: 0,
      total,
      bytesPerSecond: null,
      secondsLeft: null,
    };
    this.#tell(id);
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

/** Rejects with the signal's reason once it aborts, whatever the promise does. */
async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { sluiceError, toSluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import {
  OVER_MEMORY,
  type Calls,
  type CallName,
  type ProcessOptions,
  type Progress,
  type Request,
  type Response,
  type TableSource,
} from '../protocol.ts';
import { chart } from './chart.ts';
import { Database } from './database.ts';
import { facts, keys, relations } from './facts.ts';
import { head } from './head.ts';
import { preview, profile, rejects } from './jobs.ts';
import { LoadedTables } from './loaded.ts';
import { copy, cut, find, load, rows, values, type LookContext } from './look.ts';
import { previewSteps } from './preview-steps.ts';
import { run } from './run.ts';
import { answerSandbox } from './sandbox-process.ts';
import type { RunSandbox } from './sandboxed.ts';
import { suggest } from './suggest.ts';
import { Upstream } from './upstream.ts';
import { Snapshots } from './snapshots.ts';
import { watchMemory } from './watchdog.ts';

/** The end of the process: answers requests, any number at once, until it is closed. */
export class Server {
  readonly #send: (response: Response) => void;
  readonly #exit: () => void;
  readonly #running = new Map<number, AbortController>();
  readonly #upstream: Upstream;
  #options: ProcessOptions | null = null;
  #ready: Promise<LoadedTables> | null = null;
  #database: Promise<Database> | null = null;
  #snapshots: Snapshots | null = null;

  constructor(send: (response: Response) => void, exit: () => void) {
    this.#send = send;
    this.#upstream = new Upstream(send);
    this.#exit = exit;
  }

  receive(request: Request): void {
    switch (request.kind) {
      case 'open':
        this.#options = request.options;
        this.#ready = this.#prepare(request.options);
        watchMemory(
          request.options.memoryLimitMb,
          () => process.memoryUsage.rss(),
          () => process.exit(OVER_MEMORY),
        );
        this.#ready.catch(() => undefined);
        // DuckDB is loaded while the first preview, which does without it, is made.
        setImmediate(() => void this.#open().catch(() => undefined));
        return;
      case 'call':
        void this.#answer(request.id, request.name, request.input);
        return;
      case 'cancel':
        this.#running.get(request.id)?.abort(sluiceError('CANCELLED', {}));
        return;
      case 'close':
        void this.#close();
        return;
      case 'sandboxed':
        this.#upstream.answered(request.id, request.outcome);
        return;
      case 'sandbox':
        void answerSandbox(request.job, this.#send);
        return;
      default:
        assertNever(request);
    }
  }

  async #answer(id: number, name: CallName, input: Calls[CallName]['input']): Promise<void> {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      const output = await this.#call(name, input, controller.signal, (progress) =>
        this.#send({ kind: 'progress', id, progress }),
      );
      this.#send({ kind: 'done', id, output });
    } catch (error) {
      const known = controller.signal.aborted ? sluiceError('CANCELLED', {}, error) : toSluiceError(error);
      const cause =
        known.cause instanceof Error ? (known.cause.stack ?? known.cause.message) : (known.stack ?? '');
      this.#send({ kind: 'failed', id, error: known.report(), cause });
    } finally {
      this.#running.delete(id);
    }
  }

  async #call(
    name: CallName,
    input: unknown,
    signal: AbortSignal,
    tell: (progress: Progress) => void,
  ): Promise<Calls[CallName]['output']> {
    if (this.#ready === null) throw new Error('asked before it was opened');
    const tables = await this.#ready;
    const { source } = input as { source?: TableSource };
    const context = async (): Promise<LookContext> => ({
      tables,
      snapshots: this.#snapshots,
      signal,
      database: await this.#open(),
      fixes: source?.fixes ?? [],
      onRead: (done, total) => tell({ kind: 'bytes', done, total }),
      onLoading: (now) => tell({ kind: 'loading', ...now }),
    });
    const sandbox: RunSandbox = (job) => this.#upstream.run(job, signal);
    switch (name) {
      case 'preview':
        return preview(tables, (input as Calls['preview']['input']).source, signal);
      case 'profile':
        return profile(await context(), (input as Calls['profile']['input']).source);
      case 'rejects': {
        const { source: from, offset, limit } = input as Calls['rejects']['input'];
        return rejects(await context(), from, offset, limit);
      }
      case 'load':
        return load(await context(), (input as Calls['load']['input']).source);
      case 'rows':
        return rows(await context(), input as Calls['rows']['input']);
      case 'find':
        return find(await context(), input as Calls['find']['input']);
      case 'values':
        return values(await context(), input as Calls['values']['input']);
      case 'copy':
        return copy(await context(), input as Calls['copy']['input']);
      case 'cut':
        return cut(tables, input as Calls['cut']['input']);
      case 'previewSteps':
        return previewSteps({ ...(await context()), sandbox }, input as Calls['previewSteps']['input']);
      case 'suggest': {
        const { source: from, target } = input as Calls['suggest']['input'];
        return suggest(await context(), from, target);
      }
      case 'facts': {
        const { source: from, column } = input as Calls['facts']['input'];
        return facts(await context(), from, column);
      }
      case 'relations': {
        const { source: from, target } = input as Calls['relations']['input'];
        return relations(await context(), from, target);
      }
      case 'keys':
        return keys(await context(), (input as Calls['keys']['input']).source);
      case 'chart': {
        const { source: from, chart: spec } = input as Calls['chart']['input'];
        return chart(await context(), from, spec);
      }
      case 'run':
        return run(
          {
            ...(await context()),
            sandbox,
            onPhase: (phase, fraction) => tell({ kind: 'phase', phase, fraction }),
          },
          input as Calls['run']['input'],
        );
      case 'head': {
        const { path, format, rows } = input as Calls['head']['input'];
        return head(() => this.#open(), signal, path, format, rows);
      }
      default:
        return assertNever(name);
    }
  }

  /** What a process that was killed left behind goes first: nobody else works in this folder. */
  async #prepare(options: ProcessOptions): Promise<LoadedTables> {
    const folder = join(options.workFolder, 'clean');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const spill = join(options.workFolder, 'spill');
    const snapshots = join(options.workFolder, 'snapshots');
    await mkdir(snapshots, { recursive: true, mode: 0o700 });
    for (const old of [folder, spill, snapshots, join(options.workFolder, 'sandbox')]) {
      const names = await readdir(old).catch(() => []);
      await Promise.all(names.map((name) => rm(join(old, name), { recursive: true, force: true })));
    }
    this.#snapshots = new Snapshots(snapshots);
    return new LoadedTables(folder, async (sql) => {
      const database = await this.#open();
      using session = await database.session(new AbortController().signal);
      return await session.query(sql);
    });
  }

  #open(): Promise<Database> {
    const options = this.#options;
    if (options === null) return Promise.reject(new Error('asked before it was opened'));
    this.#database ??= (this.#ready ?? Promise.resolve()).then(() => Database.open(options));
    return this.#database;
  }

  async #close(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort(sluiceError('CANCELLED', {}));
    const tables = await this.#ready?.catch(() => null);
    await tables?.close();
    const database = await this.#database?.catch(() => null);
    database?.close();
    this.#exit();
  }
}

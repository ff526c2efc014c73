import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LaunchTables, Log } from '#main/ports';
import {
  AS_FOUND,
  type ChartData,
  type ChartSpec,
  type ColumnFacts,
  type OutputFormat,
  type Recipe,
  type RecipePreview,
  type Found,
  type KeyCandidate,
  type RejectsPage,
  type Relations,
  type RowWindow,
  type TablePreview,
  type TableProfile,
} from '#shared/domain';
import { removeParts } from './parts.ts';
import type { Calls, Head, ProcessOptions, RunInput, RunPhase, RunResult, TableSource } from './protocol.ts';
import { Supervisor } from './supervisor.ts';

export { launchTablesFrom } from './launch.ts';
export type { Head, RunPhase, RunResult, TableSource, WrittenOutput } from './protocol.ts';

/** A file to be read: by its path alone, as it is found, or in a way that a person asked for. */
export type FileToRead = string | TableSource;

/** What a call about the rows of a file is asked, by the file instead of its source. */
export type View<N extends 'rows' | 'find' | 'values' | 'copy'> = Omit<Calls[N]['input'], 'source'> & {
  readonly file: FileToRead;
};

export interface TablesOptions {
  readonly launch: LaunchTables;
  /** For what is spilled and rewritten; made where missing, 0700, and nobody else's. */
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  /** Left out: four fifths of what is free. */
  readonly spillLimitMb?: number | null;
  readonly threads: number;
  readonly log: Log;
}

/** What the process may take. */
export type TableLimits = Pick<ProcessOptions, 'memoryLimitMb' | 'spillLimitMb'>;

/**
 * What files hold as tables. Every call goes to a process of its own and fails with TABLES_CRASHED where that dies; an
 * aborted signal stops it within a second with CANCELLED.
 */
export interface Tables {
  /** The first rows, the types and the dialect, from the head of the file; its size does not matter. */
  preview(file: FileToRead, signal?: AbortSignal): Promise<TablePreview>;
  /** Every cell, looked at. Progress is in bytes of the file. */
  profile(
    file: FileToRead,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void },
  ): Promise<TableProfile>;
  /** Some of the rows that are no rows of the table, with those that were fixed. */
  rejects(
    file: FileToRead,
    page: { readonly offset: number; readonly limit: number },
    signal?: AbortSignal,
  ): Promise<RejectsPage>;
  /** Makes all rows ready for `rows`, `find`, `values` and `copy`, which begin it by themselves where it was not. */
  load(
    file: FileToRead,
    options?: {
      readonly signal?: AbortSignal;
      readonly onLoading?: (rows: number, fraction: number | null) => void;
    },
  ): Promise<{ readonly rows: number }>;
  rows(of: View<'rows'>, signal?: AbortSignal): Promise<RowWindow>;
  /** Counts the rows that hold a text, and finds the next. */
  find(of: View<'find'>, signal?: AbortSignal): Promise<Found>;
  /** The most common values of a column. */
  values(of: View<'values'>, signal?: AbortSignal): Promise<Calls['values']['output']>;
  /** Cells between tabs, rows between line feeds. Throws INPUT_INVALID where they are too many. */
  copy(of: View<'copy'>, signal?: AbortSignal): Promise<{ readonly text: string }>;
  /** A text cut into cells as the file is cut. */
  cut(file: FileToRead, raw: string, signal?: AbortSignal): Promise<{ readonly cells: readonly string[] }>;
  /** A closer look at one column: its forms, what is odd about it, and where. Throws INPUT_INVALID. */
  facts(file: FileToRead, column: number, signal?: AbortSignal): Promise<ColumnFacts>;
  /** How far each column tells a target. Throws INPUT_INVALID. */
  relations(file: FileToRead, target: number, signal?: AbortSignal): Promise<Relations>;
  /** Columns, or pairs of them, that tell rows apart. */
  keys(file: FileToRead, signal?: AbortSignal): Promise<readonly KeyCandidate[]>;
  /** What a chart of all rows shows, summed up. Throws INPUT_INVALID for what cannot be drawn. */
  chart(file: FileToRead, chart: ChartSpec, signal?: AbortSignal): Promise<ChartData>;
  /** Runs a recipe and writes its outputs. Rows in are those of the table and the rejected. */
  run(
    job: Omit<RunInput, 'source' | 'inputs'> & {
      readonly source: FileToRead;
      /** Other files that the recipe takes rows from, by the name it has for them. */
      readonly inputs?: Readonly<Record<string, FileToRead>>;
      readonly signal?: AbortSignal;
      readonly onPhase?: (phase: RunPhase, fraction: number | null) => void;
    },
  ): Promise<RunResult>;
  /** What each step of a recipe changes, tried on the first rows of the file. A step that cannot be done is said, not thrown. */
  previewSteps(
    file: FileToRead,
    recipe: Recipe,
    options?: {
      readonly inputs?: Readonly<Record<string, FileToRead>>;
      readonly rows?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<RecipePreview>;
  /** A recipe that prepares the file for learning to predict a column. Reads the whole file. */
  suggest(file: FileToRead, target: string, signal?: AbortSignal): Promise<Recipe>;
  /** The first rows of an output. */
  head(path: string, format: OutputFormat, rows: number, signal?: AbortSignal): Promise<Head>;
  /** Other limits, from the next start of the process on; one that has nothing to do is started anew. */
  configure(limits: TableLimits): void;
  /** Ends the process; its files go. */
  close(): Promise<void>;
}

export function createTables(options: TablesOptions): Tables {
  const { launch, memoryLimitMb, spillLimitMb = null, threads, log } = options;
  const workFolder = resolve(options.workFolder);
  const supervisor = new Supervisor(launch, { workFolder, memoryLimitMb, spillLimitMb, threads }, log);
  const ready = async (): Promise<Supervisor> => {
    await mkdir(workFolder, { recursive: true, mode: 0o700 });
    return supervisor;
  };
  return {
    preview: async (file, signal) => (await ready()).call('preview', { source: sourceOf(file) }, signal),
    profile: async (file, { signal, onProgress } = {}) =>
      (await ready()).call('profile', { source: sourceOf(file) }, signal, (progress) => {
        if (progress.kind === 'bytes') onProgress?.(progress.done, progress.total);
      }),
    rejects: async (file, { offset, limit }, signal) =>
      (await ready()).call('rejects', { source: sourceOf(file), offset, limit }, signal),
    load: async (file, { signal, onLoading } = {}) =>
      (await ready()).call('load', { source: sourceOf(file) }, signal, (progress) => {
        if (progress.kind === 'loading') onLoading?.(progress.rows, progress.fraction);
      }),
    rows: async (of, signal) => (await ready()).call('rows', { ...of, source: sourceOf(of.file) }, signal),
    find: async (of, signal) => (await ready()).call('find', { ...of, source: sourceOf(of.file) }, signal),
    values: async (of, signal) =>
      (await ready()).call('values', { ...of, source: sourceOf(of.file) }, signal),
    copy: async (of, signal) => (await ready()).call('copy', { ...of, source: sourceOf(of.file) }, signal),
    cut: async (file, raw, signal) => (await ready()).call('cut', { source: sourceOf(file), raw }, signal),
    facts: async (file, column, signal) =>
      (await ready()).call('facts', { source: sourceOf(file), column }, signal),
    relations: async (file, target, signal) =>
      (await ready()).call('relations', { source: sourceOf(file), target }, signal),
    keys: async (file, signal) =>
      (await (await ready()).call('keys', { source: sourceOf(file) }, signal)).keys,
    chart: async (file, chart, signal) =>
      (await ready()).call('chart', { source: sourceOf(file), chart }, signal),
    run: async ({ source, inputs, recipe, outputs, options, signal, onPhase }) => {
      const input: RunInput = {
        source: sourceOf(source),
        inputs: sourcesOf(inputs),
        recipe,
        outputs: outputs.map((output) => ({ format: output.format, path: resolve(output.path) })),
        ...(options === undefined ? {} : { options }),
      };
      try {
        return await (
          await ready()
        ).call('run', input, signal, (progress) => {
          if (progress.kind === 'phase') onPhase?.(progress.phase, progress.fraction);
        });
      } catch (error) {
        // A process that was killed could not do it itself.
        await removeParts(input.outputs);
        throw error;
      }
    },
    previewSteps: async (file, recipe, { inputs, rows = PREVIEW_ROWS, signal } = {}) =>
      (await ready()).call(
        'previewSteps',
        { source: sourceOf(file), inputs: sourcesOf(inputs), recipe, rows },
        signal,
      ),
    suggest: async (file, target, signal) =>
      (await ready()).call('suggest', { source: sourceOf(file), target }, signal),
    head: async (path, format, rows, signal) =>
      (await ready()).call('head', { path: resolve(path), format, rows }, signal),
    configure: (limits) => supervisor.configure({ workFolder, threads, ...limits }),
    close: () => supervisor.close(),
  };
}

/** Rows that a recipe is tried on. */
const PREVIEW_ROWS = 10_000;

function sourcesOf(files: Readonly<Record<string, FileToRead>> = {}): Record<string, TableSource> {
  return Object.fromEntries(Object.entries(files).map(([name, file]) => [name, sourceOf(file)]));
}

function sourceOf(file: FileToRead): TableSource {
  const source = typeof file === 'string' ? { path: file, reading: AS_FOUND } : file;
  return { ...source, path: resolve(source.path) };
}

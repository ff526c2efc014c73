import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LaunchTables, Log } from '#main/ports';
import {
  AS_FOUND,
  type OutputFormat,
  type RejectedRow,
  type TablePreview,
  type TableProfile,
} from '#shared/domain';
import { removeParts } from './parts.ts';
import type { Head, RunInput, RunPhase, RunResult, TableSource } from './protocol.ts';
import { Supervisor } from './supervisor.ts';

export { launchTablesFrom } from './launch.ts';
export type { Head, RunPhase, RunResult, TableSource } from './protocol.ts';

/** A file to be read: by its path alone, as it is found, or in a way that a person asked for. */
export type FileToRead = string | TableSource;

export interface TablesOptions {
  readonly launch: LaunchTables;
  /** For what is spilled and rewritten; made where missing, 0700, and nobody else's. */
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly log: Log;
}

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
  /** The first of the rows that are no rows of the table. */
  rejects(file: FileToRead, limit: number, signal?: AbortSignal): Promise<readonly RejectedRow[]>;
  /** Runs a recipe and writes its outputs. Rows in are those of the table and the rejected. */
  run(
    job: Omit<RunInput, 'source'> & {
      readonly source: FileToRead;
      readonly signal?: AbortSignal;
      readonly onPhase?: (phase: RunPhase, fraction: number | null) => void;
    },
  ): Promise<RunResult>;
  /** The first rows of an output. */
  head(path: string, format: OutputFormat, rows: number, signal?: AbortSignal): Promise<Head>;
  /** Ends the process; its files go. */
  close(): Promise<void>;
}

export function createTables(options: TablesOptions): Tables {
  const { launch, memoryLimitMb, threads, log } = options;
  const workFolder = resolve(options.workFolder);
  const supervisor = new Supervisor(launch, { workFolder, memoryLimitMb, threads }, log);
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
    rejects: async (file, limit, signal) =>
      (await ready()).call('rejects', { source: sourceOf(file), limit }, signal),
    run: async ({ source, recipe, outputs, signal, onPhase }) => {
      const input: RunInput = {
        source: sourceOf(source),
        recipe,
        outputs: outputs.map((output) => ({ format: output.format, path: resolve(output.path) })),
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
    head: async (path, format, rows, signal) =>
      (await ready()).call('head', { path: resolve(path), format, rows }, signal),
    close: () => supervisor.close(),
  };
}

function sourceOf(file: FileToRead): TableSource {
  const { path, reading } = typeof file === 'string' ? { path: file, reading: AS_FOUND } : file;
  return { path: resolve(path), reading };
}

import { mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { LaunchTables, Log } from '#main/ports';
import type { OutputFormat, RejectedRow, TablePreview, TableProfile } from '#shared/domain';
import { removeParts } from './parts.ts';
import type { Head, RunInput, RunPhase, RunResult } from './protocol.ts';
import { Supervisor } from './supervisor.ts';

export { launchTablesFrom } from './launch.ts';
export type { Head, RunPhase, RunResult } from './protocol.ts';

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
  preview(path: string, signal?: AbortSignal): Promise<TablePreview>;
  /** Every cell, looked at. Progress is in bytes of the file. */
  profile(
    path: string,
    options?: { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void },
  ): Promise<TableProfile>;
  /** The first of the rows that are no rows of the table. */
  rejects(path: string, limit: number, signal?: AbortSignal): Promise<readonly RejectedRow[]>;
  /** Runs a recipe and writes its outputs. Rows in are those of the table and the rejected. */
  run(
    job: RunInput & {
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
    preview: async (path, signal) => (await ready()).call('preview', { path: resolve(path) }, signal),
    profile: async (path, { signal, onProgress } = {}) =>
      (await ready()).call('profile', { path: resolve(path) }, signal, (progress) => {
        if (progress.kind === 'bytes') onProgress?.(progress.done, progress.total);
      }),
    rejects: async (path, limit, signal) =>
      (await ready()).call('rejects', { path: resolve(path), limit }, signal),
    run: async ({ path, recipe, outputs, signal, onPhase }) => {
      const input: RunInput = {
        path: resolve(path),
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

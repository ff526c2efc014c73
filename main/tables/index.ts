import type { LaunchTables, Log } from '#main/ports';
import type {
  OutputFormat,
  Recipe,
  RejectedRow,
  RunCounts,
  TablePreview,
  TableProfile,
  Column,
} from '#shared/domain';
export interface TablesOptions {
  readonly launch: LaunchTables;
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
  readonly log: Log;
}
export type RunPhase = 'loading' | 'transforming' | 'writing';
export interface Tables {
  preview(path: string, signal?: AbortSignal): Promise<TablePreview>;
  profile(
    path: string,
    options?: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
  ): Promise<TableProfile>;
  rejects(path: string, limit: number, signal?: AbortSignal): Promise<readonly RejectedRow[]>;
  run(job: {
    path: string;
    recipe: Recipe;
    outputs: readonly { format: OutputFormat; path: string }[];
    signal?: AbortSignal;
    onPhase?: (phase: RunPhase, fraction: number | null) => void;
  }): Promise<{ counts: RunCounts; sql: string; columns: readonly Column[] }>;
  head(
    path: string,
    format: OutputFormat,
    rows: number,
  ): Promise<{ columns: readonly string[]; rows: readonly (readonly (string | null)[])[] }>;
  close(): Promise<void>;
}
export declare function createTables(options: TablesOptions): Tables;
export declare function launchTablesFrom(modulePath: string): LaunchTables;

import type {
  Column,
  OutputFormat,
  Reading,
  Recipe,
  RejectedRow,
  RunCounts,
  TablePreview,
  TableProfile,
} from '#shared/domain';
import type { ErrorReport } from '#shared/errors';

/** A file, and how it is to be read. */
export interface TableSource {
  readonly path: string;
  readonly reading: Reading;
}

/** What the process of tables can be asked, with what it answers. All of it can be cloned from process to process. */
export interface Calls {
  readonly preview: { readonly input: { readonly source: TableSource }; readonly output: TablePreview };
  readonly profile: { readonly input: { readonly source: TableSource }; readonly output: TableProfile };
  readonly rejects: {
    readonly input: { readonly source: TableSource; readonly limit: number };
    readonly output: readonly RejectedRow[];
  };
  readonly run: { readonly input: RunInput; readonly output: RunResult };
  readonly head: {
    readonly input: { readonly path: string; readonly format: OutputFormat; readonly rows: number };
    readonly output: Head;
  };
}

export type CallName = keyof Calls;

export interface RunInput {
  readonly source: TableSource;
  readonly recipe: Recipe;
  readonly outputs: readonly { readonly format: OutputFormat; readonly path: string }[];
}

export interface RunResult {
  readonly counts: RunCounts;
  /** The SQL that ran, for the curious. */
  readonly sql: string;
  readonly columns: readonly Column[];
}

export interface Head {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Where a run is. */
export type RunPhase = 'loading' | 'transforming' | 'writing';

/** What a call tells on its way. */
export type Progress =
  | { readonly kind: 'bytes'; readonly done: number; readonly total: number }
  /** The fraction is of the phase; null where it is not known. */
  | { readonly kind: 'phase'; readonly phase: RunPhase; readonly fraction: number | null };

/** To the process. */
export type Request =
  | { readonly kind: 'open'; readonly options: ProcessOptions }
  | {
      readonly kind: 'call';
      readonly id: number;
      readonly name: CallName;
      readonly input: Calls[CallName]['input'];
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'close' };

/** From the process. */
export type Response =
  | { readonly kind: 'done'; readonly id: number; readonly output: Calls[CallName]['output'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorReport; readonly cause: string }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress };

export interface ProcessOptions {
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly threads: number;
}

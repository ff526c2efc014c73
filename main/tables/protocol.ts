import type {
  ChartData,
  ChartSpec,
  Column,
  ColumnFacts,
  ColumnSpan,
  Fix,
  Found,
  KeyCandidate,
  OutputFormat,
  OutputOptions,
  Reading,
  Recipe,
  RecipePreview,
  RejectsPage,
  Relations,
  RowWindow,
  RunCounts,
  TablePreview,
  TableProfile,
  TableView,
} from '#shared/domain';
import type { ErrorReport } from '#shared/errors';
import type { SandboxJob, SandboxResult } from './guard/index.ts';

/** A file, and how it is to be read. */
export interface TableSource {
  readonly path: string;
  readonly reading: Reading;
  /** Rejected lines that were made rows; left out: none. */
  readonly fixes?: readonly Fix[];
}

/** Rows of a table in some order. */
export interface ViewOfSource {
  readonly source: TableSource;
  readonly view: TableView;
}

/** What the process of tables can be asked, with what it answers. All of it can be cloned from process to process. */
export interface Calls {
  readonly preview: { readonly input: { readonly source: TableSource }; readonly output: TablePreview };
  readonly profile: { readonly input: { readonly source: TableSource }; readonly output: TableProfile };
  readonly rejects: {
    readonly input: { readonly source: TableSource; readonly offset: number; readonly limit: number };
    readonly output: RejectsPage;
  };
  /** Makes all rows ready to be looked at in any order; kept for the calls that follow. */
  readonly load: {
    readonly input: { readonly source: TableSource };
    readonly output: { readonly rows: number };
  };
  readonly rows: {
    readonly input: ViewOfSource & WindowOfRows;
    readonly output: RowWindow;
  };
  readonly find: { readonly input: ViewOfSource & Search; readonly output: Found };
  readonly values: {
    readonly input: ViewOfSource & { readonly column: number; readonly text: string; readonly limit: number };
    readonly output: readonly { readonly value: string; readonly count: number }[];
  };
  readonly copy: {
    readonly input: ViewOfSource & {
      readonly offset: number;
      readonly count: number;
      /** Indexes, in the order they are written. */
      readonly columns: readonly number[];
      readonly header: boolean;
    };
    readonly output: { readonly text: string };
  };
  /** A text cut into cells as the file is cut. */
  readonly cut: {
    readonly input: { readonly source: TableSource; readonly raw: string };
    readonly output: { readonly cells: readonly string[] };
  };
  /** A closer look at one column. */
  readonly facts: {
    readonly input: { readonly source: TableSource; readonly column: number };
    readonly output: ColumnFacts;
  };
  /** How far each column tells a target. */
  readonly relations: {
    readonly input: { readonly source: TableSource; readonly target: number };
    readonly output: Relations;
  };
  /** Columns that tell rows apart. */
  readonly keys: {
    readonly input: { readonly source: TableSource };
    readonly output: { readonly keys: readonly KeyCandidate[] };
  };
  /** What a chart of the rows shows. */
  readonly chart: {
    readonly input: { readonly source: TableSource; readonly chart: ChartSpec };
    readonly output: ChartData;
  };
  readonly run: { readonly input: RunInput; readonly output: RunResult };
  readonly previewSteps: {
    readonly input: {
      readonly source: TableSource;
      readonly inputs: Readonly<Record<string, TableSource>>;
      readonly recipe: Recipe;
      /** Rows of the file that are tried. */
      readonly rows: number;
    };
    readonly output: RecipePreview;
  };
  readonly suggest: {
    readonly input: { readonly source: TableSource; readonly target: string };
    readonly output: Recipe;
  };
  readonly head: {
    readonly input: { readonly path: string; readonly format: OutputFormat; readonly rows: number };
    readonly output: Head;
  };
}

export interface WindowOfRows {
  readonly offset: number;
  readonly limit: number;
  readonly columns: ColumnSpan;
}

export interface Search {
  readonly text: string;
  /** An offset in the view: the next match is looked for there and beyond, or there and before it; then from the other end. */
  readonly from: number;
  readonly backwards: boolean;
}

export type CallName = keyof Calls;

export interface RunInput {
  readonly source: TableSource;
  /** Other files that the recipe takes rows from, by the name it has for them. */
  readonly inputs: Readonly<Record<string, TableSource>>;
  readonly recipe: Recipe;
  readonly outputs: readonly { readonly format: OutputFormat; readonly path: string }[];
  /** Left out: as plain as they can be. */
  readonly options?: OutputOptions;
}

/** An output that is in its place. */
export interface WrittenOutput {
  readonly format: OutputFormat;
  readonly path: string;
  /** As they were counted by reading it again. */
  readonly rows: number;
  readonly size: number;
  /** CRC-32 of its bytes, as S3 writes it. */
  readonly crc32: string;
  /** Text cells that were made harmless for spreadsheets. */
  readonly defused: number;
  /** Sentences about what the format could not take as it was. */
  readonly notes: readonly string[];
}

export interface RunResult {
  readonly counts: RunCounts;
  /** The SQL that ran, for the curious. */
  readonly sql: string;
  readonly columns: readonly Column[];
  readonly outputs: readonly WrittenOutput[];
}

export interface Head {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Where a run is. */
export type RunPhase = 'loading' | 'transforming' | 'writing' | 'checking';

/** What a call tells on its way. */
export type Progress =
  | { readonly kind: 'bytes'; readonly done: number; readonly total: number }
  /** Rows that can be shown so far; the fraction of the file is null where it is not known. */
  | { readonly kind: 'loading'; readonly rows: number; readonly fraction: number | null }
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
  /** What became of SQL that the process wanted to have run elsewhere. */
  | { readonly kind: 'sandboxed'; readonly id: number; readonly outcome: SandboxOutcome }
  /** The one request of a process that runs SQL of a person, and then ends. */
  | { readonly kind: 'sandbox'; readonly job: SandboxJob }
  | { readonly kind: 'close' };

/** From the process. */
export type Response =
  | { readonly kind: 'done'; readonly id: number; readonly output: Calls[CallName]['output'] }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorReport; readonly cause: string }
  | { readonly kind: 'progress'; readonly id: number; readonly progress: Progress }
  /** Wants SQL to be run in a process of its own; the id is the process's. */
  | { readonly kind: 'sandbox'; readonly id: number; readonly job: SandboxJob }
  | { readonly kind: 'stop-sandbox'; readonly id: number }
  | { readonly kind: 'sandboxed'; readonly outcome: SandboxOutcome };

export type SandboxOutcome =
  | { readonly kind: 'done'; readonly result: SandboxResult }
  | { readonly kind: 'failed'; readonly error: ErrorReport };

/** The exit code of a process that took more memory than it may. */
export const OVER_MEMORY = 86;

export interface ProcessOptions {
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  /** What may be set aside on the disk, MB; null: four fifths of what is free. */
  readonly spillLimitMb: number | null;
  readonly threads: number;
}

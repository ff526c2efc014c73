import type { OutputOptions } from '#shared/domain';
import type { Head } from '../../protocol.ts';
import type { Session } from '../database.ts';

/** What is to be written, and where: the file is there, and empty. */
export interface Writing {
  readonly session: Session;
  /** A SELECT; its rows in its order. */
  readonly query: string;
  readonly path: string;
  readonly options: OutputOptions;
}

/** What became of values on their way into a format. */
export interface Changes {
  /** Text cells that a spreadsheet would have taken for formulas and that were made harmless. */
  readonly defused: number;
  /** Sentences about what the format could not take as it was. */
  readonly notes: readonly string[];
}

export const UNCHANGED: Changes = { defused: 0, notes: [] };

/** A format of outputs, whole: one file each, listed in `index.ts`. The same rows give the same bytes. */
export interface OutputWriter {
  /** Throws OUTPUT_UNFIT where the format cannot hold the table, EngineError, errors of the system. */
  write(writing: Writing): Promise<Changes>;
  /** Rows that are in the file, by reading it again and not by what was asked to be written. */
  count(session: Session, path: string): Promise<number>;
  head(session: () => Promise<Session>, path: string, rows: number): Promise<Head>;
  /** The SQL that makes it, for people to read. */
  sql(query: string): string;
}

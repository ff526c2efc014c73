import type { OutputFormat } from '#shared/domain';
import { openSource, sourceError } from '../load/index.ts';
import type { Head } from '../protocol.ts';
import type { Database } from './database.ts';
import { headOfOutput } from './outputs/index.ts';

/** The first rows of an output that a run wrote, as text. Throws SOURCE_*, TABLE_UNREADABLE. */
export async function head(
  database: () => Promise<Database>,
  signal: AbortSignal,
  path: string,
  format: OutputFormat,
  rows: number,
): Promise<Head> {
  // An output of no rows and no names is empty; any other file that is has lost what it held.
  if (format !== 'jsonl') await (await openSource(path)).handle.close();
  try {
    return await headOfOutput(async () => (await database()).session(signal), path, format, rows);
  } catch (error) {
    throw sourceError(error, path);
  }
}

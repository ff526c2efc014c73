import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { globless } from '../formats/index.ts';
import type { SandboxJob, SandboxResult } from '../guard/index.ts';
import { literal } from '../sql/index.ts';
import type { Session } from './database.ts';

/** Has SQL run in a process of its own, which is killed where it takes too long or too much. */
export type RunSandbox = (job: SandboxJob) => Promise<SandboxResult>;

/** So long SQL that a person wrote may take. Seconds */
const DEADLINE = 600;

export interface SandboxRequest {
  readonly session: Session;
  readonly workFolder: string;
  readonly memoryLimitMb: number;
  readonly sandbox: RunSandbox;
  /** The rows it is given. */
  readonly rows: string;
  readonly sql: string;
  readonly value: string | null;
  readonly divisors: SandboxJob['divisors'];
}

/**
 * Runs SQL of a person over rows of ours: they are written to a snapshot in a folder that nobody else may enter, and the
 * result is read from there. `use` gets a query of the result; the folder is gone afterwards. Throws SQL_INVALID, QUERY_*.
 */
export async function withSandboxed<T>(
  request: SandboxRequest,
  use: (rows: string, result: SandboxResult) => Promise<T>,
): Promise<T> {
  const folder = join(request.workFolder, 'sandbox', randomUUID());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const input = join(folder, 'input.parquet');
  const output = join(folder, 'output.parquet');
  try {
    await request.session.run(
      `COPY (\n${request.rows}\n) TO ${literal(input)} (FORMAT parquet, USE_TMP_FILE false)`,
    );
    await chmod(input, 0o400);
    const result = await request.sandbox({
      folder,
      input,
      output,
      sql: request.sql,
      value: request.value,
      divisors: request.divisors,
      memoryLimitMb: request.memoryLimitMb,
      spillLimitMb: request.session.spillLimitMb,
      seconds: DEADLINE,
    });
    return await use(`SELECT * FROM read_parquet(${literal(globless(output))})`, result);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Column, OutputFormat } from '#shared/domain';
import { isSluiceError, sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { RunInput, RunPhase, RunResult } from '../protocol.ts';
import { compileRecipe, toDuckDb, type DuckDbPlan } from '../recipe/index.ts';
import { literal } from '../sql/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import { EngineError, type Session } from './database.ts';
import type { Loaded } from './loaded.ts';
import { verified, withRows, type JobContext, type Rows } from './read.ts';
import { SOURCE } from './source-sql.ts';

export interface RunContext extends JobContext {
  readonly onPhase: (phase: RunPhase, fraction: number | null) => void;
}

/**
 * Runs a recipe over a file and writes its outputs, each beside its place and then put there in one step, so that no half
 * output is ever seen. The same file and recipe give the same bytes. Throws SOURCE_*, COLUMN_MISSING, TARGET_UNWRITABLE,
 * DISK_FULL, TABLE_*.
 */
export function run(context: RunContext, input: RunInput): Promise<RunResult> {
  const loading: RunContext = {
    ...context,
    onRead: (done, total) => context.onPhase('loading', total === 0 ? null : done / total),
  };
  return context.tables.use(input.path, (loaded) => {
    // A target that is not there is known before anything is read.
    compileRecipe(input.recipe, columnsToCompile(loaded, null));
    context.onPhase('loading', 0);
    return withRows(loading, loaded, (rows) => transform(context, loaded, rows, input));
  });
}

async function transform(
  context: RunContext,
  loaded: Loaded,
  rows: Rows,
  input: RunInput,
): Promise<RunResult> {
  const { session } = rows;
  const typed = input.recipe.steps.some(({ kind }) => kind === 'real-types');
  const known = typed
    ? await following(context, 'loading', session, () => verified(loaded, rows, false))
    : null;
  const columns = columnsToCompile(loaded, known);
  const plan = toDuckDb(compileRecipe(input.recipe, columns), SOURCE);

  for (const statement of plan.statements) {
    await following(context, 'transforming', session, () => session.run(statement));
  }
  const rowsOut = await countRows(session, plan);
  const copies: string[] = [];
  for (const { format, path } of input.outputs) {
    copies.push(copySql(plan.query, literal(`${path}.part`), format));
    await following(context, 'writing', session, () => writeOutput(session, plan.query, format, path));
  }
  const rowsRead = rows.clean?.counts.rows ?? (await rowsOfSource(session, known, plan, rowsOut));
  const rejected = rows.clean?.counts.rejected ?? 0;
  return {
    counts: {
      rowsIn: rowsRead + rejected,
      rowsOut,
      duplicates: rowsRead - rowsOut,
      rejected,
      misfits: misfitsOf(known),
    },
    sql: [...plan.statements, ...input.outputs.map(({ format }) => copySql(plan.query, "'…'", format))].join(
      ';\n\n',
    ),
    columns: columns.map(({ name, type, note }): Column => ({
      name,
      type: typed ? type : { kind: 'text' },
      note: typed ? note : null,
    })),
  };
}

function columnsToCompile(loaded: Loaded, known: VerifiedColumns | null) {
  if (known === null) return loaded.table.columns.map((column) => ({ ...column, numbers: null }));
  return known.columns.map(({ column, facts }) => ({ ...column, numbers: facts.numbers }));
}

function misfitsOf(known: VerifiedColumns | null): Record<string, number> {
  const misfits: Record<string, number> = {};
  for (const { column, facts } of known?.columns ?? []) {
    if (column.type.kind !== 'text' && facts.misfits > 0) misfits[column.name] = facts.misfits;
  }
  return misfits;
}

async function countRows(session: Session, plan: DuckDbPlan): Promise<number> {
  const from = plan.stages.at(-1);
  const [[count] = [0]] = await session.query(`SELECT count(*) FROM ${from ?? `"${SOURCE}"`}`);
  return Number(count);
}

async function rowsOfSource(
  session: Session,
  known: VerifiedColumns | null,
  plan: DuckDbPlan,
  rowsOut: number,
): Promise<number> {
  if (known !== null) return known.rows;
  if (plan.stages.length === 0) return rowsOut;
  const [[count] = [0]] = await session.query(`SELECT count(*) FROM "${SOURCE}"`);
  return Number(count);
}

function copySql(query: string, file: string, format: OutputFormat): string {
  return `COPY (\n${query}\n) TO ${file} (${copyOptions(format)})`;
}

function copyOptions(format: OutputFormat): string {
  switch (format) {
    case 'csv':
      // An absent cell is written as nothing and an empty text as "", so that reading it again tells them apart.
      return "FORMAT csv, HEADER true, DELIMITER ',', QUOTE '\"', ESCAPE '\"', NULLSTR '', COMPRESSION none, USE_TMP_FILE false";
    case 'parquet':
      return 'FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false';
    case 'json':
      return 'FORMAT json, ARRAY true, COMPRESSION none, USE_TMP_FILE false';
    default:
      return assertNever(format);
  }
}

async function writeOutput(
  session: Session,
  query: string,
  format: OutputFormat,
  path: string,
): Promise<void> {
  const part = `${path}.part`;
  try {
    // Made here first: what the system says against it has a code, which what DuckDB says has not.
    const made = await open(part, 'w');
    await made.close();
    await session.run(copySql(query, literal(part), format));
    await sync(part);
    await rename(part, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(part, { force: true });
    throw await outputError(error, path);
  }
}

async function outputError(error: unknown, path: string): Promise<unknown> {
  if (isSluiceError(error)) return error;
  if (error instanceof EngineError) {
    return error.kind === 'disk-full' ? error.toSluiceError(path, path) : error;
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOSPC' || code === 'EDQUOT') return sluiceError('DISK_FULL', { path }, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return sluiceError('TARGET_UNWRITABLE', { path }, error);
  const reason = error instanceof Error ? error.message : String(error);
  return sluiceError('FILE_ERROR', { path, reason }, error);
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The name itself is only safe once the folder is written; Windows has no such thing. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { isDirectory } = await stat(folder).then((found) => ({ isDirectory: found.isDirectory() }));
  if (!isDirectory) return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function following<T>(
  context: RunContext,
  phase: RunPhase,
  session: Session,
  work: () => Promise<T>,
): Promise<T> {
  context.onPhase(phase, null);
  let furthest = 0;
  const timer = setInterval(() => {
    const fraction = session.progress();
    if (fraction !== null) furthest = Math.max(furthest, fraction);
    context.onPhase(phase, fraction === null ? null : furthest);
  }, 250);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

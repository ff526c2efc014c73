import { PLAIN_OUTPUTS, type Column } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { RunInput, RunPhase, RunResult, WrittenOutput } from '../protocol.ts';
import { removeParts } from '../parts.ts';
import { compileRecipe, toDuckDb, type DuckDbPlan } from '../recipe/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import type { Session } from './database.ts';
import type { Loaded } from './loaded.ts';
import { checkPart, publish, shownSql, writePart } from './outputs/index.ts';
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
  if (input.outputs.some(({ path }) => path === input.source.path)) {
    return Promise.reject(
      sluiceError('INPUT_INVALID', { what: 'the output would replace the file it is made of' }),
    );
  }
  return context.tables.use(input.source, (loaded) => {
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
  const made: WrittenOutput[] = [];
  try {
    for (const output of input.outputs) {
      const options = input.options ?? PLAIN_OUTPUTS;
      const changes = await following(context, 'writing', session, () =>
        writePart(session, plan.query, output, options),
      );
      made.push(
        await following(context, 'checking', session, () => checkPart(session, output, rowsOut, changes)),
      );
    }
    // What was written is only shown once the file is known to be the one that was read.
    await rows.assertUnchanged();
    await publish(input.outputs);
  } catch (error) {
    await removeParts(input.outputs);
    throw error;
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
    sql: [...plan.statements, ...input.outputs.map(({ format }) => shownSql(plan.query, format))].join(
      ';\n\n',
    ),
    outputs: made,
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

import { PLAIN_OUTPUTS, type RunCounts, type StepCounts } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { RunInput, RunPhase, RunResult, WrittenOutput } from '../protocol.ts';
import { removeParts } from '../parts.ts';
import { compileRecipe, describeColumn, start, plainQuery, plainRelation } from '../recipe/index.ts';
import type { VerifiedColumns } from '../profile/index.ts';
import type { Session } from './database.ts';
import { columnsToCompile, inputColumns, withInputs } from './inputs.ts';
import type { Loaded } from './loaded.ts';
import { checkPart, publish, shownSql, writePart } from './outputs/index.ts';
import { Pipeline, type InputTable } from './pipeline.ts';
import { verified, withRows, type JobContext, type Rows } from './read.ts';
import type { RunSandbox } from './sandboxed.ts';
import { SOURCE } from './source-sql.ts';

export interface RunContext extends JobContext {
  readonly sandbox: RunSandbox;
  readonly onPhase: (phase: RunPhase, fraction: number | null) => void;
}

/**
 * Runs a recipe over a file and writes its outputs, each beside its place and then put there in one step, so that no half
 * output is ever seen. The same files and recipe give the same bytes. Throws SOURCE_*, COLUMN_MISSING, STEP_*,
 * INPUT_NOT_GIVEN, JOIN_EXPLODES, SQL_*, QUERY_*, TARGET_UNWRITABLE, DISK_FULL, TABLE_*.
 */
export function run(context: RunContext, input: RunInput): Promise<RunResult> {
  const loading: RunContext = {
    ...context,
    onRead: (done, total) => context.onPhase('loading', total === 0 ? null : done / total),
  };
  const read = new Set([input.source, ...Object.values(input.inputs)].map(({ path }) => path));
  if (input.outputs.some(({ path }) => read.has(path))) {
    return Promise.reject(
      sluiceError('INPUT_INVALID', { what: 'the output would replace a file it is made of' }),
    );
  }
  return context.tables.use(input.source, async (loaded) => {
    // What cannot be done is known before anything is read, as far as only the data does not tell.
    const inputs = await inputColumns(loading, input.recipe, input.inputs);
    if (loaded.table.columnsKnown)
      compileRecipe(input.recipe, { columns: columnsToCompile(loaded, null), inputs });
    context.onPhase('loading', 0);
    return withInputs(loading, input.recipe, input.inputs, (tables) =>
      withRows(loading, loaded, (rows) => transform(context, loaded, rows, tables, input)),
    );
  });
}

async function transform(
  context: RunContext,
  loaded: Loaded,
  rows: Rows,
  inputs: ReadonlyMap<string, InputTable>,
  input: RunInput,
): Promise<RunResult> {
  const { session } = rows;
  const { recipe } = input;
  const typed = recipe.steps.some(({ kind }) => kind === 'real-types');
  const known = typed
    ? await following(context, 'loading', session, () => verified(loaded, rows, false))
    : null;
  const begun = start(recipe, {
    columns: columnsToCompile(loaded, known),
    inputs: new Map([...inputs].map(([name, { columns }]) => [name, columns])),
  });
  const { workFolder, memoryLimitMb } = context.database.options;
  const source = plainRelation(
    SOURCE,
    begun.schema.columns.map(({ name }) => name),
    false,
  );
  const pipeline = new Pipeline(
    {
      session,
      recipe,
      inputs,
      sandbox: context.sandbox,
      workFolder,
      memoryLimitMb,
      keep: false,
      following: (work) => following(context, 'transforming', session, work),
    },
    source,
    begun.schema,
    begun.operation,
  );
  for (const [index, step] of recipe.steps.entries()) await pipeline.step(step, index + 1);
  await pipeline.finish();

  const query = plainQuery(pipeline.relation);
  const rowsOut = await pipeline.rows();
  const options = input.options ?? PLAIN_OUTPUTS;
  const made: WrittenOutput[] = [];
  try {
    for (const output of input.outputs) {
      const changes = await following(context, 'writing', session, () =>
        writePart(session, query, output, options),
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
    // Whatever came of it, that the file is another by now says why.
    await rows.assertUnchanged();
    throw error;
  }
  const steps = pipeline.done.map(({ counts }) => counts);
  const rowsRead = steps[0]?.rowsIn ?? rowsOut;
  return {
    counts: runCounts(steps, rowsRead, rowsOut, rows.clean?.counts.rejected ?? 0, known),
    sql: [...pipeline.statements, ...input.outputs.map(({ format }) => shownSql(query, format))].join(
      ';\n\n',
    ),
    columns: pipeline.schema.columns.map(describeColumn),
    outputs: made,
  };
}

/** Held to add up: rows in = rows out + duplicates + removed + rejected - added. */
export function runCounts(
  steps: readonly StepCounts[],
  rowsRead: number,
  rowsOut: number,
  rejected: number,
  known: VerifiedColumns | null,
): RunCounts {
  let duplicates = 0;
  let removed = 0;
  let added = 0;
  for (const { kind, rowsIn, rowsOut: out } of steps) {
    if (kind === 'drop-exact-duplicates') duplicates += rowsIn - out;
    else if (out < rowsIn) removed += rowsIn - out;
    else added += out - rowsIn;
  }
  const counted = rowsRead - duplicates - removed + added;
  if (counted !== rowsOut)
    throw new Error(`of ${rowsRead} rows ${counted} should be left, and ${rowsOut} are`);
  return {
    rowsIn: rowsRead + rejected,
    rowsOut,
    duplicates,
    rejected,
    removed,
    added,
    misfits: misfitsOf(known),
    steps: [...steps],
  };
}

function misfitsOf(known: VerifiedColumns | null): Record<string, number> {
  const misfits: Record<string, number> = {};
  for (const { column, facts } of known?.columns ?? []) {
    if (column.type.kind !== 'text' && facts.misfits > 0) misfits[column.name] = facts.misfits;
  }
  return misfits;
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

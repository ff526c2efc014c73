import { describeStep, type ChangeExample, type RecipePreview, type StepPreview } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import { verifyColumns, type VerifiedColumns } from '../profile/index.ts';
import type { Calls } from '../protocol.ts';
import {
  start,
  changedSql,
  plainQuery,
  plainRelation,
  scopeOf,
  select,
  type Relation,
} from '../recipe/index.ts';
import { identifier } from '../sql/index.ts';
import type { Cell, Session } from './database.ts';
import { columnsToCompile, withInputs } from './inputs.ts';
import type { Loaded } from './loaded.ts';
import { Pipeline, type InputTable, type StepDone } from './pipeline.ts';
import { withRows, type JobContext, type Rows } from './read.ts';
import type { RunSandbox } from './sandboxed.ts';
import { SOURCE } from './source-sql.ts';

type Input = Calls['previewSteps']['input'];

interface PreviewContext extends JobContext {
  readonly sandbox: RunSandbox;
}

const SAMPLE = 'sample';
const EXAMPLES = 3;
const COLUMNS_SHOWN = 8;
const ROWS_SHOWN = 50;

/**
 * Tries a recipe on the first rows of a file, and tells step by step what changed. A step that cannot be done ends it, with
 * what was done up to there. Throws SOURCE_*, TABLE_*, COLUMN_MISSING, INPUT_NOT_GIVEN.
 */
export function previewSteps(context: PreviewContext, input: Input): Promise<RecipePreview> {
  return context.tables.use(input.source, (loaded) =>
    withInputs(context, input.recipe, input.inputs, (tables) =>
      withRows(context, loaded, (rows) => tryOut(context, loaded, rows, tables, input)),
    ),
  );
}

async function tryOut(
  context: PreviewContext,
  loaded: Loaded,
  rows: Rows,
  inputs: ReadonlyMap<string, InputTable>,
  { recipe, rows: limit }: Input,
): Promise<RecipePreview> {
  const { session } = rows;
  const { source, sampled, whole } = await takeSample(
    session,
    loaded.table.columns.map(({ name }) => name),
    limit,
  );
  const typed = recipe.steps.some(({ kind }) => kind === 'real-types');
  const known = typed ? (loaded.verified ?? (await sampleTypes(rows, loaded, source))) : null;
  const begun = start(recipe, {
    columns: columnsToCompile(loaded, known),
    inputs: new Map([...inputs].map(([name, { columns }]) => [name, columns])),
  });
  const { workFolder, memoryLimitMb } = context.database.options;
  const pipeline = new Pipeline(
    {
      session,
      recipe,
      inputs,
      sandbox: context.sandbox,
      workFolder,
      memoryLimitMb,
      keep: true,
      following: (work) => work(),
    },
    source,
    begun.schema,
    begun.operation,
  );
  const steps: StepPreview[] = [];
  let problem: RecipePreview['problem'] = null;
  for (const [index, step] of recipe.steps.entries()) {
    try {
      const done = await pipeline.step(step, index + 1);
      steps.push({
        ...done.counts,
        sentence: describeStep(step),
        examples: await examplesOf(session, done),
        removedRows: await removedRows(session, done),
        sql: done.sql,
      });
    } catch (error) {
      if (!isSluiceError(error) || error.kind !== 'expected') throw error;
      problem = { step: index + 1, error: error.report() };
      break;
    }
  }
  const shown = await session.query(
    `SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (\n${plainQuery(pipeline.relation)}\nLIMIT ${ROWS_SHOWN})`,
  );
  return {
    sampled,
    whole,
    steps,
    problem,
    columns: pipeline.schema.columns.map(({ name, type }) => ({ name, type })),
    rows: shown.map((row) => row.map(textOf)),
  };
}

/** The first rows, each with its number. */
async function takeSample(
  session: Session,
  columns: readonly string[],
  limit: number,
): Promise<{ source: Relation; sampled: number; whole: boolean }> {
  const view = plainRelation(SOURCE, columns, false);
  const scope = scopeOf(view);
  const numbered = select(
    view,
    columns.map((name) => ({ name, sql: scope(name) })),
    `LIMIT ${limit + 1}`,
    [{ kind: 'row', sql: 'row_number() OVER ()' }],
  );
  const table = identifier(SAMPLE);
  await session.run(`CREATE TEMP TABLE ${table} AS\n${numbered.query}`);
  const number = identifier(numbered.relation.hidden.get('row') ?? '');
  const [[count] = [0]] = await session.query(`SELECT count(*) FROM ${table}`);
  const whole = Number(count) <= limit;
  if (!whole) await session.run(`DELETE FROM ${table} WHERE ${number} > ${limit}`);
  return {
    source: { ...numbered.relation, sql: table, placed: true },
    sampled: Math.min(Number(count), limit),
    whole,
  };
}

/** The types that the sample allows, held against all of it; the whole file can teach others. */
async function sampleTypes(
  { session, query }: Rows,
  loaded: Loaded,
  source: Relation,
): Promise<VerifiedColumns> {
  const view = 'sample_rows';
  await session.run(`CREATE TEMP VIEW ${view} AS ${plainQuery(source)}`);
  const { columns, cells, habits, rowsEstimated } = loaded.table;
  return verifyColumns(query, view, { columns, cells, habits, rowsEstimated }, false);
}

/** Cells before and after, of the first columns that changed and of new ones. */
async function examplesOf(
  session: Session,
  { before, after, keepsRows }: StepDone,
): Promise<ChangeExample[]> {
  const mine = before.hidden.get('row');
  const theirs = after.hidden.get('row');
  if (!keepsRows || mine === undefined || theirs === undefined) return [];
  const b = scopeOf(before, 'b');
  const a = scopeOf(after, 'a');
  const row = `a.${identifier(theirs)}`;
  const examples: ChangeExample[] = [];
  for (const column of after.columns) {
    if (examples.length >= COLUMNS_SHOWN * EXAMPLES) break;
    const had = before.names.has(column);
    const was = had ? `CAST(${b(column)} AS VARCHAR)` : 'NULL';
    const found = await session.query(
      `SELECT ${row}, ${was}, CAST(${a(column)} AS VARCHAR)\nFROM ${before.sql} AS b JOIN ${after.sql} AS a ON b.${identifier(mine)} = ${row}\nWHERE ${had ? `${changedSql(b(column), a(column))} = 1` : 'true'}\nORDER BY ${row}\nLIMIT ${EXAMPLES}`,
    );
    for (const [number, from, to] of found)
      examples.push({ row: Number(number), column, before: textOf(from), after: textOf(to) });
  }
  return examples;
}

async function removedRows(session: Session, { before, after, counts }: StepDone): Promise<number[]> {
  const mine = before.hidden.get('row');
  const theirs = after.hidden.get('row');
  if (mine === undefined || theirs === undefined || counts.rowsOut >= counts.rowsIn) return [];
  const gone = await session.query(
    `SELECT b.${identifier(mine)} AS n FROM ${before.sql} AS b WHERE NOT EXISTS (SELECT 1 FROM ${after.sql} AS a WHERE a.${identifier(theirs)} = b.${identifier(mine)}) ORDER BY n LIMIT 5`,
  );
  return gone.map(([number]) => Number(number));
}

function textOf(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

import type { Recipe, RecipeStep, StepCounts } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import {
  compileStep,
  type Compiled,
  type Facts,
  type Operation,
  type Question,
  type Schema,
  type TypedColumn,
  askSql,
  needsTable,
  plainRelation,
  render,
  scopeOf,
  select,
  type Relation,
  type Rendered,
} from '../recipe/index.ts';
import { identifier } from '../sql/index.ts';
import { EngineError } from './database.ts';
import { computeColumn, computeTable, type PersonSqlOptions } from './person-sql.ts';

/** Another file of the recipe, in a table. */
export interface InputTable {
  readonly table: string;
  readonly columns: readonly TypedColumn[];
}

export interface PipelineOptions extends PersonSqlOptions {
  readonly recipe: Recipe;
  readonly inputs: ReadonlyMap<string, InputTable>;
  /** Every step gets a table of its own that stays, so that before and after can be compared. */
  readonly keep: boolean;
  /** Around every statement that can take long. */
  readonly following: <T>(work: () => Promise<T>) => Promise<T>;
}

/** What became of a step. */
export interface StepDone {
  readonly counts: StepCounts;
  readonly sql: string;
  readonly before: Relation;
  readonly after: Relation;
  /** Whether a row after it is the row before it, changed or not. */
  readonly keepsRows: boolean;
}

interface Applied {
  readonly warnings: readonly string[];
  readonly cellsChanged: number | null;
}

/**
 * The rows of a recipe between two steps. Steps on values are put together into one pass; where a step needs the rows
 * themselves, they go into a table. The order of rows is kept throughout.
 */
export class Pipeline {
  readonly #options: PipelineOptions;
  readonly #done: StepDone[] = [];
  readonly #others = new Map<string, Relation>();
  #relation: Relation;
  #schema: Schema;
  #tree: Operation;
  /** Where the rows are once they were counted. */
  #rows: number | null = null;
  #stages = 0;
  #statements: string[] = [];
  /** Tables that are needed no longer once the step is done. */
  readonly #used: string[] = [];

  constructor(options: PipelineOptions, source: Relation, schema: Schema, tree: Operation) {
    this.#options = options;
    this.#relation = source;
    this.#schema = schema;
    this.#tree = tree;
  }

  get schema(): Schema {
    return this.#schema;
  }

  get relation(): Relation {
    return this.#relation;
  }

  /** What was run, in order. */
  get statements(): readonly string[] {
    return this.#statements;
  }

  get done(): readonly StepDone[] {
    return this.#done;
  }

  /** @throws STEP_*, JOIN_EXPLODES, SQL_*, QUERY_* */
  async step(step: RecipeStep, number: number): Promise<StepDone> {
    try {
      return await this.#step(step, number);
    } catch (error) {
      // Rows that are in a table were read already: what fails now is the step.
      if (error instanceof EngineError && error.kind === 'content' && this.#relation.placed) {
        const [reason = ''] = error.message.replace(/^[A-Za-z ]+ Error: /, '').split('\n');
        throw sluiceError(
          'STEP_INVALID',
          { step: number, reason: reason.slice(0, 300).replace(/\.$/, '') },
          error,
        );
      }
      throw error;
    }
  }

  /** Ends with the rows counted, and in a table where steps on values are still to be counted. */
  async finish(): Promise<void> {
    if (this.#relation.hidden.size > 0) await this.#materialise();
    if (this.#done.some(({ counts }) => counts.rowsIn < 0)) await this.#settleCounts();
  }

  async rows(): Promise<number> {
    this.#rows ??= await this.#count(this.#relation);
    return this.#rows;
  }

  async #step(step: RecipeStep, number: number): Promise<StepDone> {
    const from = this.#statements.length;
    const compiled = await this.#compile(step, number);
    const { operation } = compiled;
    if (operation.op !== 'project' || needsTable(operation)) await this.#settle(operation);
    const before = this.#relation;
    const rowsIn = operation.op === 'project' && !before.placed ? null : await this.rows();
    const { warnings, cellsChanged } = await this.#apply(operation, number, compiled);
    const after = this.#relation;
    this.#done.push({
      before,
      after,
      keepsRows: operation.op === 'project' || operation.op === 'derive',
      sql: '',
      counts: {
        step: number,
        kind: step.kind,
        // A step on values makes no rows and takes none; they are counted once they are in a table.
        rowsIn: rowsIn ?? -1,
        rowsOut: rowsIn !== null && operation.op === 'project' ? rowsIn : -1,
        cellsChanged,
        columnsAdded: after.columns.filter((name) => !before.names.has(name)),
        columnsRemoved: before.columns.filter((name) => !after.names.has(name)),
        warnings: [...compiled.warnings, ...warnings],
      },
    });
    if (operation.op !== 'project' || this.#options.keep) await this.#materialise();
    if (this.#relation.placed) await this.#settleCounts();
    await this.#dropUsed();
    const sql = this.#statements.length > from ? this.#statements.slice(from).join(';\n\n') : bare(after);
    return this.#ended(sql);
  }

  /** What the last step came to. */
  #ended(sql: string): StepDone {
    const last = this.#done.at(-1);
    if (last === undefined) throw new Error('no step was done');
    const done = { ...last, after: this.#relation, sql };
    this.#done[this.#done.length - 1] = done;
    return done;
  }

  async #dropUsed(): Promise<void> {
    for (const table of this.#used.splice(0)) await this.#options.session.run(`DROP TABLE ${table}`);
  }

  /** Compiles a step; what it has to know is asked of the rows before it. */
  async #compile(step: RecipeStep, number: number): Promise<Compiled> {
    const known = new Map<string, unknown>();
    for (;;) {
      const asked: Question[] = [];
      const facts: Facts = (question) => {
        const key = JSON.stringify(question);
        if (!known.has(key)) asked.push(question);
        return (known.get(key) ?? null) as never;
      };
      const compiled = compileStep(step, {
        number,
        from: this.#tree,
        schema: this.#schema,
        target: this.#options.recipe.target,
        inputs: new Map([...this.#options.inputs].map(([name, { columns }]) => [name, columns])),
        facts,
      });
      if (asked.length === 0) return compiled;
      for (const question of asked)
        known.set(JSON.stringify(question), await this.#answer(question, compiled.operation));
    }
  }

  async #answer(question: Question, operation: Operation): Promise<unknown> {
    const { session, following } = this.#options;
    if (question.ask !== 'pattern') await this.#materialise();
    const other = operation.op === 'join' ? await this.#other(operation.with) : null;
    const asked = askSql(question, this.#relation, other);
    try {
      return asked.read(await following(() => session.query(asked.sql)));
    } catch (error) {
      if (question.ask !== 'pattern' || !(error instanceof EngineError)) throw error;
      return { problem: error.message.replace(/^[A-Za-z ]+ Error: /, '').split('\n')[0] ?? 'it is none' };
    }
  }

  /** Rows go into a table before a step that needs it, or that would lose what is still to be counted. */
  async #settle(operation: Operation): Promise<void> {
    const streams = operation.op === 'filter' || operation.op === 'limit';
    const counting = [...this.#relation.hidden.keys()].some((kind) => kind !== 'row');
    if (!streams || counting) await this.#materialise();
    else if (this.#done.some(({ counts }) => counts.rowsIn < 0)) await this.#settleCounts();
  }

  async #apply(operation: Operation, number: number, compiled: Compiled): Promise<Applied> {
    this.#tree = operation;
    switch (operation.op) {
      case 'source':
        throw new Error('a source is no step');
      case 'derive':
      case 'query':
        return this.#compute(operation, number, compiled);
      case 'join':
      case 'append':
        this.#take(
          render(operation, this.#relation, { count: null, other: await this.#other(operation.with) }),
        );
        this.#schema = compiled.schema;
        return { warnings: [], cellsChanged: 0 };
      case 'project':
      case 'filter':
      case 'distinct':
      case 'aggregate':
      case 'unpivot':
      case 'sort':
      case 'limit':
      case 'sample':
      case 'split': {
        const rendered = render(operation, this.#relation, { count: number, other: null });
        if (rendered.afterwards === null) this.#take(rendered);
        else await this.#make(rendered);
        this.#schema = compiled.schema;
        const anew = operation.op === 'aggregate' || operation.op === 'unpivot';
        return { warnings: [], cellsChanged: anew ? null : 0 };
      }
      default:
        return assertNever(operation);
    }
  }

  #take(rendered: Rendered): void {
    this.#relation = rendered.relation;
    this.#rows = null;
  }

  /** SQL of a person, run elsewhere. */
  async #compute(
    operation: Extract<Operation, { op: 'derive' | 'query' }>,
    number: number,
    { schema }: Compiled,
  ): Promise<Applied> {
    const { recipe } = this.#options;
    const before = this.#relation;
    const made =
      operation.op === 'derive'
        ? await computeColumn(this.#options, before, number, operation)
        : await computeTable(this.#options, before, number, operation.sql);
    const { target } = recipe;
    if (target !== null && before.names.has(target) && !made.relation.names.has(target))
      throw sluiceError('STEP_INVALID', {
        step: number,
        reason: `${target} is the target, which is never dropped`,
      });
    this.#statements.push(made.said);
    this.#used.push(made.table);
    this.#relation = made.relation;
    this.#rows = null;
    if (operation.op === 'query') {
      this.#schema = { ...schema, columns: made.columns, open: false, split: null };
      return { warnings: made.warnings, cellsChanged: null };
    }
    const known = new Map(made.columns.map((column) => [column.name, column]));
    this.#schema = { ...schema, columns: schema.columns.map((column) => known.get(column.name) ?? column) };
    return { warnings: made.warnings, cellsChanged: 0 };
  }

  /** The rows of another file, as the tree wants them. */
  async #other(operation: Operation): Promise<Relation> {
    const key = JSON.stringify(operation);
    const known = this.#others.get(key);
    if (known !== undefined) return known;
    const made = await this.#otherTable(operation);
    this.#others.set(key, made);
    return made;
  }

  async #otherTable(operation: Operation): Promise<Relation> {
    if (operation.op === 'source') {
      const input = this.#options.inputs.get(operation.input ?? '');
      if (input === undefined) throw sluiceError('INPUT_NOT_GIVEN', { name: operation.input ?? '' });
      return plainRelation(input.table, operation.columns, true);
    }
    if (operation.op !== 'project') throw new Error(`another file is only read, not ${operation.op}`);
    const source = await this.#otherTable(operation.from);
    const rendered = render(operation, source, { count: null, other: null });
    const table = `input_${this.#others.size + 1}`;
    await this.#run(`CREATE TEMP TABLE ${identifier(table)} AS\n${rendered.query}`);
    return { ...rendered.relation, sql: identifier(table), placed: true };
  }

  /** Puts the rows into a table, and counts what the steps on values did. */
  async #materialise(): Promise<void> {
    if (this.#relation.placed) return;
    const relation = this.#relation;
    const own = relation.columns.map((name) => ({ name, sql: scopeOf(relation)(name) }));
    await this.#make(
      relation.sql.startsWith('(')
        ? { query: bare(relation), relation, afterwards: null }
        : select(relation, own, ''),
    );
    await this.#settleCounts();
  }

  async #make(rendered: Rendered): Promise<void> {
    const { keep, session } = this.#options;
    const old = this.#lastStage();
    this.#stages += 1;
    const table = identifier(`stage_${this.#stages}`);
    await this.#run(`CREATE TEMP TABLE ${table} AS\n${rendered.query}`);
    if (rendered.afterwards !== null) await this.#run(rendered.afterwards(table));
    this.#relation = { ...rendered.relation, sql: table, placed: true };
    this.#rows = null;
    if (!keep && old !== null) await session.run(`DROP TABLE ${old}`);
  }

  #lastStage(): string | null {
    return this.#stages === 0 ? null : identifier(`stage_${this.#stages}`);
  }

  /** Fills in what steps on values did, now that their rows are there to be counted. */
  async #settleCounts(): Promise<void> {
    const rows = await this.rows();
    const counters = [...this.#relation.hidden].filter(([kind]) => kind !== 'row');
    const sums = new Map<string, number>();
    if (counters.length > 0) {
      const list = counters.map(([, name]) => `coalesce(sum(${identifier(name)}), 0)`).join(', ');
      const [row = []] = await this.#options.session.query(`SELECT ${list} FROM ${this.#relation.sql}`);
      for (const [index, [kind]] of counters.entries()) sums.set(kind, Number(row[index] ?? 0));
      this.#relation = {
        ...this.#relation,
        hidden: new Map([...this.#relation.hidden].filter(([kind]) => kind === 'row')),
      };
    }
    for (const [index, done] of this.#done.entries()) {
      const { counts } = done;
      const changed = sums.get(`changed ${counts.step}`);
      if (changed === undefined && counts.rowsIn >= 0 && counts.rowsOut >= 0) continue;
      const lost = sums.get(`lost ${counts.step}`) ?? 0;
      this.#done[index] = {
        ...done,
        counts: {
          ...counts,
          rowsIn: counts.rowsIn < 0 ? rows : counts.rowsIn,
          rowsOut: counts.rowsOut < 0 ? rows : counts.rowsOut,
          cellsChanged: changed ?? counts.cellsChanged,
          warnings:
            lost === 0
              ? counts.warnings
              : [
                  ...counts.warnings,
                  `${lost} ${lost === 1 ? 'value does' : 'values do'} not fit and ${lost === 1 ? 'is' : 'are'} missing now.`,
                ],
        },
      };
    }
  }

  async #count(relation: Relation): Promise<number> {
    const { session, following } = this.#options;
    const [[count] = [0]] = await following(() => session.query(`SELECT count(*) FROM ${relation.sql} AS t`));
    return Number(count);
  }

  async #run(sql: string): Promise<void> {
    await this.#options.following(() => this.#options.session.run(sql));
    this.#statements.push(sql);
  }
}

/** The query in brackets, without them; of a table or view, its rows. */
function bare(relation: Relation): string {
  return relation.sql.startsWith('(') ? relation.sql.slice(2, -2) : `SELECT *\nFROM ${relation.sql}`;
}

import { sluiceError, type SluiceError } from '#shared/errors';
import {
  AGGREGATE_FUNCTIONS,
  CAST_TYPES,
  CLOCKS,
  DIVISIONS,
  MOST_ROWS_MADE,
  SCALAR_FUNCTIONS,
  SPOKEN_FUNCTIONS,
  TABLE_FUNCTIONS,
  WINDOW_FUNCTIONS,
} from './functions.ts';
import { asList, asNode, present, said, wholeNumber, type Node } from './nodes.ts';

export interface Rules {
  /** The tables there are, in lower case. */
  readonly tables: ReadonlySet<string>;
  /** Columns of them, in lower case: one may be called like something the language has a word for. */
  readonly columns: ReadonlySet<string>;
  /** Whether it is one value of one row: no aggregates, no windows, no other query. */
  readonly scalar: boolean;
  /** For saying where. */
  readonly sql: string;
}

const CTE_NAME = /^[a-z_][a-z0-9_]*$/;
const CTE_RESERVED = /^(?:duckdb_|pg_|sqlite_|information_schema)/;

const CLASSES: ReadonlySet<string> = new Set([
  'FUNCTION',
  'COLUMN_REF',
  'CONSTANT',
  'CASE',
  'CAST',
  'COMPARISON',
  'CONJUNCTION',
  'OPERATOR',
  'BETWEEN',
  'STAR',
  'SUBQUERY',
  'WINDOW',
  'LAMBDA',
  'LAMBDA_REF',
  'POSITIONAL_REFERENCE',
]);

const MODIFIERS: ReadonlySet<string> = new Set([
  'ORDER_MODIFIER',
  'LIMIT_MODIFIER',
  'LIMIT_PERCENT_MODIFIER',
  'DISTINCT_MODIFIER',
]);

/**
 * Goes through every node of a query. What is not known to be harmless is refused: kinds of nodes, functions, tables, types.
 * Names of tables are looked up as DuckDB does it, scope by scope, so that no inner name covers an outer one.
 */
export class Walker {
  readonly #rules: Rules;
  /** The second operands of divisions. */
  readonly divisors: Node[] = [];

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  query(node: Node, scope: ReadonlySet<string> = new Set()): void {
    const inner = this.#withs(node, scope);
    switch (node['type']) {
      case 'SELECT_NODE':
        if (present(node['sample'])) throw this.refused('USING SAMPLE; there is a step for it', node);
        this.table(asNode(node['from_table']), inner);
        this.#all(node['select_list'], inner);
        this.#maybe(node['where_clause'], inner);
        this.#all(node['group_expressions'], inner);
        this.#maybe(node['having'], inner);
        this.#maybe(node['qualify'], inner);
        break;
      case 'SET_OPERATION_NODE':
        this.query(asNode(node['left']), inner);
        this.query(asNode(node['right']), inner);
        break;
      case 'RECURSIVE_CTE_NODE': {
        const name = this.#cteName(node['cte_name']);
        this.query(asNode(node['left']), inner);
        this.query(asNode(node['right']), new Set([...inner, name]));
        this.#all(node['key_targets'], inner);
        break;
      }
      default:
        throw this.refused(`a query of the kind ${said(node['type'])}`, node);
    }
    for (const modifier of asList(node['modifiers'])) {
      if (!MODIFIERS.has(String(modifier['type']))) throw this.refused(said(modifier['type']), node);
      this.#parts(modifier, inner);
    }
  }

  /** What stands behind FROM. */
  table(node: Node, scope: ReadonlySet<string>): void {
    if (present(node['sample'])) throw this.refused('TABLESAMPLE; there is a step for it', node);
    switch (node['type']) {
      case 'EMPTY':
        return;
      case 'BASE_TABLE': {
        const name = String(node['table_name']);
        if (present(node['schema_name']) || present(node['catalog_name']))
          throw this.refused(`the table ${said(node['schema_name'] || node['catalog_name'])}.${name}`, node);
        if (present(node['at_clause'])) throw this.refused('AT', node);
        const lower = name.toLowerCase();
        if (!scope.has(lower) && !this.#rules.tables.has(lower))
          throw this.refused(`the table ${name}; the table is called data`, node);
        return;
      }
      case 'SUBQUERY':
        this.#scalarOnly('another query', node);
        this.query(asNode(asNode(node['subquery'])['node']), scope);
        return;
      case 'JOIN':
        this.table(asNode(node['left']), scope);
        this.table(asNode(node['right']), scope);
        this.#maybe(node['condition'], scope);
        return;
      case 'TABLE_FUNCTION':
        this.#tableFunction(asNode(node['function']), scope);
        return;
      case 'EXPRESSION_LIST':
        for (const row of Array.isArray(node['values']) ? node['values'] : []) this.#all(row, scope);
        return;
      default:
        throw this.refused(TABLES_IN_WORDS[String(node['type'])] ?? `FROM with ${said(node['type'])}`, node);
    }
  }

  expression(node: Node, scope: ReadonlySet<string>): void {
    const kind = String(node['class']);
    if (!CLASSES.has(kind)) throw this.refused(EXPRESSIONS_IN_WORDS[kind] ?? said(kind), node);
    switch (kind) {
      case 'FUNCTION':
        this.#function(node, scope);
        return;
      case 'WINDOW':
        this.#window(node);
        break;
      case 'COLUMN_REF':
        this.#columnRef(node);
        return;
      case 'CAST':
        this.#type(asNode(node['cast_type']), node);
        break;
      case 'SUBQUERY':
        this.#scalarOnly('another query', node);
        this.query(asNode(asNode(node['subquery'])['node']), scope);
        if (present(node['child'])) this.expression(asNode(node['child']), scope);
        return;
      case 'STAR':
        this.#scalarOnly('all columns at once', node);
        break;
      case 'OPERATOR':
        if (node['type'] === 'GROUPING_FUNCTION') this.#scalarOnly('grouping', node);
        break;
      case 'CONSTANT':
        return;
      default:
        break;
    }
    this.#parts(node, scope);
  }

  refused(what: string, node: Node): SluiceError {
    const at = Number(node['query_location']);
    const { sql } = this.#rules;
    const bytes = Buffer.from(sql);
    const where =
      Number.isSafeInteger(at) && at > 0 && at < bytes.length
        ? bytes
            .subarray(at, at + 40)
            .toString()
            .split('\n')[0]
            ?.trim()
        : '';
    return sluiceError('SQL_NOT_ALLOWED', { what: what.slice(0, 200), where: where ?? '' });
  }

  #scalarOnly(what: string, node: Node): void {
    if (this.#rules.scalar) throw this.refused(`${what} in an expression`, node);
  }

  /** The names that WITH gives, one after the other: each is known to those behind it, and to itself only if recursive. */
  #withs(node: Node, scope: ReadonlySet<string>): ReadonlySet<string> {
    const entries = asList(asNode(node['cte_map'] ?? { map: [] })['map']);
    if (entries.length === 0) return scope;
    this.#scalarOnly('WITH', node);
    const inner = new Set(scope);
    for (const entry of entries) {
      const name = this.#cteName(entry['key']);
      const value = asNode(entry['value']);
      const query = asNode(asNode(value['query'])['node']);
      this.query(query, inner);
      this.#all(value['key_targets'], inner);
      inner.add(name);
    }
    return inner;
  }

  #cteName(value: unknown): string {
    const name = String(value);
    if (!CTE_NAME.test(name) || CTE_RESERVED.test(name) || this.#rules.tables.has(name))
      throw this.refused(`the name ${name} behind WITH; lower-case letters, digits and _ make one`, {});
    return name;
  }

  #function(node: Node, scope: ReadonlySet<string>): void {
    const name = String(node['function_name']).toLowerCase();
    this.#place(node, name);
    const isAggregate = AGGREGATE_FUNCTIONS.has(name);
    if (!isAggregate && !SCALAR_FUNCTIONS.has(name) && !(name === 'unnest' && !this.#rules.scalar))
      throw this.refused(`the function ${name}`, node);
    if (isAggregate && !SCALAR_FUNCTIONS.has(name)) this.#scalarOnly(`the aggregate ${name}`, node);
    if (node['export_state'] === true) throw this.refused('EXPORT_STATE', node);
    const children = asList(node['children']);
    const [, divisor] = children;
    if (DIVISIONS.has(name) && divisor !== undefined) this.divisors.push(divisor);
    this.#parts(node, scope);
  }

  #window(node: Node): void {
    this.#scalarOnly('a window', node);
    const name = String(node['function_name']).toLowerCase();
    this.#place(node, name);
    if (!WINDOW_FUNCTIONS.has(name) && !AGGREGATE_FUNCTIONS.has(name))
      throw this.refused(`the function ${name}`, node);
  }

  /** A function of a schema that somebody could have made is none of ours. */
  #place(node: Node, name: string): void {
    if (present(node['catalog']) || (present(node['schema']) && node['schema'] !== 'main'))
      throw this.refused(`the function ${said(node['schema'])}.${name}`, node);
  }

  #columnRef(node: Node): void {
    const names = Array.isArray(node['column_names']) ? node['column_names'].map(String) : [];
    const [only = ''] = names;
    const lower = only.toLowerCase();
    if (names.length !== 1 || !SPOKEN_FUNCTIONS.has(lower)) return;
    const isColumn = this.#rules.columns.has(lower) && (this.#rules.scalar || !CLOCKS.has(lower));
    if (!isColumn) throw this.refused(`the function ${lower}`, node);
  }

  #tableFunction(node: Node, scope: ReadonlySet<string>): void {
    const name = String(node['function_name']).toLowerCase();
    this.#scalarOnly('rows', node);
    if (!TABLE_FUNCTIONS.has(name)) throw this.refused(`the table function ${name}`, node);
    this.#place(node, name);
    this.#parts(node, scope);
    if (name === 'unnest') return;
    const bounds = asList(node['children']).map(wholeNumber);
    if (bounds.length === 0 || bounds.length > 3 || bounds.some((bound) => bound === null))
      throw this.refused(`${name} with anything but whole numbers`, node);
    const [first = 0, second, step = 1] = bounds.map(Number);
    const length = second === undefined ? first : second - first;
    if (step === 0 || Math.abs(length / step) > MOST_ROWS_MADE)
      throw this.refused(`${name} with more than ${MOST_ROWS_MADE} rows`, node);
  }

  #type(type: Node, cast: Node): void {
    const id = String(type['id']);
    if (!CAST_TYPES.has(id)) {
      const info = type['type_info'] === null ? {} : asNode(type['type_info']);
      throw this.refused(`the type ${said(info['name'] ?? id)}`, cast);
    }
    if (type['type_info'] === null || type['type_info'] === undefined) return;
    const info = asNode(type['type_info']);
    if (present(info['alias']) || present(info['extension_info']))
      throw this.refused('a type of that kind', cast);
    if (present(info['child_type'])) this.#type(asNode(info['child_type']), cast);
    for (const child of asList(info['child_types']))
      this.#type(asNode(child['second'] ?? child['value'] ?? child), cast);
  }

  /** Everything in a node that is an expression, whatever it is called there. */
  #parts(node: Node, scope: ReadonlySet<string>): void {
    for (const [key, value] of Object.entries(node)) {
      if (key === 'value' || key === 'cast_type' || key === 'subquery') continue;
      this.#found(value, scope);
    }
  }

  #found(value: unknown, scope: ReadonlySet<string>): void {
    if (Array.isArray(value)) {
      for (const item of value) this.#found(item, scope);
    } else if (typeof value === 'object' && value !== null) {
      const node = value as Node;
      if ('class' in node) this.expression(node, scope);
      else this.#inside(node, scope);
    }
  }

  #inside(node: Node, scope: ReadonlySet<string>): void {
    const { type } = node;
    if (typeof type === 'string' && /_NODE$|_REF$|^BASE_TABLE$|^TABLE_FUNCTION$|^PIVOT$|^JOIN$/.test(type))
      throw this.refused(said(type), node);
    for (const value of Object.values(node)) this.#found(value, scope);
  }

  #all(list: unknown, scope: ReadonlySet<string>): void {
    for (const node of asList(list)) this.expression(node, scope);
  }

  #maybe(value: unknown, scope: ReadonlySet<string>): void {
    if (present(value)) this.expression(asNode(value), scope);
  }
}

const TABLES_IN_WORDS: Readonly<Record<string, string>> = {
  SHOW_REF: 'SHOW, DESCRIBE or SUMMARIZE',
  PIVOT: 'PIVOT or UNPIVOT; there are steps for them',
};

const EXPRESSIONS_IN_WORDS: Readonly<Record<string, string>> = {
  PARAMETER: 'parameters',
  COLLATE: 'COLLATE',
  DEFAULT: 'DEFAULT',
};

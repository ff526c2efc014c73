import { sluiceError } from '#shared/errors';
import { literal } from '../sql/index.ts';
import type { Node } from './nodes.ts';
import { Walker } from './walk.ts';

/** Runs a query of ours and gives its rows. */
export type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;

/** SQL that may run. */
export interface Checked {
  /** Made anew from the tree that was looked at: no comment and no trick of writing is left. */
  readonly sql: string;
}

export interface CheckedExpression extends Checked {
  /** A query of the divisors of all divisions in it, or null where there are none. */
  readonly divisors: { readonly sql: string; readonly count: number } | null;
}

const LONGEST = 20_000;

/**
 * Looks at a query that a person or a model wrote. Throws SQL_INVALID where it is none, SQL_NOT_ALLOWED where it does
 * anything but compute over `data`.
 * @param columns of `data`
 */
export async function checkQuery(ask: Ask, sql: string, columns: readonly string[]): Promise<Checked> {
  const node = await parse(ask, sql);
  walk(node, sql, columns, false);
  const canonical = await canonicalText(ask, sql);
  // What will run is what was looked at: the text made anew is looked at too.
  walk(await parse(ask, canonical), canonical, columns, false);
  return { sql: canonical };
}

/** The same for an expression over the columns of one row. @returns a query of its value for each row of `data` */
export async function checkExpression(
  ask: Ask,
  expression: string,
  columns: readonly string[],
): Promise<CheckedExpression> {
  const sql = `SELECT (\n${expression}\n) FROM data`;
  const node = await parse(ask, sql);
  assertOnlyValue(node, expression);
  walk(node, sql, columns, true);
  const canonical = await canonicalText(ask, sql);
  const again = await parse(ask, canonical);
  assertOnlyValue(again, expression);
  const { divisors } = walk(again, canonical, columns, true);
  const variable = divisors.filter((divisor) => !isNumberOtherThanZero(divisor));
  return {
    sql: canonical,
    divisors:
      variable.length === 0
        ? null
        : { sql: await deserialised(ask, { ...again, select_list: variable }), count: variable.length },
  };
}

function walk(node: Node, sql: string, columns: readonly string[], scalar: boolean): Walker {
  const walker = new Walker({
    tables: new Set(['data']),
    columns: new Set(columns.map((name) => name.toLowerCase())),
    scalar,
    sql,
  });
  walker.query(node);
  return walker;
}

async function parse(ask: Ask, sql: string): Promise<Node> {
  if (sql.length > LONGEST) throw sluiceError('SQL_INVALID', { reason: 'it is too long' });
  if (sql.includes('\0')) throw sluiceError('SQL_INVALID', { reason: 'there is a zero byte in it' });
  const [[text] = []] = await ask(`SELECT CAST(json_serialize_sql(${literal(sql)}) AS VARCHAR)`);
  const parsed = parsedTree(String(text));
  if (parsed.error === true) throw parseError(parsed);
  const [statement, another] = parsed.statements ?? [];
  if (statement === undefined) throw sluiceError('SQL_INVALID', { reason: 'there is no query in it' });
  if (another !== undefined)
    throw sluiceError('SQL_NOT_ALLOWED', { what: 'more than one statement', where: '' });
  return statement.node;
}

/** A number too large for a double stands in the tree as Infinity, which is no JSON. */
function parsedTree(text: string): Parsed {
  try {
    return JSON.parse(text) as Parsed;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw sluiceError('SQL_INVALID', { reason: 'a number in it is too large' }, error);
  }
}

interface Parsed {
  readonly error?: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly { readonly node: Node }[];
}

function parseError({ error_type: type, error_message: message = '' }: Parsed) {
  // Told apart by the type that the serialiser itself gives: everything that is no query is "not implemented".
  if (type === 'not implemented')
    return sluiceError('SQL_NOT_ALLOWED', { what: 'anything but one SELECT', where: '' });
  return sluiceError('SQL_INVALID', { reason: (message.split('\n')[0] ?? '').slice(0, 300) });
}

async function canonicalText(ask: Ask, sql: string): Promise<string> {
  const [[text] = []] = await ask(`SELECT json_deserialize_sql(json_serialize_sql(${literal(sql)}))`);
  return String(text);
}

async function deserialised(ask: Ask, node: Node): Promise<string> {
  const statements = [{ node: withoutPlaces(node), named_param_map: [] }];
  const json = JSON.stringify({ error: false, statements });
  const [[text] = []] = await ask(`SELECT json_deserialize_sql(CAST(${literal(json)} AS JSON))`);
  return String(text);
}

/** Places in the text are larger than JSON numbers are exact. */
function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, key === 'query_location' ? 0 : withoutPlaces(part)]),
  );
}

const EMPTY_LISTS = ['modifiers', 'group_expressions', 'group_sets'] as const;
const ABSENT = ['where_clause', 'having', 'sample', 'qualify'] as const;

/** One value of one row of `data`: whatever was written closes no bracket of ours. */
function assertOnlyValue(node: Node, expression: string): void {
  const list = node['select_list'];
  const from = node['from_table'] as Node | undefined;
  const only =
    node['type'] === 'SELECT_NODE' &&
    Array.isArray(list) &&
    list.length === 1 &&
    from?.['type'] === 'BASE_TABLE' &&
    from['table_name'] === 'data' &&
    from['alias'] === '' &&
    from['schema_name'] === '' &&
    EMPTY_LISTS.every((key) => Array.isArray(node[key]) && node[key].length === 0) &&
    ABSENT.every((key) => node[key] === null) &&
    node['aggregate_handling'] === 'STANDARD_HANDLING';
  if (!only)
    throw sluiceError('SQL_NOT_ALLOWED', { what: 'more than one value', where: expression.slice(0, 40) });
}

function isNumberOtherThanZero(node: Node): boolean {
  if (node['class'] !== 'CONSTANT') return false;
  const { value } = node['value'] as Node;
  return typeof value === 'number' && value !== 0;
}

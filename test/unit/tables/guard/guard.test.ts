import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DuckDBInstance } from '@duckdb/node-api';
import { checkExpression, checkQuery } from '#internal/main/tables/guard/index';
import {
  AGGREGATE_FUNCTIONS,
  SCALAR_FUNCTIONS,
  WINDOW_FUNCTIONS,
} from '#internal/main/tables/guard/functions';
import { openParser } from './support.ts';

let parser: Awaited<ReturnType<typeof openParser>>;
beforeAll(async () => {
  parser = await openParser();
});
afterAll(() => parser.close());

const columns = ['a', 'b', 'user', 'x y', 'current_date'];
const query = (sql: string): Promise<string> =>
  checkQuery(parser.ask, sql, columns).then(
    (checked) => checked.sql,
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );
const expression = (sql: string): Promise<string> =>
  checkExpression(parser.ask, sql, columns).then(
    (checked) => checked.sql,
    (error: { code?: string; message: string }) => `${error.code}: ${error.message}`,
  );

describe('what only computes passes, made anew', () => {
  test.each([
    "SELECT a, b + 1 AS c FROM data WHERE a LIKE 'x%' -- a comment",
    'SELECT "x y", count(*) FILTER (WHERE b > 1) FROM data GROUP BY ALL HAVING count(*) > 1 ORDER BY 2 DESC LIMIT 10 OFFSET 1',
    'WITH one AS (SELECT a FROM data), two AS (SELECT * FROM one) SELECT * FROM two JOIN one USING (a)',
    'WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT i FROM n',
    'SELECT row_number() OVER (PARTITION BY a ORDER BY b) AS n, sum(b) OVER w FROM data WINDOW w AS (ORDER BY a)',
    'SELECT CASE WHEN a IS NULL THEN 1 ELSE 2 END, b BETWEEN 1 AND 2, a IN (1, 2), CAST(a AS DECIMAL(5, 2)), TRY_CAST(b AS DATE) FROM data',
    'SELECT (SELECT max(b) FROM data), EXISTS (SELECT 1 FROM data AS d WHERE d.a = data.a) FROM data',
    'SELECT * EXCLUDE (a) REPLACE (b + 1 AS b) FROM data',
    'FROM data SELECT DISTINCT ON (a) a ORDER BY ALL',
    'SELECT i FROM range(10) AS r(i) UNION ALL SELECT i FROM generate_series(-5, 5, 2) AS g(i)',
    "SELECT unnest(string_split(a, ',')) FROM data",
    "SELECT list_transform([1, 2], lambda x: x + 1), [1, 2][1], {'k': 1} FROM data",
    'SELECT * FROM (VALUES (1, 2)) AS v(p, q)',
    'SELECT "user" FROM data',
    'SELECT data.current_date FROM data',
    "SELECT date_trunc('month', CAST(a AS DATE)), strftime(CAST(a AS DATE), '%Y'), DATE '2024-01-01' + INTERVAL 1 DAY FROM data",
  ])('%s', async (sql) => {
    const canonical = await query(sql);
    expect(canonical).not.toMatch(/^[A-Z]+_[A-Z]+:/);
    expect(canonical).not.toContain('comment');
    expect(await query(canonical)).not.toMatch(/^[A-Z]+_[A-Z]+:/);
  });
});

describe('everything else is refused', () => {
  test.each([
    // Section 0: what the settings alone let through.
    "COPY (SELECT 666) TO 'x' (USE_TMP_FILE false)",
    "COPY data TO 'x.csv'",
    "CALL enable_logging(storage='file', storage_config={'path': 'x'})",
    "SELECT * FROM enable_logging(storage='stdout')",
    'CALL enable_profiling()',
    'SELECT * FROM enable_profiling()',
    'PRAGMA enable_verification',
    "ATTACH ':memory:'",
    'DROP TABLE data',
    'CREATE MACRO m(a) AS a',
    'CREATE TABLE t AS SELECT 1',
    'SET threads = 1',
    'SELECT list_sum(range(1000000000))',
    "SELECT length(repeat('a', 2000000000))",
    "SELECT * FROM read_text('/etc/passwd')",
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM read_blob('x')",
    "SELECT * FROM glob('*')",
    "SELECT * FROM '/etc/passwd.csv'",
    'SELECT * FROM "/etc/passwd.csv"',
    'SELECT * FROM other',
    // Names that look like WITH.
    'SELECT * FROM "/etc/passwd.csv" WHERE EXISTS (WITH "/etc/passwd.csv" AS (SELECT 1) SELECT * FROM "/etc/passwd.csv")',
    'SELECT * FROM secret WHERE EXISTS (WITH secret AS (SELECT 1) SELECT * FROM secret)',
    'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
    'WITH a AS (SELECT * FROM a) SELECT * FROM a',
    'WITH data AS (SELECT 1) SELECT * FROM data',
    'WITH duckdb_settings AS (SELECT 1) SELECT * FROM duckdb_settings',
    'WITH pg_x AS (SELECT 1) SELECT * FROM pg_x',
    'SELECT * FROM (WITH q AS (SELECT 1) SELECT * FROM q) AS z, q',
    'WITH RECURSIVE n AS (SELECT i FROM n UNION ALL SELECT i FROM n) SELECT * FROM n',
    // What looks like a SELECT.
    'SHOW TABLES',
    'SHOW ALL TABLES',
    'SELECT * FROM (SHOW ALL TABLES)',
    'DESCRIBE data',
    'SUMMARIZE data',
    'PIVOT data ON a USING sum(b)',
    'SELECT * FROM data PIVOT (sum(a) FOR b IN (1, 2))',
    'UNPIVOT data ON a, b',
    'EXPLAIN SELECT 1',
    'SELECT 1; SELECT 2',
    'SELECT 1; DROP TABLE data',
    'INSERT INTO data VALUES (1) RETURNING *',
    // Places.
    'SELECT * FROM main.data',
    'SELECT * FROM memory.main.data',
    'SELECT * FROM information_schema.tables',
    'SELECT * FROM duckdb_settings()',
    'SELECT * FROM duckdb_functions()',
    'SELECT * FROM pragma_version()',
    'SELECT * FROM sqlite_master',
    "SELECT * FROM query('SELECT 1')",
    "SELECT * FROM query_table('data')",
    "SELECT * FROM json_execute_serialized_sql('{}')",
    'SELECT * FROM test_all_types()',
    // Functions that ask or do.
    "SELECT getenv('HOME')",
    "SELECT current_setting('temp_directory')",
    'SELECT pg_backend_pid()',
    'SELECT system.main.pg_backend_pid()',
    "SELECT nextval('s')",
    'SELECT random() FROM data',
    'SELECT uuid()',
    'SELECT gen_random_uuid()',
    'SELECT setseed(0.5)',
    'SELECT now()',
    'SELECT current_date',
    'SELECT current_user',
    'SELECT version()',
    'SELECT sleep_ms(10000)',
    "SELECT write_log('x')",
    "SELECT getvariable('x')",
    "SELECT json_serialize_sql('SELECT 1')",
    'SELECT in_search_path(a, b) FROM data',
    'SELECT array_resize([1], 1000000000)',
    'SELECT list_reduce([1], lambda x, y: x) FROM data',
    "SELECT list_aggregate([1], 'histogram') FROM data",
    'SELECT error(a) FROM data',
    // Sizes that are not known beforehand.
    'SELECT * FROM range(100000000)',
    'SELECT * FROM range(0, 100000000, 1)',
    'SELECT * FROM range(0, 10, 0)',
    'SELECT * FROM data, range(data.a)',
    "SELECT * FROM generate_series(DATE '2020-01-01', DATE '2999-01-01', INTERVAL 1 SECOND)",
    // The rest of the language.
    'SELECT ? FROM data',
    'SELECT $1 FROM data',
    'SELECT a COLLATE nocase FROM data',
    'SELECT * FROM data USING SAMPLE 10',
    'SELECT * FROM data TABLESAMPLE 5%',
    'SELECT * FROM data AT (VERSION => 1)',
    'SELECT CAST(a AS regclass) FROM data',
    'SELECT a::my_enum FROM data',
    'SELECT CAST(a AS STRUCT(b regclass)) FROM data',
    'SELECT CAST(a AS regclass[]) FROM data',
    'SELECT DEFAULT FROM data',
    // A column is called like the clock: DuckDB takes the word for the clock where the column is not in sight.
    'SELECT current_date FROM (SELECT 1)',
    'SELECT "current_date" FROM (SELECT 1)',
    'SELECT now FROM data',
    // Numbers that are none in JSON.
    'SELECT 1e400',
    'SELECT -1e999 FROM data',
    // Other ways to the same.
    "SELECT 'HOME'.getenv()",
    "SELECT ｇetenv('HOME')",
    'SELECT a FROM ｄａｔａ',
    'SELECT system."getenv"(\'HOME\')',
    "SELECT [getenv(x) FOR x IN ['HOME']]",
    "SELECT COLUMNS(lambda c: getenv(c) = '') FROM data",
    "SELECT * REPLACE (a AS b), (SELECT content FROM read_text('x')) FROM data",
    "SELECT ARRAY(SELECT content FROM read_text('x'))",
    'SELECT t.content FROM data, LATERAL read_text(data.a) AS t',
    'SELECT * FROM data, LATERAL (SELECT getenv(data.a)) AS t',
    "SELECT * FROM unnest((SELECT list(content) FROM read_text('x')))",
    "SELECT a FROM data LIMIT (SELECT count(*) FROM read_text('x'))",
    "SELECT sum(a) OVER w FROM data WINDOW w AS (PARTITION BY getenv('x'))",
    "SELECT first_value(a ORDER BY getenv('x')) OVER () FROM data",
    "SELECT lag(a, 1, getenv('x')) OVER () FROM data",
    "SELECT list(a ORDER BY getenv('x')) FROM data",
    'WITH x AS (INSERT INTO data VALUES (1) RETURNING *) SELECT * FROM x',
    'WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i FROM recurring.a) SELECT * FROM a',
    "WITH RECURSIVE a AS (SELECT 1 UNION ALL (WITH b AS (SELECT * FROM read_text('x')) SELECT * FROM b)) SELECT * FROM a",
    'WITH a AS (WITH b AS (SELECT 1) SELECT * FROM b) SELECT * FROM b',
    "SELECT a::ENUM('x', 'y') FROM data",
    'SELECT a::memory.main.foo FROM data',
    'SELECT a::"/etc/passwd" FROM data',
    'SELECT a::INTEGER[1000000000] FROM data',
    'SELECT a::JSON FROM data',
    'SELECT a::MAP(VARCHAR, VARCHAR) FROM data',
    "SELECT repeat('a', 10)",
    'SELECT range(1000000000)',
    'SELECT unnest(generate_series(1, 1000000000))',
    'SELECT * FROM unnest(range(1000000000))',
    'SELECT * FROM range(9007199254740993)',
    'SELECT * FROM range(-9000000, 9000000)',
    'SELECT * FROM range(1e9)',
    'SELECT * FROM range((SELECT 10))',
    'SELECT * FROM repeat_row(1, num_rows = 10)',
    'SELECT * FROM (SELECT 1 USING SAMPLE 1)',
    'SELECT * FROM (VALUES (1)) TABLESAMPLE 10%',
    'SELECT * FROM range(10) TABLESAMPLE 10%',
    'SELECT icu_sort_key(a, b) FROM data',
    'SELECT a AT TIME ZONE b FROM data',
    'SELECT $name FROM data',
    "SELECT json_extract(a, '$') FROM data",
    'FROM (SUMMARIZE data)',
    'EXECUTE x',
    'SELECT a INTO b FROM data',
    `SELECT ${'['.repeat(5000)}1${']'.repeat(5000)}`,
    `SELECT ${'NOT '.repeat(4500)}true`,
    // Hidden deep.
    "SELECT a FROM data ORDER BY (SELECT max(content) FROM read_text('/etc/passwd'))",
    "SELECT a FROM data LIMIT (SELECT length(getenv('HOME')))",
    "SELECT sum(a) FILTER (WHERE b > (SELECT count(*) FROM glob('*'))) FROM data",
    "SELECT sum(a) OVER (ORDER BY getenv('HOME')) FROM data",
    'SELECT sum(a) OVER (ROWS BETWEEN random() PRECEDING AND CURRENT ROW) FROM data',
    "SELECT list_transform([1], lambda x: getenv('HOME')) FROM data",
    "SELECT * REPLACE (getenv('HOME') AS a) FROM data",
    "SELECT a FROM data GROUP BY GROUPING SETS ((getenv('HOME')), ())",
    "SELECT a FROM data QUALIFY getenv('HOME') = 'x'",
    "SELECT a FROM data JOIN data AS d ON getenv('HOME') = 'x'",
    "SELECT * FROM (VALUES (getenv('HOME')))",
    "SELECT DISTINCT ON (getenv('HOME')) a FROM data",
    "SELECT string_agg(a, ',' ORDER BY getenv('HOME')) FROM data",
    "SELECT COLUMNS(c -> c = getenv('HOME')) FROM data",
    "SELECT a FROM data UNION SELECT content FROM read_text('x')",
    "SELECT CASE WHEN true THEN getenv('HOME') END",
    "SELECT a FROM data WHERE b = ANY (SELECT content FROM read_text('x'))",
    "SELECT unnest(glob('*'))",
  ])('%s', async (sql) => {
    expect(await query(sql)).toMatch(/^SQL_(NOT_ALLOWED|INVALID): /);
  });

  test('it says what and where', async () => {
    expect(await query("SELECT a,\n  getenv('HOME') FROM data")).toBe(
      "SQL_NOT_ALLOWED: This SQL may not use the function getenv, near: getenv('HOME') FROM data.",
    );
    expect(await query('SELEC 1')).toBe(
      'SQL_INVALID: This SQL cannot be read: syntax error at or near "SELEC".',
    );
    expect(await query(`SELECT '${'a'.repeat(30_000)}'`)).toContain('it is too long');
    expect(await query('SELECT 1 \0')).toContain('zero byte');
    expect(await query('')).toContain('there is no query');
  });
});

describe('an expression is one value of one row', () => {
  test.each([
    'a + b',
    "upper(a) || 'x'",
    'CASE WHEN a > 1 THEN b END',
    'a / b -- comment',
    'round(a, 2)',
    '"x y"',
  ])('%s', async (sql) => {
    expect(await expression(sql)).toMatch(/^SELECT .* FROM "data"$/);
  });

  test.each([
    'sum(a)',
    'row_number() OVER ()',
    '(SELECT 1)',
    'a IN (SELECT b FROM data)',
    'a), (b',
    'a) FROM data; DROP TABLE data; --',
    "a) FROM read_text('x') --",
    'a) FROM data WHERE (b',
    'a) FROM data GROUP BY (a',
    'a) AS x, (b',
    'a) FROM data UNION SELECT (b',
    '*',
    'COLUMNS(*)',
    'unnest([1, 2])',
    'random()',
    "getenv('HOME')",
    'a;',
    '',
  ])('%s', async (sql) => {
    expect(await expression(sql)).toMatch(/^SQL_(NOT_ALLOWED|INVALID): /);
  });

  test('divisors that can be 0 are asked about', async () => {
    const { divisors } = await checkExpression(parser.ask, 'a / b + a % (b - 1) + a / 2', columns);
    expect(divisors).toEqual({ count: 2, sql: 'SELECT b, (b - 1) FROM "data"' });
    expect((await checkExpression(parser.ask, 'a / 2', columns)).divisors).toBeNull();
  });
});

test('every function that is allowed is one that DuckDB has, and none of those that ask or do', async () => {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll('SELECT DISTINCT function_name FROM duckdb_functions()');
  const known = new Set(rows.getRowsJson().map(([name]) => name));
  connection.closeSync();
  instance.closeSync();
  // Made by the parser, and known to no catalogue.
  const spoken = new Set(['ifnull', 'coalesce', 'position']);
  const allowed = [...SCALAR_FUNCTIONS, ...AGGREGATE_FUNCTIONS, ...WINDOW_FUNCTIONS];
  expect(allowed.filter((name) => !known.has(name) && !spoken.has(name))).toEqual([]);
  const suspect =
    /^(read_|write_|pg_|duckdb_|pragma_|current_|json_execute|json_serialize|getenv|getvariable|setseed|random|uuid|gen_random|nextval|currval|now$|today$|version$|sleep|glob|query|enable_|disable_|parse_duckdb|txid|from_substrait|force_checkpoint|checkpoint|repeat|array_resize|list_resize|error$|test_|sniff_|icu_|in_search_path|has_|transaction_|get_current|user$|session_user)/;
  expect(allowed.filter((name) => suspect.test(name))).toEqual([]);
});

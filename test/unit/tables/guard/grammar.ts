/** SQL by lot: mostly what the guard lets through, with forbidden pieces wherever the language takes one. */
export class Grammar {
  readonly #random: () => number;
  readonly #canary: string;

  constructor(random: () => number, canary: string) {
    this.#random = random;
    this.#canary = canary;
  }

  statement(): string {
    const query = this.#query(3);
    return this.#pick([
      ...Array.from({ length: 12 }, () => () => query),
      () => `${query}; ${this.#query(1)}`,
      () => `COPY (${query}) TO '${this.#canary}' (USE_TMP_FILE false)`,
      () => `CREATE TABLE stolen AS ${query}`,
      () => `/* ${query} */ DROP TABLE data`,
      () => `EXPLAIN ANALYZE ${query}`,
      () => `${query} -- '; DROP TABLE data`,
      () => this.#cut(query),
    ]);
  }

  /** A query with a piece of it gone, doubled, or swapped: hardly ever SQL, and never to be trusted. */
  #cut(query: string): string {
    const from = Math.floor(this.#random() * query.length);
    const to = from + Math.floor(this.#random() * 12);
    return this.#pick([
      () => query.slice(0, from) + query.slice(to),
      () => query.slice(0, to) + query.slice(from),
      () =>
        query.slice(0, from) +
        this.#pick([')', "'", '"', '$$', '--', '/*', ';', '\\', '(SELECT'].map((sign) => () => sign)) +
        query.slice(from),
    ]);
  }

  #query(depth: number): string {
    if (depth > 0 && this.#chance(0.12))
      return `${this.#query(depth - 1)} UNION ALL ${this.#query(depth - 1)}`;
    const withs = this.#chance(0.25)
      ? `WITH ${this.#chance(0.2) ? 'RECURSIVE ' : ''}${this.#name()} AS (${this.#query(depth - 1)})${this.#chance(0.3) ? `, ${this.#name()} AS (${this.#query(depth - 1)})` : ''} `
      : '';
    const parts = [
      `SELECT ${this.#chance(0.1) ? 'DISTINCT ' : ''}${this.#list(depth)}`,
      this.#chance(0.95) ? `FROM ${this.#table(depth)}` : '',
      this.#chance(0.4) ? `WHERE ${this.#expression(depth)}` : '',
      this.#chance(0.15) ? 'GROUP BY ALL' : '',
      this.#chance(0.08) ? `QUALIFY ${this.#expression(depth)}` : '',
      this.#chance(0.2) ? `ORDER BY ${this.#expression(depth)}` : '',
      this.#chance(0.2) ? `LIMIT ${this.#chance(0.8) ? '5' : this.#expression(1)}` : '',
      this.#chance(0.03) ? 'USING SAMPLE 2' : '',
    ];
    return withs + parts.filter((part) => part !== '').join(' ');
  }

  #list(depth: number): string {
    if (this.#chance(0.2))
      return this.#pick([() => '*', () => 'COLUMNS(*)', () => `* REPLACE (${this.#expression(depth)} AS a)`]);
    const count = 1 + Math.floor(this.#random() * 3);
    return Array.from({ length: count }, (_, index) => `${this.#expression(depth)} AS e${index}`).join(', ');
  }

  #name(): string {
    return this.#pick([
      () => 'one',
      () => 'two',
      () => 'data',
      () => `"${this.#canary}"`,
      () => 'duckdb_settings',
      () => '"Odd Name"',
      () => 'sqlite_master',
    ]);
  }

  #table(depth: number): string {
    return this.#pick([
      ...Array.from({ length: 10 }, () => () => 'data'),
      () => 'one',
      () => 'two',
      () => 'data AS d',
      () => `(${this.#query(Math.max(0, depth - 1))}) AS s`,
      () => `data JOIN data AS o ON ${this.#expression(1)}`,
      () => `data, (${this.#query(Math.max(0, depth - 1))}) AS s`,
      () => 'range(5) AS r(a)',
      () => '(VALUES (1, 2)) AS v(a, b)',
      () => (this.#chance(0.5) ? 'data' : this.#forbiddenTable()),
    ]);
  }

  #forbiddenTable(): string {
    const path = `'${this.#canary}'`;
    return this.#pick([
      () => path,
      () => `"${this.#canary}"`,
      () => `read_text(${path})`,
      () => `read_csv(${path})`,
      () => `read_blob([${path}])`,
      () => `glob(${path})`,
      () => `sniff_csv(${path})`,
      () => 'duckdb_settings()',
      () => 'duckdb_secrets()',
      () => 'information_schema.tables',
      () => 'main.data',
      () => `query('FROM read_text(''${this.#canary}'')')`,
      () => "query_table('data')",
      () => `enable_logging(storage='file', storage_config={'path': ${path}})`,
      () => '(SHOW TABLES)',
      () => '(SUMMARIZE data)',
      () => 'data PIVOT (count(*) FOR a IN (1, 2))',
      () => 'range(99999999999)',
      () => 'data, range(data.a)',
      () => "pragma_storage_info('data')",
      () => 'data TABLESAMPLE 10%',
    ]);
  }

  #expression(depth: number): string {
    if (depth <= 0 || this.#chance(0.25)) return this.#leaf();
    const next = (): string => this.#expression(depth - 1);
    return this.#pick([
      () => `(${next()} + ${next()})`,
      () => `(${next()} / ${next()})`,
      () => `(${next()} = ${next()})`,
      () => `(${next()} || ${next()})`,
      () => `upper(CAST(${next()} AS VARCHAR))`,
      () => `coalesce(${next()}, ${next()})`,
      () => `CASE WHEN ${next()} THEN ${next()} ELSE ${next()} END`,
      () => `(${next()} IN (${next()}, ${next()}))`,
      () => `(${next()} BETWEEN ${next()} AND ${next()})`,
      () =>
        `TRY_CAST(${next()} AS ${this.#pick([() => 'DOUBLE', () => 'DATE', () => 'VARCHAR[]', () => 'regclass', () => 'JSON'])})`,
      () => `(SELECT max(${next()}) FROM ${this.#table(depth - 1)})`,
      () => `EXISTS (${this.#query(depth - 1)})`,
      () => `sum(TRY_CAST(${next()} AS DOUBLE)) OVER (ORDER BY ${next()})`,
      () => `count(*) FILTER (WHERE ${next()})`,
      () => `list_transform([${next()}], lambda x: ${next()})`,
      () => `[${next()}, ${next()}][1]`,
      () => `{'k': ${next()}}.k`,
      () => `try(${next()})`,
      () => `(${next()} COLLATE nocase)`,
      () => (this.#chance(0.6) ? next() : this.#forbiddenCall(next())),
    ]);
  }

  #forbiddenCall(inner: string): string {
    return this.#pick([
      () => "getenv('SLUICE_CANARY')",
      () => `current_setting('temp_directory')`,
      () => 'pg_backend_pid()',
      () => 'system.main.version()',
      () => `main.write_log(${inner})`,
      () => `error(${inner})`,
      () => `getvariable(${inner})`,
      () => `(SELECT content FROM read_text('${this.#canary}'))`,
      () => `repeat(${inner}, 999999999)`,
      () => `range(999999999)`,
      () => 'random()',
      () => 'uuid()',
      () => 'current_user',
      () => 'current_query()',
      () => "nextval('s')",
      () => `sleep_ms(60000)`,
      () => `json_serialize_sql('SELECT 1')`,
      () => `list_aggregate([${inner}], 'sum')`,
    ]);
  }

  #leaf(): string {
    return this.#pick([
      () => 'a',
      () => 'b',
      () => '"c d"',
      () => '1',
      () => '0',
      () => "'x'",
      () => 'NULL',
      () => 'true',
      () => "DATE '2024-01-01'",
      () => 'data.a',
      () =>
        this.#chance(0.85)
          ? 'a'
          : this.#pick([
              () => '?',
              () => '$1',
              () => 'current_date',
              () => 'user',
              () => '#1',
              () => 'DEFAULT',
            ]),
    ]);
  }

  #chance(probability: number): boolean {
    return this.#random() < probability;
  }

  #pick<T>(choices: readonly (() => T)[]): T {
    const chosen = choices[Math.floor(this.#random() * choices.length)];
    if (chosen === undefined) throw new Error('nothing to choose from');
    return chosen();
  }
}

/** Mulberry32: the same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

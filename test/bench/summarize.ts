/**
 * The peer of the profile: DuckDB's own SUMMARIZE of a CSV, in a process of its own. Takes the path, and prints the
 * options its reader needed.
 */
import { DuckDBInstance } from '@duckdb/node-api';

/** From what DuckDB does by itself to what a messy file takes; the first that reads the file to its end is measured. */
const READERS = [
  '',
  ', strict_mode = false, ignore_errors = true',
  ', strict_mode = false, ignore_errors = true, null_padding = true, parallel = false',
  ", strict_mode = false, ignore_errors = true, encoding = 'latin-1'",
  ", strict_mode = false, ignore_errors = true, null_padding = true, parallel = false, encoding = 'latin-1', all_varchar = true",
];

const path = process.argv[2];
const wanted = process.argv[3];
if (path === undefined) throw new Error('usage: summarize.ts FILE [READER]');

const instance = await DuckDBInstance.create(':memory:');
const connection = await instance.connect();
const failures: string[] = [];
for (const reader of wanted === undefined ? READERS : [wanted]) {
  try {
    const from = `read_csv('${path.replaceAll("'", "''")}'${reader})`;
    const columns = await connection.runAndReadAll(`SUMMARIZE FROM ${from}`);
    if (columns.currentRowCount < 2) throw new Error('it saw a single column');
    console.log(JSON.stringify({ reader }));
    process.exit(0);
  } catch (error) {
    failures.push(`${reader}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
throw new Error(`DuckDB could not read the file in any way:\n${failures.join('\n')}`);

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from './program.ts';

// Built to out/main/cli.js; the package is two folders up.
const root = join(import.meta.dirname, '..', '..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

process.exitCode = await runProgram(process.argv.slice(2), {
  version,
  tablesProcess: join(import.meta.dirname, 'tables-process.js'),
  page: join(root, 'out', 'renderer'),
  sampleFile: join(root, 'assets', 'sample', 'shop-orders.csv'),
});

/** `npm run bench`: what DESIGN promised, measured. Ratios in one run on one machine; never a timed test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { grid } from './grid.ts';
import { loadNote } from './machine.ts';
import { preview } from './preview.ts';
import { table } from './print.ts';
import { queue } from './queue.ts';
import { TABLES } from './tables/index.ts';
import type { Row } from './row.ts';
import { TRANSFERS } from './transfers/index.ts';

const BENCHES: readonly Bench[] = [...TRANSFERS, ...TABLES, preview, grid, queue];

/** Names that stand for several. */
const GROUPS: Readonly<Record<string, readonly Bench[]>> = {
  transfers: [...TRANSFERS, queue],
  tables: [...TABLES, preview, grid],
};

const HELP = `npm run -s bench -- [NAME...] [--json] [--quick] [--long] [--rounds N]

${BENCHES.map(({ name, what }) => `  ${name.padEnd(14)}${what}`).join('\n')}
${Object.entries(GROUPS)
  .map(([name, all]) => `  ${name.padEnd(14)}${all.map((bench) => bench.name).join(', ')}`)
  .join('\n')}

  --json       rows as one JSON document
  --quick      smaller files, one round: a look, not a measurement
  --long       also what takes an hour: 1 TB, 20 GiB
  --rounds N   runs of each contender, of which the median counts (3)`;

const QUICK = 'a look with --quick: smaller files, one round';

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const named = (name: string): readonly Bench[] =>
  GROUPS[name] ?? BENCHES.filter((bench) => bench.name === name);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      long: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => named(name).length === 0);
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
    tell(unknown === undefined ? '--rounds takes a number from 1.' : `There is no bench ${unknown}.`);
    tell(HELP);
    return 2;
  }

  const wanted = new Set(positionals.flatMap((name) => named(name)));
  const chosen = positionals.length === 0 ? BENCHES : BENCHES.filter((bench) => wanted.has(bench));
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const takeAway = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', takeAway);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      tell(`ended by ${signal}: nothing is told of what was not measured to its end`);
      process.exit(130);
    });

  const rows: Row[] = [];
  let failed = false;
  for (const bench of chosen) {
    try {
      const notes = [...(values.quick ? [QUICK] : []), ...(await loadNote())];
      const found = await bench.run({ quick: values.quick, long: values.long, rounds, scratch, tell });
      rows.push(...found.map((row) => ({ ...row, notes: [...row.notes, ...notes] })));
    } catch (error) {
      failed = true;
      tell(`${bench.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(values.json ? JSON.stringify(rows, null, 2) : table(rows));
  return failed ? 1 : 0;
}

process.exitCode = await main();

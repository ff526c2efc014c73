/** `npm run bench`: what DESIGN promised, measured. Ratios in one run on one machine; never a timed test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { preview } from './preview.ts';
import { table } from './print.ts';
import { queue } from './queue.ts';
import type { Row } from './row.ts';
import { upload } from './upload.ts';

const BENCHES: readonly Bench[] = [upload, preview, queue];

const HELP = `npm run -s bench -- [NAME...] [--json] [--quick] [--rounds N]

${BENCHES.map(({ name, what }) => `  ${name.padEnd(10)}${what}`).join('\n')}

  --json       rows as one JSON document
  --quick      smaller files: a look, not a measurement
  --rounds N   runs of each contender, of which the median counts (3)`;

const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '3' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const unknown = positionals.find((name) => !BENCHES.some((bench) => bench.name === name));
  const rounds = Number(values.rounds);
  if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
    tell(unknown === undefined ? '--rounds takes a number from 1.' : `There is no bench ${unknown}.`);
    tell(HELP);
    return 2;
  }

  const chosen = BENCHES.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const scratch = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const takeAway = (): void => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', takeAway);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => process.exit(130));

  const rows: Row[] = [];
  let failed = false;
  for (const bench of chosen) {
    try {
      rows.push(...(await bench.run({ quick: values.quick, rounds, scratch, tell })));
    } catch (error) {
      failed = true;
      tell(`${bench.name} could not be measured: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  console.log(values.json ? JSON.stringify(rows, null, 2) : table(rows));
  return failed ? 1 : 0;
}

process.exitCode = await main();

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeMessyCsv } from '../support/messy-csv.ts';
import { CLI, cleanEnvironment, type Bench, type Terms } from './bench.ts';
import { alternate, measure, type Contender } from './measure.ts';
import { ratio, row, type Row } from './row.ts';
import { writePlainCsv } from './tables/plain-csv.ts';

const SEED = 459;

/** How soon the rows of a big CSV are seen, and what its whole profile costs beside DuckDB's own. */
export const preview: Bench = {
  name: 'preview',
  what: 'first rows and profile of a CSV of 459 MB, messy and plain, against DuckDB’s SUMMARIZE',
  async run(terms) {
    const bytes = (terms.quick ? 64 : 459) * 1e6;
    const messy = join(terms.scratch, 'messy.csv');
    const plain = join(terms.scratch, 'plain.csv');
    terms.tell(`preview: writing ${bytes / 1e6} MB of CSV twice (seed ${SEED})`);
    await writeMessyCsv(messy, { seed: SEED, bytes });
    await writePlainCsv(plain, bytes);
    return [...(await against(terms, 'plain', plain)), ...(await against(terms, 'messy', messy))];
  },
};

/** @param kind of the file, for the names of the rows */
async function against(terms: Terms, kind: string, file: string): Promise<readonly Row[]> {
  const script = join(import.meta.dirname, 'summarize.ts');
  const summarize = (...reader: readonly string[]) =>
    measure({
      program: process.execPath,
      args: [script, file, ...reader],
      env: cleanEnvironment(terms.scratch),
      cwd: terms.scratch,
    });
  // Which way DuckDB can read it at all is found out once, and is not part of what is measured.
  const { reader } = JSON.parse((await summarize()).stdout) as { reader: string };
  terms.tell(
    `preview: DuckDB reads the ${kind} file with${reader === '' ? ' its defaults' : reader.slice(1)}`,
  );

  const medians = await alternate(
    [
      inspect(terms, 'preview', file, []),
      inspect(terms, 'profile', file, ['--profile']),
      { name: 'duckdb', run: () => summarize(reader) },
    ],
    terms.rounds,
    (line) => terms.tell(line),
  );
  const of = (name: string) => medians.get(name);
  const seconds = (name: string): number | null => of(name)?.seconds ?? null;
  const cpu = (name: string): number | null => of(name)?.cpuSeconds ?? null;
  const memory = (name: string): number | null => {
    const peak = of(name)?.peakBytes ?? null;
    return peak === null ? null : peak / 1e6;
  };
  return [
    row(
      `preview, ${kind}: first 50 rows, types and dialect`,
      seconds('preview'),
      's',
      { atMost: 1 },
      { 'CPU s': cpu('preview'), 'peak MB': memory('preview') },
    ),
    row(
      `preview, ${kind}: whole profile, times SUMMARIZE`,
      ratio(seconds('profile'), seconds('duckdb')),
      'x',
      { atMost: 1.3 },
      {
        'sluice s': seconds('profile'),
        'duckdb s': seconds('duckdb'),
        'sluice CPU s': cpu('profile'),
        'duckdb CPU s': cpu('duckdb'),
        'sluice peak MB': memory('profile'),
        'duckdb peak MB': memory('duckdb'),
      },
    ),
  ];
}

function inspect(terms: Terms, name: string, file: string, flags: readonly string[]): Contender {
  return {
    name,
    run: async (round) => {
      const data = join(terms.scratch, `${name}-${round}`);
      await mkdir(data, { recursive: true });
      return measure({
        program: process.execPath,
        args: [...CLI, 'inspect', file, ...flags, '--json', '--data', data],
        env: cleanEnvironment(terms.scratch),
        cwd: terms.scratch,
      });
    },
  };
}

import { mkdir, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputFormat, Recipe } from '#shared/domain';
import type { Bench, Terms } from '../bench.ts';
import { median, row, type Row } from '../row.ts';
import { startEngine } from './engine.ts';

const MEMORY_MB = 2000;

interface Cost {
  readonly seconds: number;
  readonly peakMb: number | null;
}

/** What it costs to write a workbook, and to read it. */
export const workbook: Bench = {
  name: 'tables-workbook',
  what: 'an Excel workbook of 200,000 rows and 8 columns: written, and read to its last row',
  async run(terms) {
    const rows = terms.quick ? 20_000 : 200_000;
    const folder = join(terms.scratch, 'tables');
    await mkdir(folder, { recursive: true });
    const [csv, xlsx] = [join(folder, 'workbook.csv'), join(folder, 'workbook.xlsx')];
    await writeRows(csv, rows);
    const written: Cost[] = [];
    const read: Cost[] = [];
    const asText: Cost[] = [];
    for (let round = 0; round < terms.rounds; round += 1) {
      written.push(await convert(terms, csv, xlsx, 'xlsx'));
      read.push(await convert(terms, xlsx, join(folder, 'again.csv'), 'csv'));
      asText.push(await convert(terms, csv, join(folder, 'text.csv'), 'csv'));
    }
    const seconds = (of: readonly Cost[]): number => median(of.map((cost) => cost.seconds));
    const peak = (of: readonly Cost[]): number | null => {
      const peaks = of.map((cost) => cost.peakMb).filter((found) => found !== null);
      return peaks.length === 0 ? null : median(peaks);
    };
    const what = `a workbook of ${rows} rows and 8 columns`;
    // The same rows from CSV to CSV: what starting, checking and writing cost without the workbook.
    const peers = { 'csv to csv s': seconds(asText) };
    return [
      row(`tables: ${what}, read and written as CSV`, seconds(read), 's', { atMost: 4 }, peers),
      row(`tables: ${what}, peak memory of reading`, peak(read), 'MB', { atMost: 300 }),
      row(`tables: ${what}, written and proven`, seconds(written), 's', null, peers),
      row(`tables: ${what}, peak memory of writing`, peak(written), 'MB', null),
    ] satisfies readonly Row[];
  },
};

async function convert(terms: Terms, from: string, to: string, format: OutputFormat): Promise<Cost> {
  const steps: Recipe['steps'] = format === 'xlsx' ? [{ kind: 'real-types' }] : [];
  const engine = startEngine(terms, MEMORY_MB);
  try {
    const began = performance.now();
    await engine.tables.run({
      source: from,
      recipe: { version: 1, name: 'Workbook', target: null, steps },
      outputs: [{ format, path: to }],
    });
    return { seconds: (performance.now() - began) / 1000, peakMb: engine.peakMb() };
  } finally {
    await engine.close();
  }
}

async function writeRows(path: string, rows: number): Promise<void> {
  const file = await open(path, 'w');
  let lines = 'id,name,city,day,amount,share,paid,note\n';
  for (let id = 1; id <= rows; id += 1) {
    const day = new Date(Date.UTC(2020, 0, 1 + (id % 2000))).toISOString().slice(0, 10);
    lines += `${id},Name ${(id * 7919) % 50_000},City ${id % 300},${day},${((id * 37) % 1_000_000) / 100},0.${(id % 900) + 100},${id % 3 === 0},note ${id % 17}\n`;
    if (lines.length < 1 << 20 && id < rows) continue;
    await file.write(lines);
    lines = '';
  }
  await file.close();
}

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RowCutter } from '#internal/main/tables/text/index';
import { cleanRecipe } from '#shared/domain';
import { hashText, writeMessyCsv, type Truth } from '#internal/test/support/messy-csv';
import { openRoom, plainCsv, type Room } from './support.ts';

let room: Room;
beforeAll(async () => {
  room = await openRoom();
});
afterAll(() => room.close());

/** What a clean output holds, counted without any of the code that made it but the cutting of plain CSV. */
async function measure(path: string) {
  const bytes = await readFile(path);
  const cutter = new RowCutter(plainCsv);
  const rows: (string | null)[][] = [];
  for (let at = 0; at < bytes.length && cutter.cut(bytes, at, true); at = cutter.next) {
    rows.push(cutter.cells().map((cell, index) => (cell === '' && !cutter.isQuoted(index) ? null : cell)));
  }
  const [header = [], ...body] = rows;
  const nulls: Record<string, number> = {};
  const years: Record<string, number> = {};
  const cities: Record<string, number> = {};
  let idHash = 0;
  let amountCents = 0;
  let quantitySum = 0;
  const paid = { yes: 0, no: 0 };
  for (const row of body) {
    for (const [index, name] of header.entries()) {
      nulls[String(name)] ??= 0;
      if (row[index] === null) nulls[String(name)] = (nulls[String(name)] ?? 0) + 1;
    }
    const cell = (name: string): string | null => row[header.indexOf(name)] ?? null;
    idHash = (idHash + hashText(cell('Order ID') ?? '')) >>> 0;
    amountCents += Math.round(Number(cell('Amount') ?? 0) * 100);
    quantitySum += Number(cell('Quantity') ?? 0);
    if (cell('Paid') === 'true') paid.yes += 1;
    if (cell('Paid') === 'false') paid.no += 1;
    const year = cell('Date')?.slice(0, 4);
    if (year !== undefined) years[year] = (years[year] ?? 0) + 1;
    const city = cell('City') ?? '';
    cities[city] = (cities[city] ?? 0) + 1;
  }
  return { header, body, nulls, years, cities, idHash, amountCents, quantitySum, paid };
}

for (const seed of [1, 2]) {
  describe(`a messy file of 5 MB, seed ${seed}`, () => {
    let truth: Truth;
    let path: string;
    beforeAll(async () => {
      path = room.out(`messy-${seed}.csv`);
      truth = await writeMessyCsv(path, { seed, bytes: 5_000_000 });
    });

    test('is seen for what it is from its beginning', async () => {
      const preview = await room.tables.preview(path);
      expect(preview.format).toMatchObject({
        kind: 'delimited',
        dialect: {
          encoding: 'windows-1252',
          bom: false,
          delimiter: truth.delimiter,
          quote: '"',
          escape: null,
          newline: 'mixed',
          preambleLines: truth.preambleLines,
          hasHeader: true,
        },
      });
      expect(preview.columns.map(({ name }) => name)).toEqual(truth.columns);
      expect(preview.columns.map(({ type }) => type.kind)).toEqual([
        'text',
        'text',
        'text',
        'text',
        'date',
        'decimal',
        'integer',
        'boolean',
        'text',
      ]);
      expect(preview.rows).toHaveLength(50);
      expect(preview.rowsEstimated / truth.rowsIn).toBeGreaterThan(0.95);
      expect(preview.rowsEstimated / truth.rowsIn).toBeLessThan(1.05);
    });

    test('is profiled to the last row', async () => {
      const profile = await room.tables.profile(path);
      expect(profile.rows).toBe(truth.rowsIn - truth.rejected);
      expect(profile.rejected).toBe(truth.rejected);
      const amount = profile.columns.find(({ name }) => name === 'Amount');
      expect(amount?.misfits).toBe(truth.amountMisfits);
      expect(amount?.histogram.reduce((sum, count) => sum + count, 0)).toBe(
        profile.rows - (amount?.empty ?? 0) - (amount?.misfits ?? 0),
      );
      const ragged = profile.warnings.find(({ code }) => code === 'ragged-rows');
      expect(ragged?.count).toBe(truth.short + truth.rejected);
    });

    test('gives its rejected rows with line, byte and text', async () => {
      const { rejects, total } = await room.tables.rejects(path, { offset: 0, limit: 5 });
      expect(total).toBe(truth.rejected);
      expect(rejects.map(({ line, byte, raw }) => ({ line, byte, raw }))).toEqual(truth.rejects.slice(0, 5));
      expect(rejects[0]?.reason).toBe('10 cells where the table has 9');
    });

    test('comes out clean, as the generator knows it', async () => {
      const outputs = room.outputs('csv', 'parquet', 'json');
      const phases = new Set<string>();
      const { counts, columns, sql } = await room.tables.run({
        source: path,
        recipe: cleanRecipe('Paid'),
        outputs,
        onPhase: (phase) => phases.add(phase),
      });
      expect(counts).toMatchObject({
        rowsIn: truth.rowsIn,
        rowsOut: truth.rowsOut,
        duplicates: truth.duplicates,
        rejected: truth.rejected,
        misfits: { Amount: truth.amountMisfits },
      });
      expect(columns.map(({ name }) => name)).toEqual(truth.columns);
      expect(sql).toContain('FROM "data"');
      expect([...phases]).toEqual(['loading', 'transforming', 'writing', 'checking']);

      const found = await measure(outputs[0]?.path ?? '');
      expect(found.header).toEqual(truth.columns);
      expect(found.body).toHaveLength(truth.rowsOut);
      expect(found.nulls).toEqual(truth.nulls);
      expect(found.years).toEqual(truth.rowsByYear);
      expect(found.cities).toEqual(truth.rowsByCity);
      expect(found.paid).toEqual(truth.paid);
      expect([found.idHash, found.amountCents, found.quantitySum]).toEqual([
        truth.idHash,
        truth.amountCents,
        truth.quantitySum,
      ]);
      for (const { row, cells } of truth.examples) expect(found.body[row], `row ${row}`).toEqual(cells);

      const head = await room.tables.head(outputs[1]?.path ?? '', 'parquet', 3);
      expect(head.columns).toEqual(truth.columns);
      expect(head.rows).toEqual(truth.examples.slice(0, 3).map(({ cells }) => cells));
      const json = JSON.parse(await readFile(outputs[2]?.path ?? '', 'utf8')) as Record<string, unknown>[];
      expect(json).toHaveLength(truth.rowsOut);
      const [first] = truth.examples;
      expect(json[0]?.['Customer']).toBe(first?.cells[1]);
    });
  });
}

test('the generator writes the same file for the same seed', async () => {
  const [a, b] = [room.out('a.csv'), room.out('b.csv')];
  const truths = [
    await writeMessyCsv(a, { seed: 7, bytes: 300_000 }),
    await writeMessyCsv(b, { seed: 7, bytes: 300_000 }),
  ];
  expect(truths[0]).toEqual(truths[1]);
  expect((await readFile(a)).equals(await readFile(b))).toBe(true);
  // Lines end in two ways, and some of them inside quotes.
  let lines = 0;
  for await (const line of createInterface({ input: createReadStream(a, 'latin1') }))
    lines += line === '' ? 0 : 1;
  expect(lines).toBeGreaterThan(truths[0]?.rowsIn ?? 0);
});

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PLAIN_VIEW, type ChartSpec } from '#shared/domain';
import { isSluiceError } from '#shared/errors';
import type { FileToRead } from '#main/tables';
import { asItIs, type Room } from '../support.ts';

export const people = 'id,name,since\n1,Anna,2024-01-05\n2,Ben,2023-11-30\n3,Cleo,2022-02-28\n';
export const FIRST = { offset: 0, limit: 50, columns: { from: 0, count: 20 } } as const;

/** Lines enough that no call is done with them at once. */
export function manyRows(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, at) => `${at},${(at * 7919) % 1_000_003},some text ${at % 999},${at % 7}.5`,
  );
  return `id,n,text,x\n${lines.join('\n')}\n`;
}

/** What a failure says to a person; a bug or no failure at all is told as such. */
export async function failure(work: Promise<unknown>): Promise<{ code: string; said: string }> {
  try {
    await work;
    return { code: 'no failure', said: '' };
  } catch (error) {
    if (!isSluiceError(error)) return { code: 'no code', said: String(error) };
    return { code: error.code, said: `${error.message} ${error.hint}` };
  }
}

export const barsOf = (x: number): ChartSpec => ({ kind: 'bar', x, y: null, group: null, measure: 'count' });

export type Ask = (room: Room, file: FileToRead, signal?: AbortSignal) => Promise<unknown>;

/** Every call that looks at the rows of a file. */
export const CALLS: Readonly<Record<string, Ask>> = {
  preview: ({ tables }, file, signal) => tables.preview(file, signal),
  profile: ({ tables }, file, signal) => tables.profile(file, { ...(signal && { signal }) }),
  rejects: ({ tables }, file, signal) => tables.rejects(file, { offset: 0, limit: 10 }, signal),
  load: ({ tables }, file, signal) => tables.load(file, { ...(signal && { signal }) }),
  rows: ({ tables }, file, signal) => tables.rows({ file, view: PLAIN_VIEW, ...FIRST }, signal),
  'rows in another order': ({ tables }, file, signal) =>
    tables.rows({ file, view: { sort: [{ column: 0, descending: true }], filters: [] }, ...FIRST }, signal),
  find: ({ tables }, file, signal) =>
    tables.find({ file, view: PLAIN_VIEW, text: '9', from: 0, backwards: false }, signal),
  values: ({ tables }, file, signal) =>
    tables.values({ file, view: PLAIN_VIEW, column: 0, text: '', limit: 5 }, signal),
  copy: ({ tables }, file, signal) =>
    tables.copy({ file, view: PLAIN_VIEW, offset: 0, count: 10, columns: [0], header: true }, signal),
  facts: ({ tables }, file, signal) => tables.facts(file, 0, signal),
  relations: ({ tables }, file, signal) => tables.relations(file, 0, signal),
  keys: ({ tables }, file, signal) => tables.keys(file, signal),
  chart: ({ tables }, file, signal) => tables.chart(file, barsOf(0), signal),
  suggest: ({ tables }, file, signal) => tables.suggest(file, 'id', signal),
  'preview of steps': ({ tables }, file, signal) =>
    tables.previewSteps(file, { ...asItIs, steps: [{ kind: 'real-types' }] }, { ...(signal && { signal }) }),
  run: (room, file, signal) =>
    room.tables.run({
      source: file,
      recipe: { ...asItIs, steps: [{ kind: 'real-types' }] },
      outputs: room.outputs('csv', 'xlsx', 'parquet', 'jsonl', 'json'),
      ...(signal && { signal }),
    }),
};

/** Files beside their places, half written or set aside, in a folder and below it. */
export async function leftBehind(room: Room): Promise<string[]> {
  const names = await readdir(room.folder, { recursive: true });
  return names.filter(
    (name) => name.endsWith('.part') || name.includes('.unpacked') || name.includes(join('sandbox', '')),
  );
}

import { createReadStream } from 'node:fs';
import type { Loaded } from './loaded.ts';

const LINE_FEED = 10;

/**
 * The lines of the file that rows stand in, from 1: known where every row and every rejected line takes exactly one, which
 * is so when they are as many as the file has lines. Null where it is not so.
 */
export async function linesOfRows(
  loaded: Loaded,
  rows: number,
  places: readonly number[],
  signal: AbortSignal,
): Promise<readonly (number | null)[]> {
  const nowhere = places.map(() => null);
  const { table } = loaded;
  if (places.length === 0 || table.kind !== 'delimited' || table.packing !== null) return nowhere;
  const clean = await loaded.clean;
  const rejects = clean?.rejects ?? [];
  const rejected = clean?.counts.rejected ?? 0;
  if (rejects.length !== rejected) return nowhere;
  const above = table.text.detected.linesAbove;
  if ((await lineCount(table.path, signal)) !== above + rows + rejected) return nowhere;
  const taken = rejects.map(({ line }) => line).sort((a, b) => a - b);
  return places.map((place) => {
    // Fixed lines stand at the end of the table, and somewhere else in the file.
    if (place >= rows) return null;
    let at = above + place + 1;
    for (const line of taken) if (line <= at) at += 1;
    return at;
  });
}

async function lineCount(path: string, signal: AbortSignal): Promise<number> {
  let count = 0;
  let last = LINE_FEED;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20, signal })) {
    const bytes = chunk as Buffer;
    for (let at = bytes.indexOf(LINE_FEED); at !== -1; at = bytes.indexOf(LINE_FEED, at + 1)) count += 1;
    last = bytes.at(-1) ?? last;
  }
  return last === LINE_FEED ? count : count + 1;
}

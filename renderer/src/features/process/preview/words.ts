import type { StepCounts } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { counted } from '#renderer/components';

/** @returns e.g. `− 12 rows`, `+ 3 columns`, `1,204 cells`; an empty list where nothing changed */
export function changeWords(counts: StepCounts): readonly string[] {
  const { rowsIn, rowsOut, cellsChanged, columnsAdded, columnsRemoved } = counts;
  const words: string[] = [];
  if (rowsOut < rowsIn) words.push(`− ${counted(rowsIn - rowsOut, 'row')}`);
  if (rowsOut > rowsIn) words.push(`+ ${counted(rowsOut - rowsIn, 'row')}`);
  if (cellsChanged !== null && cellsChanged > 0) words.push(counted(cellsChanged, 'cell'));
  if (columnsAdded.length > 0 && columnsAdded.length === columnsRemoved.length)
    words.push(`± ${counted(columnsAdded.length, 'column')}`);
  else {
    if (columnsAdded.length > 0) words.push(`+ ${counted(columnsAdded.length, 'column')}`);
    if (columnsRemoved.length > 0) words.push(`− ${counted(columnsRemoved.length, 'column')}`);
  }
  return words;
}

export function sampleWords(sampled: number, whole: boolean): string {
  return whole
    ? `Tried on all ${counted(sampled, 'row')} of the file.`
    : `Tried on the first ${formatCount(sampled)} rows; a run does it to all.`;
}

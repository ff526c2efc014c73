import { type TableView } from '#shared/domain';
import { formatCount, tsvField } from '#shared/lib';
import { tell, tellFailure } from '#renderer/components';
import { type EngineClient, isCancelled, toReport } from '#renderer/lib';
import { type Area } from './grid/index.ts';
import { type RowSource } from './row-source.ts';

/** So many rows are put together here, where all of them are there. */
const FEW = 500;

/** Puts cells into the clipboard, between tabs; those out of sight come from the engine. */
export async function copyCells(
  client: EngineClient,
  of: { readonly transferId: string; readonly view: TableView },
  source: RowSource,
  { top, bottom }: Area,
  columns: readonly number[],
): Promise<void> {
  const count = bottom - top + 1;
  if (count < 1) return;
  const text =
    fromSource(source, top, count, columns) ??
    client.tables
      .copy({ ...of, offset: top, count, columns: [...columns], header: false })
      .then((copied) => copied.text);
  try {
    // A promise keeps the right to write that the key press gave, however long it takes.
    const blob = Promise.resolve(text).then((whole) => new Blob([whole], { type: 'text/plain' }));
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': blob })]);
    tell(`Copied ${formatCount(count)} × ${formatCount(columns.length)} cells`);
  } catch (error) {
    // What the engine said comes before what the browser made of it.
    const said = await Promise.resolve(text).then(
      () => error,
      (reason: unknown) => reason,
    );
    if (!isCancelled(said)) tellFailure(toReport(said));
  }
}

function fromSource(
  source: RowSource,
  top: number,
  count: number,
  columns: readonly number[],
): string | undefined {
  if (count > FEW) return undefined;
  const lines: string[] = [];
  for (let row = top; row < top + count; row += 1) {
    const cells = columns.map((column) => source.cell(row, column));
    if (cells.includes(undefined)) return undefined;
    lines.push(cells.map((cell) => tsvField(cell?.text ?? '')).join('\t'));
  }
  return lines.join('\n');
}

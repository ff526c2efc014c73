import { describeStep, type Recipe, type RecipePreview, type TablePreview } from '#shared/domain';

const SAMPLED = 10_000;
const DUPLICATES = 41;

/** Tries nothing: every step changes some cells of the first column of text, and those for duplicates take rows out. */
export function pretendedPreview({ steps }: Recipe, { columns, rows }: TablePreview): RecipePreview {
  const at = columns.findIndex(({ type }) => type.kind === 'text');
  const name = columns[at]?.name ?? '';
  let left = SAMPLED;
  return {
    sampled: SAMPLED,
    whole: false,
    steps: steps.map((step, index) => {
      const rowsIn = left;
      const drops = step.kind === 'drop-exact-duplicates';
      if (drops) left -= DUPLICATES;
      return {
        step: index + 1,
        kind: step.kind,
        sentence: describeStep(step),
        rowsIn,
        rowsOut: left,
        cellsChanged: drops ? 0 : 1204,
        columnsAdded: [],
        columnsRemoved: [],
        warnings: step.kind === 'real-types' ? ['3 values of ordered_at do not fit and become missing.'] : [],
        examples: drops
          ? []
          : rows.slice(0, 3).map((row, place) => {
              const before = row[at] ?? null;
              return { row: place + 1, column: name, before, after: before?.trim() ?? null };
            }),
        removedRows: drops ? [17, 402, 403, 1188, 2001] : [],
        sql: `SELECT trim("${name}") AS "${name}" FROM data`,
      };
    }),
    problem: null,
    columns: columns
      .filter((column) => column.name !== '')
      .map((column) => ({ name: column.name, type: column.type.kind })),
    rows: rows.map((row) => row.filter((_, place) => columns[place]?.name !== '')),
  };
}

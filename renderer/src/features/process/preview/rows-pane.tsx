import type { RecipePreview } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { TYPE_WORDS } from '../fields/index.ts';
import { CellText } from './cell-text.tsx';

/** More would make the page slow, and nobody reads them side by side. */
const COLUMNS_SHOWN = 200;

const NUMERIC: ReadonlySet<string> = new Set(['integer', 'decimal']);

/** The first rows as they come out. */
export function RowsPane({ preview: { columns, rows } }: { readonly preview: RecipePreview }) {
  const shown = columns.slice(0, COLUMNS_SHOWN);
  return (
    <>
      {/* Reached by Tab so that it can be scrolled without a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll rows-pane" tabIndex={0} role="group" aria-label="First rows that come out">
        <table className="compact">
          <thead>
            <tr>
              {shown.map(({ name, type }) => (
                <th scope="col" key={name} className={NUMERIC.has(type) ? 'number' : undefined} title={name}>
                  <span>{name}</span>
                  <span className="dim">{TYPE_WORDS[type] ?? type}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              // Rows have no names, and never change their places.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={index}>
                {shown.map(({ name, type }, place) => (
                  <td key={name} className={NUMERIC.has(type) ? 'number' : undefined}>
                    <CellText text={row[place] ?? null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p className="dim rows-none">No row is left.</p>}
      </div>
      {columns.length > shown.length && (
        <p className="dim">
          The first {COLUMNS_SHOWN} of {formatCount(columns.length)} columns.
        </p>
      )}
    </>
  );
}

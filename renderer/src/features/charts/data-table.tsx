import { type ChartData } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { Disclosure } from '#renderer/components';

const SHOWN = 200;

/** What is drawn, as a table. */
export function DataTable({ data: { fields, rows, title } }: { readonly data: ChartData }) {
  return (
    <Disclosure title="The data of this chart" summary={`${formatCount(rows.length)} points`}>
      <div className="chart-data">
        <table aria-label={title}>
          <thead>
            <tr>
              {fields.map(({ key, title: name, type }) => (
                <th key={key} scope="col" className={type === 'number' ? 'number' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row, place) => (
              // A point is its place.
              // oxlint-disable-next-line react/no-array-index-key
              <tr key={place}>
                {fields.map(({ key, type }, at) => (
                  <td key={key} className={type === 'number' ? 'number' : undefined}>
                    {shown(row[at] ?? null)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length > SHOWN && (
          <p className="dim">The first {SHOWN} are shown; all of them are in what is saved as CSV.</p>
        )}
      </div>
    </Disclosure>
  );
}

const shown = (cell: number | string | null): string =>
  typeof cell === 'number' ? cell.toLocaleString('en-US', { maximumSignificantDigits: 8 }) : (cell ?? '–');

import type { ReactNode } from 'react';
import type { StepPreview } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { CellText } from './cell-text.tsx';

/** What one step makes of the sample: counts first, then examples. */
export function StepChanges({ step, note }: { readonly step: StepPreview; readonly note: string | null }) {
  const { rowsIn, rowsOut, cellsChanged, columnsAdded, columnsRemoved, warnings, examples, removedRows } =
    step;
  return (
    <div className="changes">
      <h2>{step.sentence}</h2>
      {note !== null && <p className="dim">{note}</p>}
      <dl className="change-counts" aria-label="What it changes">
        <Count name="Rows in">{formatCount(rowsIn)}</Count>
        <Count name="Rows out">
          {formatCount(rowsOut)}
          {rowsOut !== rowsIn && (
            <span className="dim">
              {' '}
              ({rowsOut < rowsIn ? '−' : '+'} {formatCount(Math.abs(rowsOut - rowsIn))})
            </span>
          )}
        </Count>
        <Count name="Cells changed">
          {cellsChanged === null ? 'rows are made anew' : formatCount(cellsChanged)}
        </Count>
        {columnsAdded.length > 0 && <Count name="Columns added">{formatCount(columnsAdded.length)}</Count>}
        {columnsRemoved.length > 0 && <Count name="Columns gone">{formatCount(columnsRemoved.length)}</Count>}
      </dl>
      {warnings.length > 0 && (
        <ul className="warnings" aria-label="What to know about this step">
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
      <Names title="New columns" names={columnsAdded} />
      <Names title="Columns that go" names={columnsRemoved} />
      {examples.length > 0 && <Examples step={step} />}
      {removedRows.length > 0 && (
        <p>
          Rows taken out, the first of them: <b>{removedRows.map(formatCount).join(', ')}</b>
          <span className="dim"> (counted from 1 in the file)</span>
        </p>
      )}
      {examples.length === 0 &&
        removedRows.length === 0 &&
        cellsChanged === 0 &&
        columnsAdded.length === 0 &&
        columnsRemoved.length === 0 &&
        rowsIn === rowsOut && <p className="dim">In these rows it changes nothing that is counted.</p>}
    </div>
  );
}

function Count({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const NAMES_SHOWN = 20;

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <p className="change-names">
      <span className="dim">{title}: </span>
      {names.slice(0, NAMES_SHOWN).join(', ')}
      {names.length > NAMES_SHOWN && <span className="dim"> and {names.length - NAMES_SHOWN} more</span>}
    </p>
  );
}

function Examples({ step }: { readonly step: StepPreview }) {
  return (
    // Reached by Tab so that it can be scrolled without a mouse.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Examples of what it changes">
      <table className="compact">
        <thead>
          <tr>
            <th scope="col" className="number">
              Row
            </th>
            <th scope="col">Column</th>
            <th scope="col">Before</th>
            <th scope="col">After</th>
          </tr>
        </thead>
        <tbody>
          {step.examples.map(({ row, column, before, after }) => (
            <tr key={`${row ?? ''} ${column}`}>
              <td className="number dim">{row === null ? '' : formatCount(row)}</td>
              <th scope="row" title={column}>
                {column}
              </th>
              <td className="before">
                {step.columnsAdded.includes(column) ? (
                  <span className="dim">new</span>
                ) : (
                  <CellText text={before} />
                )}
              </td>
              <td>
                <CellText text={after} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

import { type KeyboardEvent, useState } from 'react';
import { type ColumnProfile, type TableProfile } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { counted } from '#renderer/components';
import { Histogram, TopBars } from './histogram.tsx';
import { took, TypeMark } from './type-words.tsx';

interface Props {
  readonly profile: TableProfile;
  readonly column: string | null;
  readonly onColumn: (name: string | null) => void;
}

/** One line a column: what is in it, what is missing, how it is spread. */
export function ProfileTable({ profile, column, onColumn }: Props) {
  const { rows, rejected, duplicates, columns, tookMs } = profile;
  const [at, setAt] = useState(0);
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = Math.max(0, Math.min(columns.length - 1, at + step));
      setAt(next);
      event.currentTarget.querySelectorAll<HTMLElement>('tbody button')[next]?.focus();
    }
  };
  return (
    // The arrows go from column to column, whose buttons hold the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div className="profile" role="group" aria-label="Profile of every column" onKeyDown={keys}>
      <p className="profile-sum">
        <b>{counted(rows, 'row')}</b>, {counted(duplicates, 'exact duplicate')},{' '}
        {counted(rejected, 'rejected line')}
        <span className="dim"> · all rows read in {took(tookMs)}</span>
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">Column</th>
            <th scope="col">Type</th>
            <th scope="col">Spread</th>
            <th scope="col" className="number">
              Empty
            </th>
            <th scope="col" className="number">
              Misfits
            </th>
            <th scope="col" className="number">
              Distinct
            </th>
            <th scope="col" className="number">
              Least
            </th>
            <th scope="col" className="number">
              Most
            </th>
          </tr>
        </thead>
        <tbody>
          {columns.map((one, index) => (
            <Line
              // Two columns may share a name.
              // oxlint-disable-next-line react/no-array-index-key
              key={index}
              place={index + 1}
              column={one}
              rows={rows}
              chosen={one.name === column}
              tabbable={index === at}
              onChoose={() => {
                setAt(index);
                onColumn(one.name === column ? null : one.name);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface LineProps {
  /** Counted from one. */
  readonly place: number;
  readonly column: ColumnProfile;
  readonly rows: number;
  readonly chosen: boolean;
  readonly tabbable: boolean;
  readonly onChoose: () => void;
}

function Line({ place, column, rows, chosen, tabbable, onChoose }: LineProps) {
  const { name, type, empty, misfits, distinct, min, max, histogram, top } = column;
  return (
    <tr data-chosen={chosen || undefined} onClick={onChoose}>
      <th scope="row">
        <button
          type="button"
          className="cut"
          aria-pressed={chosen}
          tabIndex={tabbable ? 0 : -1}
          title={name}
          onClick={(event) => {
            event.stopPropagation();
            onChoose();
          }}
        >
          {name === '' ? `column ${place}` : name}
        </button>
      </th>
      <td>
        <TypeMark type={type} />
      </td>
      <td>
        {histogram.length > 0 ? (
          <Histogram counts={histogram} label={`Spread of ${name}`} />
        ) : (
          <TopBars top={top} rows={rows} />
        )}
      </td>
      <td className="number" title={formatCount(empty)}>
        {share(empty, rows)}
      </td>
      <td className={misfits > 0 ? 'number profile-misfits' : 'number'} title={formatCount(misfits)}>
        {misfits === 0 ? '–' : formatCount(misfits)}
      </td>
      <td className="number">{formatCount(distinct)}</td>
      <td className="number cut profile-value" title={min ?? undefined}>
        {min ?? '–'}
      </td>
      <td className="number cut profile-value" title={max ?? undefined}>
        {max ?? '–'}
      </td>
    </tr>
  );
}

/** @returns e.g. `–`, `< 0.1 %`, `12 %` */
export function share(count: number, of: number): string {
  if (count === 0 || of === 0) return '–';
  const percent = (count / of) * 100;
  if (percent < 0.1) return '< 0.1 %';
  return `${percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}

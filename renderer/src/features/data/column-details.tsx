import { Button } from '@mantine/core';
import { type ColumnProfile, type TablePreview, type TableProfile } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { Details, Fact, Facts, Section } from '#renderer/components';
import { CloserLook, RelationsOf } from '#renderer/features/profile';
import { Histogram } from './histogram.tsx';
import { share } from './profile-table.tsx';
import { describeType } from './type-words.tsx';

interface Props {
  readonly transferId: string;
  readonly name: string;
  readonly preview: TablePreview;
  readonly profile: TableProfile | null;
  readonly asking: boolean;
  readonly onProfile: () => void;
  readonly onClose: () => void;
}

export function ColumnDetails({ transferId, name, preview, profile, asking, onProfile, onClose }: Props) {
  const spec = preview.columns.find((column) => column.name === name);
  const index = preview.columns.findIndex((column) => column.name === name);
  const known = profile?.columns.find((column) => column.name === name);
  const type = known?.type ?? spec?.type;
  return (
    <Details title={<span className="cut">{name}</span>} label={`Column ${name}`} onClose={onClose}>
      <Section title="Read as">
        {type !== undefined && <p>{describeType(type)}</p>}
        {spec?.note !== null && spec !== undefined && <p className="column-note">{spec.note}</p>}
      </Section>
      {known === undefined || profile === null ? (
        <Section title="Profile">
          <p className="dim">Only the first rows were read so far.</p>
          <div className="details-actions">
            <Button variant="default" loading={asking} onClick={onProfile}>
              Profile the whole file
            </Button>
          </div>
        </Section>
      ) : (
        <>
          <Known column={known} rows={profile.rows} />
          {index !== -1 && <CloserLook transferId={transferId} index={index} />}
          {index !== -1 && <RelationsOf transferId={transferId} index={index} />}
        </>
      )}
    </Details>
  );
}

function Known({ column, rows }: { readonly column: ColumnProfile; readonly rows: number }) {
  const { empty, misfits, distinct, min, max, mean, quantiles, longest, top, histogram, name } = column;
  return (
    <>
      <Section title="In all rows">
        {histogram.length > 0 && <Histogram counts={histogram} label={`Spread of ${name}`} tall />}
        <Facts>
          <Fact name="Empty" number>
            {formatCount(empty)} ({share(empty, rows)})
          </Fact>
          <Fact name="Misfits" number>
            {formatCount(misfits)}
          </Fact>
          <Fact name="Distinct" number>
            {formatCount(distinct)}
          </Fact>
          <Fact name="Least" number>
            {min ?? '–'}
          </Fact>
          {quantiles !== null && (
            <>
              <Fact name="Lower quarter" number>
                {quantiles.q25}
              </Fact>
              <Fact name="Median" number>
                {quantiles.q50}
              </Fact>
              <Fact name="Upper quarter" number>
                {quantiles.q75}
              </Fact>
            </>
          )}
          <Fact name="Most" number>
            {max ?? '–'}
          </Fact>
          {mean !== null && (
            <Fact name="Mean" number>
              {mean.toLocaleString('en-US', { maximumSignificantDigits: 6 })}
            </Fact>
          )}
          <Fact name="Longest" number>
            {formatCount(longest)} signs
          </Fact>
        </Facts>
      </Section>
      {top.length > 0 && (
        <Section title="Most common">
          <ol className="top">
            {top.map(({ value, count }) => (
              <li key={value}>
                <span className="cut" title={value}>
                  {value === '' ? <i className="dim">empty</i> : value}
                </span>
                <span className="number">{formatCount(count)}</span>
                <span className="number dim">{share(count, rows)}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
    </>
  );
}

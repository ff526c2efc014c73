import { Button } from '@mantine/core';
import { type Relation } from '#shared/domain';
import { ErrorNote, Section, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import './profile.css';

interface Props {
  readonly transferId: string;
  readonly index: number;
}

const SHOWN = 10;
const MEASURES: Readonly<Record<Relation['measure'], string>> = {
  pearson: 'correlation',
  spearman: 'correlation by rank',
  eta: 'eta',
  'cramers-v': 'Cramér’s V',
};

/** How far the other columns tell this one; it is asked for, since it looks at all of them. */
export function RelationsOf({ transferId, index }: Props) {
  const { client } = useWorkbench();
  const { answer, ask } = useQuestion(
    (signal) => client.tables.relations({ transferId, target: index }, { signal }),
    [client, transferId, index],
    { atOnce: false },
  );
  return (
    <Section title="What goes with it">
      {answer.kind === 'answered' ? (
        <Shown relations={answer.value.relations} />
      ) : answer.kind === 'failed' ? (
        <ErrorNote report={answer.report} onRetry={ask} />
      ) : (
        <div className="details-actions">
          <Button variant="default" loading={answer.kind === 'asking'} onClick={ask}>
            Compare with the other columns
          </Button>
        </div>
      )}
    </Section>
  );
}

function Shown({ relations }: { readonly relations: readonly Relation[] }) {
  if (relations.length === 0) return <p className="dim">No other column can be compared with it.</p>;
  const suspects = relations.filter(({ suspect }) => suspect);
  return (
    <>
      <ol className="relations">
        {relations.slice(0, SHOWN).map(({ column, name, measure, value }) => (
          <li key={column} title={MEASURES[measure]}>
            <span className="cut">{name === '' ? `column ${column + 1}` : name}</span>
            <meter min={0} max={1} value={Math.abs(value)} aria-label={`${name}: ${MEASURES[measure]}`} />
            <span className="number">{value.toFixed(2)}</span>
          </li>
        ))}
      </ol>
      {suspects.length > 0 && (
        <p className="column-note">
          {suspects.map(({ name }) => name).join(', ')} all but {suspects.length === 1 ? 'tells' : 'tell'} it.
          What is known only afterwards must not be used to predict it.
        </p>
      )}
    </>
  );
}

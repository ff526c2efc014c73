import { type ColumnFacts } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { ErrorNote, Fact, Facts, Loading, Section, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import './profile.css';

interface Props {
  readonly transferId: string;
  /** The column's place in the table. */
  readonly index: number;
}

/** What all rows say of one column: worked out when somebody looks. */
export function CloserLook({ transferId, index }: Props) {
  const { client } = useWorkbench();
  const { answer, ask } = useQuestion(
    (signal) => client.tables.facts({ transferId, column: index }, { signal }),
    [client, transferId, index],
    { atOnce: true },
  );
  if (answer.kind === 'failed') return <ErrorNote report={answer.report} onRetry={ask} />;
  if (answer.kind !== 'answered') return <Loading label="Looking closer at the column" rows={3} />;
  return <Shown facts={answer.value} />;
}

function Shown({
  facts: { findings, patterns, quantiles, deviation, length },
}: {
  readonly facts: ColumnFacts;
}) {
  const outer = quantiles.filter(({ at }) => at < 0.25 || at > 0.75);
  return (
    <>
      {findings.length > 0 && (
        <Section title="To know">
          <ul className="findings">
            {findings.map(({ code, sentence }) => (
              <li key={code}>{sentence}</li>
            ))}
          </ul>
        </Section>
      )}
      {patterns.length > 0 && (
        <Section title="Forms">
          <ol className="forms">
            {patterns.map(({ shape, share, example }) => (
              <li key={shape} title={`such as ${example}`}>
                <code className="cut">{shape}</code>
                <span className="number dim">{percent(share)}</span>
              </li>
            ))}
          </ol>
        </Section>
      )}
      {(outer.length > 0 || deviation !== null || length !== null) && (
        <Section title="Measures">
          <Facts>
            {outer.map(({ at, value }) => (
              <Fact key={at} name={`At ${Math.round(at * 100)} %`} number>
                {value}
              </Fact>
            ))}
            {deviation !== null && (
              <Fact name="Deviation" number>
                {short(deviation)}
              </Fact>
            )}
            {length !== null && (
              <Fact name="Length" number>
                {length.least === length.most
                  ? formatCount(length.most)
                  : `${formatCount(length.least)} to ${formatCount(length.most)}, mean ${short(length.mean)}`}
              </Fact>
            )}
          </Facts>
        </Section>
      )}
    </>
  );
}

const short = (value: number): string => value.toLocaleString('en-US', { maximumSignificantDigits: 5 });

/** @returns e.g. `12 %`, `< 0.1 %` */
export const percent = (share: number): string =>
  share < 0.001 ? '< 0.1 %' : `${(share * 100).toFixed(share < 0.1 ? 1 : 0)} %`;

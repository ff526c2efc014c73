import { describeStep, type Run, type StepCounts } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { Section, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { changeWords } from '../preview/index.ts';

/** What every step changed, counted, beside what the first rows had let expect. */
export function StepTable({ run, steps }: { readonly run: Run; readonly steps: readonly StepCounts[] }) {
  const { client } = useWorkbench();
  const { transferId, recipe, inputs } = run;
  const { answer } = useQuestion(
    (signal) => client.runs.previewSteps({ transferId, recipe, inputs }, { signal }),
    [client, transferId, recipe, inputs],
    { atOnce: true },
  );
  const sample = answer.kind === 'answered' ? answer.value : null;
  return (
    <Section title="Step by step">
      {/* Reached by Tab so that it can be scrolled without a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="table-scroll" tabIndex={0} role="group" aria-label="What every step changed">
        <table className="compact">
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col" className="number">
                Rows out
              </th>
              <th scope="col">Changed</th>
              <th scope="col">
                {sample === null || sample.whole ? 'As tried' : `In the first ${formatCount(sample.sampled)}`}
              </th>
            </tr>
          </thead>
          <tbody>
            {steps.map((counts, index) => {
              const step = recipe.steps[index];
              const foreseen = sample?.steps[index];
              return (
                <tr key={counts.step}>
                  <th scope="row" className="wraps">
                    {counts.step}. {step === undefined ? counts.kind : describeStep(step)}
                    {counts.warnings.map((warning) => (
                      <span key={warning} className="overview-warning">
                        {warning}
                      </span>
                    ))}
                  </th>
                  <td className="number">{formatCount(counts.rowsOut)}</td>
                  <td>{changeWords(counts).join(', ') || <span className="dim">nothing</span>}</td>
                  <td className="dim">
                    {foreseen === undefined
                      ? answer.kind === 'asking'
                        ? '…'
                        : 'not known'
                      : changeWords(foreseen).join(', ') || 'nothing'}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

import type { StepPreview } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { changeWords } from './words.ts';

interface Props {
  readonly steps: readonly StepPreview[];
  readonly onChoose: (index: number) => void;
}

/** All steps side by side: what comes in, what goes out. */
export function Overview({ steps, onChoose }: Props) {
  const last = steps.at(-1);
  return (
    <div className="changes">
      <h2>What the recipe changes</h2>
      {steps.length === 0 || last === undefined ? (
        <p className="dim">There is no step that does something yet: the rows come out as they are.</p>
      ) : (
        <div className="table-scroll">
          <table className="compact overview">
            <thead>
              <tr>
                <th scope="col">Step</th>
                <th scope="col" className="number">
                  Rows in
                </th>
                <th scope="col" className="number">
                  Rows out
                </th>
                <th scope="col">Changes</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step, index) => (
                <tr key={step.step}>
                  <th scope="row">
                    <button type="button" onClick={() => onChoose(index)}>
                      {step.step}. {step.sentence}
                    </button>
                  </th>
                  <td className="number">{formatCount(step.rowsIn)}</td>
                  <td className="number">{formatCount(step.rowsOut)}</td>
                  <td>
                    {changeWords(step).join(', ') || <span className="dim">nothing</span>}
                    {step.warnings.length > 0 && (
                      <span className="overview-warning"> {step.warnings[0]}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

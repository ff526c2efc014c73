import { Button, Checkbox, Select } from '@mantine/core';
import { useState } from 'react';
import { describeStep, type Recipe, type Transfer } from '#shared/domain';
import { ErrorNote, Loading, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { type Draft, draftOf } from '../draft/index.ts';

interface Props {
  readonly transfer: Transfer;
  readonly onUse: (draft: Draft) => void;
}

/** Asks for the column to predict, and shows the steps that would suit, each with its reason. */
export function PrepareForm({ transfer, onUse }: Props) {
  const { client } = useWorkbench();
  const [target, setTarget] = useState<string | null>(null);
  const columns = useQuestion(
    (signal) => client.tables.preview({ transferId: transfer.id }, { signal }),
    [client, transfer.id],
    { atOnce: true },
  );
  const suggested = useQuestion(
    (signal) => client.runs.suggest({ transferId: transfer.id, target: target ?? '' }, { signal }),
    [client, transfer.id, target],
    { atOnce: target !== null },
  );
  const names =
    columns.answer.kind === 'answered'
      ? [...new Set(columns.answer.value.columns.map(({ name }) => name))].filter((name) => name !== '')
      : [];
  return (
    <div className="prepare">
      {columns.answer.kind === 'failed' ? (
        <ErrorNote report={columns.answer.report} onRetry={columns.ask} />
      ) : (
        <Select
          data-autofocus
          label="Column to predict"
          description="The whole file is read once, to see what each column holds."
          placeholder="Choose a column"
          data={names}
          value={target}
          onChange={setTarget}
          searchable
          limit={200}
          allowDeselect={false}
          nothingFoundMessage="No column has that in its name"
        />
      )}
      {suggested.answer.kind === 'asking' && (
        <>
          <Loading label="Reading the file" rows={4} />
          <div className="dialog-actions">
            <Button
              variant="default"
              onClick={() => {
                suggested.cancel();
                setTarget(null);
              }}
            >
              Cancel
            </Button>
          </div>
        </>
      )}
      {suggested.answer.kind === 'failed' && (
        <ErrorNote report={suggested.answer.report} onRetry={suggested.ask} />
      )}
      {suggested.answer.kind === 'answered' && (
        <Suggested key={target} recipe={suggested.answer.value} onUse={onUse} />
      )}
    </div>
  );
}

/** Steps of which each can be left out; all of them can be changed once they are in the recipe. */
function Suggested({ recipe, onUse }: { readonly recipe: Recipe; readonly onUse: (draft: Draft) => void }) {
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const flagged = recipe.steps.flatMap((step, index) =>
    step.kind === 'drop-columns' ? [{ index, columns: step.columns }] : [],
  );
  const toggle = (index: number) => {
    const next = new Set(left);
    if (!next.delete(index)) next.add(index);
    setLeft(next);
  };
  return (
    <>
      {flagged.length > 0 && (
        <p>
          Looked at twice: <b>{flagged.flatMap(({ columns }) => columns).join(', ')}</b>. Each says below why
          it would be left out.
        </p>
      )}
      <ol className="suggested" aria-label="Suggested steps">
        {recipe.steps.map((step, index) => (
          // Steps of one answer, which never change their places.
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} data-flagged={step.kind === 'drop-columns' || undefined}>
            <Checkbox
              label={`${index + 1}. ${describeStep(step)}`}
              description={step.note}
              checked={!left.has(index)}
              onChange={() => toggle(index)}
            />
          </li>
        ))}
      </ol>
      <p className="dim">Every step can be changed, moved and switched off once it is in the recipe.</p>
      <div className="dialog-actions">
        <Button
          onClick={() =>
            onUse(draftOf({ ...recipe, steps: recipe.steps.filter((_, index) => !left.has(index)) }))
          }
        >
          Use these {recipe.steps.length - left.size} steps
        </Button>
      </div>
    </>
  );
}

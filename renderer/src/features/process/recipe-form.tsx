import { Button, Checkbox, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import {
  cleanRecipe,
  type OutputFormat,
  type RecipeStep,
  type TablePreview,
  type Transfer,
} from '#shared/domain';
import { type Answer, ErrorNote, FORMAT_WORDS, useAction } from '#renderer/components';
import { useWorkbench } from '#renderer/state';

const STEPS: Readonly<
  Partial<Record<RecipeStep['kind'], { readonly title: string; readonly effect: string }>>
> = {
  trim: { title: 'Trim', effect: 'White space goes off both ends of every text cell.' },
  'empty-to-null': { title: 'Empty to null', effect: 'Cells with nothing in them become null.' },
  'real-types': {
    title: 'Real types',
    effect:
      'Numbers, dates and yes-or-no columns become just that; what does not fit becomes null and is counted.',
  },
  'drop-exact-duplicates': {
    title: 'Drop exact duplicates',
    effect: 'Rows equal to an earlier one in every column go.',
  },
};
const FORMATS = ['csv', 'parquet', 'json'] as const satisfies readonly OutputFormat[];

interface Props {
  readonly transfer: Transfer;
  readonly preview: Answer<TablePreview>;
  readonly onPreviewAgain: () => void;
  readonly onStarted: (runId: string) => void;
}

/** The Clean recipe: its steps in the order of their effects, each of which can be left out. */
export function RecipeForm({ transfer, preview, onPreviewAgain, onStarted }: Props) {
  const { client, state } = useWorkbench();
  const [target, setTarget] = useState<string | null>(null);
  const [left, setLeft] = useState<ReadonlySet<RecipeStep['kind']>>(new Set());
  const [formats, setFormats] = useState<readonly OutputFormat[]>(['csv', 'parquet']);
  const whole = cleanRecipe(target);
  const steps = whole.steps.filter(({ kind }) => !left.has(kind));

  const start = useCallback(async () => {
    const recipe = cleanRecipe(target);
    const run = await client.runs.start({
      transferId: transfer.id,
      recipe: { ...recipe, steps: recipe.steps.filter(({ kind }) => !left.has(kind)) },
      formats: [...formats],
    });
    state.apply([{ kind: 'runs', runs: [run] }]);
    onStarted(run.id);
  }, [client, state, transfer.id, target, left, formats, onStarted]);
  const { run, busy } = useAction(start);

  const names =
    preview.kind === 'answered' ? [...new Set(preview.value.columns.map(({ name }) => name))] : [];
  return (
    <form
      className="recipe"
      aria-label="Recipe"
      onSubmit={(event) => {
        event.preventDefault();
        if (formats.length > 0) run();
      }}
    >
      <h2>{whole.name}</h2>
      <ol className="steps">
        {whole.steps.map(({ kind }, index) => (
          <li key={kind} data-left={left.has(kind) || undefined}>
            <span className="step-number dim" aria-hidden="true">
              {index + 1}
            </span>
            <Checkbox
              label={STEPS[kind]?.title}
              description={STEPS[kind]?.effect}
              checked={!left.has(kind)}
              onChange={() => setLeft(toggle(left, kind))}
            />
          </li>
        ))}
      </ol>
      {preview.kind === 'failed' ? (
        <ErrorNote report={preview.report} onRetry={onPreviewAgain} />
      ) : (
        <Select
          label="Target column"
          description="What a later model is to predict: never dropped, and its name is kept."
          placeholder={preview.kind === 'asking' ? 'Reading the columns…' : 'None'}
          clearable
          searchable
          limit={200}
          data={names.filter((name) => name !== '')}
          value={target}
          onChange={setTarget}
          nothingFoundMessage="No column has that in its name"
        />
      )}
      <fieldset className="formats">
        <legend>Write</legend>
        {FORMATS.map((format) => (
          <Checkbox
            key={format}
            label={FORMAT_WORDS[format]}
            checked={formats.includes(format)}
            onChange={() => setFormats(FORMATS.filter((one) => (one === format) !== formats.includes(one)))}
          />
        ))}
      </fieldset>
      <Button
        type="submit"
        loading={busy}
        disabled={formats.length === 0}
        leftSection={<IconPlayerPlay size={16} />}
      >
        Run{' '}
        {steps.length === whole.steps.length ? whole.name : `${steps.length} of ${whole.steps.length} steps`}
      </Button>
      {formats.length === 0 && <p className="dim">Choose at least one format to write.</p>}
      <p className="dim">The file itself is never changed; the result is stored beside it in the bucket.</p>
    </form>
  );
}

function toggle<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}

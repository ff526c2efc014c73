import { Button, Checkbox, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { OutputFormat, Transfer } from '#shared/domain';
import { FORMAT_WORDS, useAction, useQuestion } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import type { DraftStore } from '../draft/index.ts';
import type { TriedRecipe } from '../use-recipe.ts';
import { FORMATS, USUAL } from './formats.ts';

interface Props {
  readonly transfer: Transfer;
  readonly store: DraftStore;
  readonly tried: TriedRecipe;
  readonly onStarted: (runId: string) => void;
}

/** What is written, and the button that does it. */
export function RunForm({ transfer, store, tried, onStarted }: Props) {
  const { client, state } = useWorkbench();
  const draft = useExternal(store).now;
  const [formats, setFormats] = useState<readonly OutputFormat[]>(USUAL);
  const names = useColumnNames(transfer.id);
  const { ready, whole } = tried;
  const why = reasonNot(
    formats,
    ready.unfinished !== null,
    !whole.asking && whole.preview !== null && whole.preview.problem !== null,
  );

  const start = useCallback(async () => {
    const run = await client.runs.start({
      transferId: transfer.id,
      recipe: ready.recipe,
      formats: [...formats],
    });
    state.apply([{ kind: 'runs', runs: [run] }]);
    onStarted(run.id);
  }, [client, state, transfer.id, ready.recipe, formats, onStarted]);
  const { run, busy } = useAction(start);

  return (
    <form
      className="run-form"
      aria-label="Recipe"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null) run();
      }}
    >
      <Select
        classNames={{ root: 'run-target' }}
        label="Target column"
        title="What a later model is to predict: never dropped, and its name is kept."
        placeholder={names === null ? 'Reading the columns…' : 'None'}
        clearable
        searchable
        limit={200}
        data={[...new Set([...(names ?? []), ...(draft.target === null ? [] : [draft.target])])]}
        value={draft.target}
        onChange={(target) => store.change((now) => ({ ...now, target }))}
        nothingFoundMessage="No column has that in its name"
      />
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
        fullWidth
        loading={busy}
        disabled={why !== null}
        leftSection={<IconPlayerPlay size={16} />}
        title="The file itself is never changed; the result is stored beside it in the bucket."
      >
        <span className="cut">Run {ready.recipe.name}</span>
      </Button>
      {why !== null && <p className="dim">{why}</p>}
    </form>
  );
}

/** @returns why it cannot be run, or null */
function reasonNot(formats: readonly OutputFormat[], unfinished: boolean, problem: boolean): string | null {
  if (formats.length === 0) return 'Choose at least one format to write.';
  if (unfinished) return 'A step is not complete: complete it, switch it off, or take it out.';
  if (problem) return 'A step cannot be done. It says why, and what to do.';
  return null;
}

/** The columns of the file itself; null until they were read. */
function useColumnNames(transferId: string): readonly string[] | null {
  const { client } = useWorkbench();
  const { answer } = useQuestion(
    (signal) => client.tables.preview({ transferId }, { signal }),
    [client, transferId],
    { atOnce: true },
  );
  if (answer.kind !== 'answered') return null;
  return [...new Set(answer.value.columns.map(({ name }) => name))].filter((name) => name !== '');
}

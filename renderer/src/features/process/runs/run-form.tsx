import { Button, Select } from '@mantine/core';
import { IconPlayerPlay } from '@tabler/icons-react';
import { type ReactNode, useCallback } from 'react';
import type { Transfer } from '#shared/domain';
import { useAction } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import type { DraftStore } from '../draft/index.ts';
import type { TriedRecipe } from '../use-recipe.ts';
import { WritingFields } from './writing-fields.tsx';
import type { Writing } from './writing.ts';

interface Props {
  readonly transfer: Transfer;
  readonly store: DraftStore;
  readonly tried: TriedRecipe;
  /** The columns of the file itself; null until they were read. */
  readonly columns: readonly string[] | null;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
  /** Why it cannot be run, or null. */
  readonly reason: string | null;
  readonly onStarted: (runId: string) => void;
  readonly children?: ReactNode;
}

/** What is written, and the button that does it. */
export function RunForm(props: Props) {
  const { transfer, store, tried, columns, writing, onWriting, reason, onStarted, children } = props;
  const { client, state } = useWorkbench();
  const draft = useExternal(store).now;
  const { ready, inputs } = tried;
  const start = useCallback(async () => {
    const run = await client.runs.start({
      transferId: transfer.id,
      recipe: ready.recipe,
      inputs,
      formats: [...writing.formats],
      options: writing.options,
    });
    state.apply([{ kind: 'runs', runs: [run] }]);
    onStarted(run.id);
  }, [client, state, transfer.id, ready.recipe, inputs, writing, onStarted]);
  const { run, busy } = useAction(start);

  return (
    <form
      className="run-form"
      aria-label="Recipe"
      onSubmit={(event) => {
        event.preventDefault();
        if (reason === null) run();
      }}
    >
      <Select
        classNames={{ root: 'run-target' }}
        label="Target column"
        title="What a later model is to predict: never dropped, and its name is kept."
        placeholder={columns === null ? 'Reading the columns…' : 'None'}
        clearable
        searchable
        limit={200}
        data={[
          ...new Set([
            ...(columns ?? []).filter((name) => name !== ''),
            ...(draft.target === null ? [] : [draft.target]),
          ]),
        ]}
        value={draft.target}
        onChange={(target) => store.change((now) => ({ ...now, target }))}
        nothingFoundMessage="No column has that in its name"
      />
      <WritingFields writing={writing} onChange={onWriting} />
      {children}
      <Button
        type="submit"
        fullWidth
        loading={busy}
        disabled={reason !== null}
        leftSection={<IconPlayerPlay size={16} />}
        title="The file itself is never changed; the result is stored beside it in the bucket."
      >
        <span className="cut">Run {ready.recipe.name}</span>
      </Button>
      {reason !== null && <p className="dim">{reason}</p>}
    </form>
  );
}

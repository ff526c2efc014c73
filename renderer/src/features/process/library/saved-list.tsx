import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconBookmark, IconPencil, IconTrash } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { Recipe, SavedRecipe } from '#shared/domain';
import { attempt, counted, ErrorNote, Loading, When } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { type Draft, draftOf, type DraftStore, readyDraft } from '../draft/index.ts';
import { Gone } from './gone.tsx';
import { useKept } from './use-kept.ts';

interface Props {
  readonly store: DraftStore;
  readonly onUse: (draft: Draft) => void;
}

/** Recipes that were kept for later: used, called otherwise, taken away. */
export function SavedList({ store, onUse }: Props) {
  const { client } = useWorkbench();
  const { records, report, reload, set } = useKept<SavedRecipe>(
    useCallback((signal) => client.recipes.list(undefined, { signal }), [client]),
  );
  const [gone, setGone] = useState<SavedRecipe | null>(null);
  if (report !== null) return <ErrorNote report={report} onRetry={reload} />;
  if (records === null) return <Loading label="Reading the recipes" rows={2} />;
  const { recipe } = readyDraft(store.get().now);
  const same = records.find((one) => one.recipe.name === recipe.name);
  const save = (id: string | null, kept: Recipe) =>
    attempt(async () => {
      await client.recipes.save({ id, recipe: kept });
      reload();
    });
  const remove = (saved: SavedRecipe) =>
    attempt(async () => {
      await client.recipes.remove({ id: saved.id });
      set((now) => now.filter(({ id }) => id !== saved.id));
      setGone(saved);
    });
  return (
    <div className="saved">
      <div>
        <Button
          variant="default"
          leftSection={<IconBookmark size={14} />}
          disabled={recipe.steps.length === 0}
          onClick={() => save(same?.id ?? null, recipe)}
        >
          {same === undefined ? `Save “${recipe.name}”` : `Save over “${recipe.name}”`}
        </Button>
      </div>
      {gone !== null && (
        <Gone
          name={gone.recipe.name}
          onBack={() => {
            setGone(null);
            save(null, gone.recipe);
          }}
        />
      )}
      {records.length === 0 ? (
        <p className="dim">No recipe was saved yet. A saved one can be used on any file, on this computer.</p>
      ) : (
        <ul className="kept-list" aria-label="Saved recipes">
          {records.map((one) => (
            <SavedRow
              key={one.id}
              saved={one}
              onUse={() => onUse(draftOf(one.recipe))}
              onRename={(name) => save(one.id, { ...one.recipe, name })}
              onRemove={() => remove(one)}
            />
          ))}
        </ul>
      )}
    </div>
  );
}

/** It was opened to be written into. */
const focus = (input: HTMLInputElement | null) => input?.focus();

interface RowProps {
  readonly saved: SavedRecipe;
  readonly onUse: () => void;
  readonly onRename: (name: string) => void;
  readonly onRemove: () => void;
}

function SavedRow({ saved: { recipe, createdAt }, onUse, onRename, onRemove }: RowProps) {
  const [name, setName] = useState<string | null>(null);
  const done = () => {
    const next = (name ?? '').trim();
    if (next !== '' && next !== recipe.name) onRename(next);
    setName(null);
  };
  return (
    <li>
      <div className="kept-head">
        {name === null ? (
          <b className="cut">{recipe.name}</b>
        ) : (
          <TextInput
            ref={focus}
            aria-label={`New name of ${recipe.name}`}
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
            onBlur={done}
            onKeyDown={(event) => {
              if (event.key === 'Enter') done();
              if (event.key === 'Escape') {
                event.stopPropagation();
                setName(null);
              }
            }}
          />
        )}
        <Button variant="default" size="compact-xs" onClick={onUse}>
          Use
        </Button>
        <ActionIcon
          size={24}
          aria-label={`Rename ${recipe.name}`}
          title="Rename"
          onClick={() => setName(recipe.name)}
        >
          <IconPencil size={14} />
        </ActionIcon>
        <ActionIcon size={24} aria-label={`Remove ${recipe.name}`} title="Remove" onClick={onRemove}>
          <IconTrash size={14} />
        </ActionIcon>
      </div>
      <p className="dim">
        {counted(recipe.steps.length, 'step')}, saved <When at={createdAt} />
      </p>
    </li>
  );
}

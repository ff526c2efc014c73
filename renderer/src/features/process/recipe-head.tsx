import { ActionIcon, Menu, TextInput } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconBookmark,
  IconDots,
  IconFileExport,
  IconFileImport,
  IconFilePlus,
  IconListCheck,
  IconSparkles,
} from '@tabler/icons-react';
import { saveFile, useExternal } from '#renderer/lib';
import { writeRecipe } from '#shared/domain';
import { tell } from '#renderer/components';
import { cleanDraft, type Draft, type DraftStore, emptyDraft, readyDraft } from './draft/index.ts';

export type Dialog = 'import' | 'saved' | 'prepare' | 'flows';

interface Props {
  readonly store: DraftStore;
  readonly onDialog: (dialog: Dialog) => void;
}

/** The name of the recipe, what to take back, and where recipes come from and go to. */
export function RecipeHead({ store, onDialog }: Props) {
  const { now, past, future } = useExternal(store);
  const kept = useExternal(store.kept);
  const start = (draft: Draft, word: string) => {
    store.change(() => draft);
    store.chosen.set(null);
    tell(word, { label: 'Undo', run: () => store.change(() => now) });
  };
  return (
    <div className="recipe-head">
      <TextInput
        className="recipe-name"
        variant="unstyled"
        aria-label="Name of the recipe"
        value={now.name}
        maxLength={100}
        onChange={(event) => {
          const name = event.currentTarget.value;
          store.change((draft) => ({ ...draft, name }), 'name');
        }}
      />
      <ActionIcon
        aria-label="Undo"
        title="Undo (Ctrl+Z)"
        aria-keyshortcuts="Control+Z"
        disabled={past.length === 0}
        onClick={store.undo}
      >
        <IconArrowBackUp size={16} />
      </ActionIcon>
      <ActionIcon
        aria-label="Redo"
        title="Redo (Ctrl+Shift+Z)"
        aria-keyshortcuts="Control+Shift+Z"
        disabled={future.length === 0}
        onClick={store.redo}
      >
        <IconArrowForwardUp size={16} />
      </ActionIcon>
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <ActionIcon aria-label="More for this recipe" title="Saved recipes, files, ways to start">
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Start with</Menu.Label>
          <Menu.Item
            leftSection={<IconListCheck size={14} />}
            onClick={() => start(cleanDraft(), 'The steps are those of Clean.')}
          >
            Clean
          </Menu.Item>
          <Menu.Item leftSection={<IconSparkles size={14} />} onClick={() => onDialog('prepare')}>
            Prepare for modelling…
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFilePlus size={14} />}
            onClick={() => start(emptyDraft(), 'The recipe is empty.')}
          >
            No steps
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconBookmark size={14} />} onClick={() => onDialog('saved')}>
            Saved recipes…
          </Menu.Item>
          <Menu.Item leftSection={<IconFileImport size={14} />} onClick={() => onDialog('import')}>
            Open a recipe from a file or text…
          </Menu.Item>
          <Menu.Item leftSection={<IconFileExport size={14} />} onClick={() => exportDraft(now)}>
            Save as a file
          </Menu.Item>
          <Menu.Divider />
          <Menu.Label className="recipe-kept">
            {kept
              ? 'This draft is kept in this browser on this computer, for this file.'
              : 'This draft cannot be kept: the browser’s storage is full or closed. Save it as a file.'}
          </Menu.Label>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

function exportDraft(draft: Draft): void {
  const { recipe, unfinished } = readyDraft(draft);
  const name = recipe.name.replaceAll(/[^\p{L}\p{N} ._-]/gu, '_');
  saveFile(`${name}.recipe.json`, 'application/json', writeRecipe(recipe));
  const off = draft.steps.filter((step) => step.off).length;
  if (unfinished !== null) tell('Steps from the first unfinished one on are not in the file.');
  else if (off > 0) tell('Steps that are switched off are not in the file.');
}

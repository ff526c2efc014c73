import { Modal } from '@mantine/core';
import type { Transfer } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { tell } from '#renderer/components';
import { type Draft, type DraftStore } from '../draft/index.ts';
import type { Dialog } from '../recipe-head.tsx';
import { FlowsList } from './flows-list.tsx';
import { ImportForm } from './import-form.tsx';
import { PrepareForm } from './prepare-form.tsx';
import { SavedList } from './saved-list.tsx';

interface Props {
  readonly open: Dialog | null;
  readonly transfer: Transfer;
  readonly store: DraftStore;
  readonly onClose: () => void;
}

const TITLES: Readonly<Record<Dialog, string>> = {
  import: 'Open a recipe',
  saved: 'Saved recipes',
  prepare: 'Prepare for modelling',
  flows: 'What is done by itself',
};

/** Where recipes come from, and what is done with them by itself. */
export function Dialogs({ open, transfer, store, onClose }: Props) {
  const use = (draft: Draft) => {
    const before = store.get().now;
    store.change(() => draft);
    store.chosen.set(null);
    onClose();
    tell(`The recipe is now ${draft.name}.`, { label: 'Undo', run: () => store.change(() => before) });
  };
  return (
    <Modal opened={open !== null} onClose={onClose} title={open === null ? '' : TITLES[open]} size={640}>
      {open !== null && <Body open={open} transfer={transfer} store={store} onUse={use} />}
    </Modal>
  );
}

interface BodyProps {
  readonly open: Dialog;
  readonly transfer: Transfer;
  readonly store: DraftStore;
  readonly onUse: (draft: Draft) => void;
}

function Body({ open, transfer, store, onUse }: BodyProps) {
  switch (open) {
    case 'import':
      return <ImportForm onUse={onUse} />;
    case 'prepare':
      return <PrepareForm transfer={transfer} onUse={onUse} />;
    case 'saved':
      return <SavedList store={store} onUse={onUse} />;
    case 'flows':
      return <FlowsList onUse={onUse} />;
    default:
      return assertNever(open);
  }
}

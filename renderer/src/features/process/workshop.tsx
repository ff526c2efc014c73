import { SegmentedControl } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Transfer } from '#shared/domain';
import { useExternal } from '#renderer/lib';
import { useRuns } from '#renderer/state';
import { AddStep, StepList } from './builder/index.ts';
import { draftStore, insertStep, type StepDraft } from './draft/index.ts';
import { AroundContext } from './fields/index.ts';
import { Dialogs, FlowSwitch } from './library/index.ts';
import { PANES, type Pane, TrialPane } from './trial-pane.tsx';
import { type Dialog, RecipeHead } from './recipe-head.tsx';
import { RunForm, RunsPane, USUAL, type Writing } from './runs/index.ts';
import { type TriedRecipe, useColumnNames, useRecipe } from './use-recipe.ts';

interface Props {
  readonly sessionId: string;
  readonly transfer: Transfer;
  readonly files: readonly Transfer[];
  readonly select: ReactNode;
}

/** At the left the recipe and what to write; at the right what it does, and its runs. */
export function Workshop({ sessionId, transfer, files, select }: Props) {
  const store = draftStore(transfer.id);
  const draft = useExternal(store).now;
  const chosen = useExternal(store.chosen);
  const tried = useRecipe(store, transfer, files);
  const runs = useRuns(sessionId);
  const [pane, setPane] = useState<Pane | 'runs'>('changes');
  const [run, setRun] = useState<string | null>(null);
  const [writing, setWriting] = useState<Writing>(USUAL);
  const columns = useColumnNames(transfer.id);
  const reason = reasonNot(writing, tried);
  const [turn, setTurn] = useState(0);
  const [dialog, setDialog] = useState<Dialog | null>(null);

  const add = (step: StepDraft) => {
    const at = draft.steps.findIndex(({ id }) => id === chosen);
    store.change((now) => {
      const made = insertStep(now, at < 0 ? now.steps.length : at + 1, step);
      store.chosen.set(made.id);
      store.fresh.set(made.id);
      return made.draft;
    });
    if (pane === 'runs') setPane('changes');
  };
  const undoKeys = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'z') (event.shiftKey ? store.redo : store.undo)();
    else if (key === 'y' && !event.shiftKey) store.redo();
    else return;
    event.preventDefault();
  };

  return (
    // Undo works wherever the focus is: what is written into a field is a change to the recipe.
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className="workshop" onKeyDown={undoKeys}>
      <div className="toolbar">
        {select}
        <SegmentedControl
          className="workshop-panes"
          aria-label="What to show of the recipe"
          value={pane}
          onChange={(next) =>
            setPane(next === 'runs' ? 'runs' : (PANES.find((one) => one === next) ?? 'changes'))
          }
          data={[
            { value: 'changes', label: 'Changes' },
            { value: 'rows', label: 'Rows' },
            { value: 'sql', label: 'SQL' },
            { value: 'runs', label: runs.records.length === 0 ? 'Runs' : `Runs ${runs.records.length}` },
          ]}
        />
      </div>
      <div className="process">
        <section className="recipe" aria-label="The recipe">
          <RecipeHead store={store} onDialog={setDialog} />
          <div className="recipe-scroll">
            <AroundContext value={tried.around}>
              <StepList store={store} ids={tried.whole.ids} preview={tried.whole.preview} />
            </AroundContext>
            {draft.steps.length === 0 && (
              <p className="dim recipe-empty">
                No steps yet: the rows are written as they are. Add a step, or start with Clean from the menu
                above.
              </p>
            )}
            <AddStep onAdd={add} />
          </div>
          <RunForm
            transfer={transfer}
            store={store}
            tried={tried}
            columns={columns}
            writing={writing}
            onWriting={setWriting}
            reason={reason}
            onStarted={(id) => {
              setRun(id);
              setPane('runs');
            }}
          >
            <FlowSwitch
              columns={columns}
              recipe={tried.ready.recipe}
              writing={writing}
              reason={reason}
              turn={turn}
              onFlows={() => setDialog('flows')}
            />
          </RunForm>
        </section>
        <section className="pane" aria-label={pane === 'runs' ? 'Runs' : 'What it does'}>
          {pane === 'runs' ? (
            <RunsPane runs={runs} chosen={run} onChoose={setRun} />
          ) : (
            <TrialPane pane={pane} store={store} tried={tried} />
          )}
        </section>
      </div>
      <Dialogs
        open={dialog}
        transfer={transfer}
        store={store}
        onClose={() => {
          setDialog(null);
          // What is done by itself may have been changed there.
          setTurn(turn + 1);
        }}
      />
    </div>
  );
}

/** @returns why it cannot be run, or null */
function reasonNot({ formats }: Writing, { ready, whole }: TriedRecipe): string | null {
  if (formats.length === 0) return 'Choose at least one format to write.';
  if (ready.unfinished !== null) return 'A step is not complete: complete it, switch it off, or take it out.';
  const problem = whole.asking ? null : (whole.preview?.problem ?? null);
  return problem === null ? null : 'A step cannot be done. It says why, and what to do.';
}

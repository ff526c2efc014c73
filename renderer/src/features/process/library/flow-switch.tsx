import { Button, Switch } from '@mantine/core';
import { useCallback } from 'react';
import { type Flow, type FlowDraft, inputsOf, type Recipe } from '#shared/domain';
import { canonicalJson } from '#shared/lib';
import { attempt, tell } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import type { Writing } from '../runs/index.ts';
import { isForColumns, ruleWords } from './rule-words.ts';
import { useKept } from './use-kept.ts';

interface Props {
  /** The columns of the file; null until they were read. */
  readonly columns: readonly string[] | null;
  readonly recipe: Recipe;
  readonly writing: Writing;
  /** Why it cannot be done now, or null. */
  readonly reason: string | null;
  /** Another number has it read again. */
  readonly turn: number;
  readonly onFlows: () => void;
}

/** Whether what is here is done by itself with every upload like this one. */
export function FlowSwitch({ columns, recipe, writing, reason, turn, onFlows }: Props) {
  const { client } = useWorkbench();
  const kept = useKept<Flow>(
    // oxlint-disable-next-line react/exhaustive-deps -- after the dialog it is read again
    useCallback((signal) => client.flows.list(undefined, { signal }), [client, turn]),
  );
  const flow = columns === null ? undefined : kept.records?.find(({ rule }) => isForColumns(rule, columns));
  const needsOthers = inputsOf(recipe).length > 0;
  const why = needsOthers ? 'A recipe that takes rows from other files cannot run by itself.' : reason;
  const on = flow?.enabled === true;
  const draft: FlowDraft = {
    name: flow?.name ?? recipe.name,
    enabled: true,
    rule: flow?.rule ?? { columns: [...(columns ?? [])], namePattern: null },
    recipe,
    formats: [...writing.formats],
    options: writing.options,
  };
  const changed =
    flow !== undefined && canonicalJson({ ...flow, ...draft, enabled: flow.enabled }) !== canonicalJson(flow);
  const save = (next: FlowDraft, words: string) =>
    attempt(async () => {
      const saved = await client.flows.save({ id: flow?.id ?? null, flow: next });
      kept.set((records) => [...records.filter(({ id }) => id !== saved.id), saved]);
      tell(words);
    });
  return (
    <div className="flow-switch">
      <Switch
        size="xs"
        withThumbIndicator={false}
        label="Do this by itself for files like this one"
        checked={on}
        disabled={columns === null || columns.length === 0 || (!on && why !== null)}
        onChange={() =>
          on && flow !== undefined
            ? save({ ...flow, enabled: false }, 'It is not done by itself any more.')
            : save(draft, 'From now on it is done with every upload like this one.')
        }
      />
      {on && (
        <p className="dim cut" title={ruleWords(flow.rule)}>
          {ruleWords(flow.rule)}
        </p>
      )}
      {!on && needsOthers && <p className="dim">{why}</p>}
      <div className="field-adds">
        <Button variant="subtle" size="compact-xs" onClick={onFlows}>
          All of these…
        </Button>
        {on && changed && why === null && (
          <Button
            variant="subtle"
            size="compact-xs"
            title="It runs as it was when it was switched on."
            onClick={() => save(draft, 'It is done as it is here from now on.')}
          >
            Do it as it is here now
          </Button>
        )}
      </div>
    </div>
  );
}

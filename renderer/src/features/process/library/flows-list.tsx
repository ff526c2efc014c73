import { ActionIcon, Button, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { Flow, FlowDraft } from '#shared/domain';
import { attempt, counted, ErrorNote, FORMAT_WORDS, Loading } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { type Draft, draftOf } from '../draft/index.ts';
import { Gone } from './gone.tsx';
import { ruleWords } from './rule-words.ts';
import { useKept } from './use-kept.ts';

/** All that is done by itself with uploads. */
export function FlowsList({ onUse }: { readonly onUse: (draft: Draft) => void }) {
  const { client } = useWorkbench();
  const { records, report, reload, set } = useKept<Flow>(
    useCallback((signal) => client.flows.list(undefined, { signal }), [client]),
  );
  const [gone, setGone] = useState<Flow | null>(null);
  if (report !== null) return <ErrorNote report={report} onRetry={reload} />;
  if (records === null) return <Loading label="Reading what is done by itself" rows={2} />;
  if (records.length === 0 && gone === null)
    return (
      <p className="dim">
        Nothing yet. Switch on “Do this by itself for files like this one” below a recipe: then it runs over
        every later upload with the same columns.
      </p>
    );
  const save = (id: string | null, flow: FlowDraft) =>
    attempt(async () => {
      await client.flows.save({ id, flow });
      reload();
    });
  const remove = (flow: Flow) =>
    attempt(async () => {
      await client.flows.remove({ id: flow.id });
      set((now) => now.filter(({ id }) => id !== flow.id));
      setGone(flow);
    });
  return (
    <>
      {gone !== null && (
        <Gone
          name={gone.name}
          onBack={() => {
            setGone(null);
            save(null, draftOfFlow(gone));
          }}
        />
      )}
      <ul className="kept-list" aria-label="Done by itself">
        {records.map((flow) => (
          <FlowRow
            key={flow.id}
            flow={flow}
            onSave={(next) => save(flow.id, next)}
            onUse={() => onUse(draftOf(flow.recipe))}
            onRemove={() => remove(flow)}
          />
        ))}
      </ul>
    </>
  );
}

const draftOfFlow = ({ name, enabled, rule, recipe, formats, options }: Flow): FlowDraft => ({
  name,
  enabled,
  rule,
  recipe,
  formats,
  options,
});

interface RowProps {
  readonly flow: Flow;
  readonly onSave: (flow: FlowDraft) => void;
  readonly onUse: () => void;
  readonly onRemove: () => void;
}

function FlowRow({ flow, onSave, onUse, onRemove }: RowProps) {
  const draft = draftOfFlow(flow);
  const [pattern, setPattern] = useState(flow.rule.namePattern ?? '');
  const keepPattern = () => {
    const namePattern = pattern.trim() === '' ? null : pattern.trim();
    if (namePattern === flow.rule.namePattern) return;
    if (namePattern === null && flow.rule.columns === null) setPattern(flow.rule.namePattern ?? '');
    else onSave({ ...draft, rule: { ...flow.rule, namePattern } });
  };
  return (
    <li>
      <div className="kept-head">
        <Switch
          size="xs"
          withThumbIndicator={false}
          label={flow.name}
          checked={flow.enabled}
          onChange={() => onSave({ ...draft, enabled: !flow.enabled })}
        />
        <Button variant="subtle" size="compact-xs" onClick={onUse}>
          Open its recipe
        </Button>
        <ActionIcon size={24} aria-label={`Remove ${flow.name}`} title="Remove" onClick={onRemove}>
          <IconTrash size={14} />
        </ActionIcon>
      </div>
      <p className="dim">
        {ruleWords(flow.rule)} {counted(flow.recipe.steps.length, 'step')}, writes{' '}
        {flow.formats.map((format) => FORMAT_WORDS[format]).join(', ')}.
      </p>
      <TextInput
        className="kept-pattern"
        aria-label={`Only names such as, for ${flow.name}`}
        placeholder="Any name. Or only such as: orders-*.csv"
        value={pattern}
        onChange={(event) => setPattern(event.currentTarget.value)}
        onBlur={keepPattern}
        onKeyDown={(event) => {
          if (event.key === 'Enter') keepPattern();
        }}
      />
    </li>
  );
}

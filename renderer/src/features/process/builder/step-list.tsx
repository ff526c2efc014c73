import { type DragEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { RecipePreview } from '#shared/domain';
import { tell } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import {
  changeStep,
  type DraftStep,
  type DraftStore,
  duplicateStep,
  moveStep,
  removeStep,
  type StepDraft,
} from '../draft/index.ts';
import { Fields } from '../fields/index.ts';
import { formOf } from '../steps/index.ts';
import { StepRow } from './step-row.tsx';

interface Props {
  readonly store: DraftStore;
  /** The ids of the steps that were tried, in their order, and what they changed. */
  readonly ids: readonly string[];
  readonly preview: RecipePreview | null;
}

/** The steps in the order of their effects. */
export function StepList({ store, ids, preview }: Props) {
  const { steps } = useExternal(store).now;
  const chosen = useExternal(store.chosen);
  const list = useRef<HTMLOListElement>(null);
  const [dragged, setDragged] = useState<string | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const [said, setSaid] = useState('');
  const focusNext = useRef<string | null>(null);
  const places = useMemo(() => new Map(ids.map((id, place) => [id, place])), [ids]);

  // A step that was moved or opened by the keyboard keeps the focus in its new place.
  useEffect(() => {
    if (focusNext.current === null) return;
    mainOf(list.current, focusNext.current)?.focus();
    focusNext.current = null;
  });

  const fresh = useExternal(store.fresh);
  useEffect(() => {
    if (fresh === null) return;
    const field = stepIn(list.current, fresh)?.querySelector<HTMLElement>('.step-body :is(input, textarea)');
    (field ?? mainOf(list.current, fresh))?.focus();
    store.fresh.set(null);
  }, [store, fresh]);

  const move = (id: string, to: number) => {
    const place = Math.max(0, Math.min(steps.length - 1, to));
    store.change((draft) => moveStep(draft, id, place));
    setSaid(`Now step ${place + 1} of ${steps.length}.`);
    focusNext.current = id;
  };
  const remove = (one: DraftStep, index: number) => {
    const neighbour = steps[index + 1] ?? steps[index - 1];
    focusNext.current = neighbour?.id ?? null;
    store.change((draft) => removeStep(draft, one.id));
    if (chosen === one.id) store.chosen.set(null);
    // Not the last change, whatever that is by then: this step comes back.
    const back = () => store.change((draft) => ({ ...draft, steps: draft.steps.toSpliced(index, 0, one) }));
    tell(`Step ${index + 1} was taken out.`, { label: 'Undo', run: back });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (dragged !== null && over !== null) move(dragged, over);
    setDragged(null);
    setOver(null);
  };

  return (
    <>
      {/* Steps are dropped onto the list; the keyboard moves them with Alt and the arrows. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ol ref={list} className="steps" aria-label="Steps" onDrop={drop} onDragEnd={() => setOver(null)}>
        {steps.map((one, index) => {
          const { id, step } = one;
          const place = places.get(id);
          const tried = place === undefined ? null : (preview?.steps[place] ?? null);
          const failed = place !== undefined && preview?.problem?.step === place + 1;
          return (
            <StepRow
              key={id}
              over={dragged !== null && over === index}
              onDragOver={(event) => {
                if (dragged === null) return;
                event.preventDefault();
                event.stopPropagation();
                setOver(index);
              }}
              // As the engine counts them.
              number={one.off ? null : steps.slice(0, index + 1).filter(({ off }) => !off).length}
              of={one}
              open={id === chosen}
              first={index === 0}
              last={index === steps.length - 1}
              tried={tried}
              problem={failed ? (preview?.problem ?? null) : null}
              onOpen={() => store.chosen.set(id === chosen ? null : id)}
              onToggle={() => store.change((draft) => changeStep(draft, id, { off: !one.off }))}
              onMove={(by) => move(id, index + by)}
              onDuplicate={() => {
                store.change((draft) => {
                  const made = duplicateStep(draft, id);
                  focusNext.current = made.id;
                  return made.draft;
                });
              }}
              onRemove={() => remove(one, index)}
              onDrag={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', String(index + 1));
                setDragged(id);
              }}
            >
              <StepForm
                step={step}
                onChange={(next, field) =>
                  store.change((draft) => changeStep(draft, id, { step: next }), `${id} ${field}`)
                }
              />
            </StepRow>
          );
        })}
      </ol>
      <span className="unseen" role="status">
        {said}
      </span>
    </>
  );
}

const mainOf = (list: HTMLElement | null, id: string) =>
  stepIn(list, id)?.querySelector<HTMLElement>('.step-main');
const stepIn = (list: HTMLElement | null, id: string) =>
  list?.querySelector<HTMLElement>(`[data-step="${CSS.escape(id)}"]`);

interface FormProps {
  readonly step: StepDraft;
  readonly onChange: (step: StepDraft, field: string) => void;
}

function StepForm({ step, onChange }: FormProps) {
  const { about, fields } = formOf(step.kind);
  const note = step['note'];
  return (
    <div className="step-form">
      <p className="dim">{about}</p>
      {typeof note === 'string' && <p className="step-note">{note}</p>}
      <Fields
        fields={fields}
        values={step}
        onChange={(values, field) => onChange({ ...values, kind: step.kind }, field)}
      />
    </div>
  );
}

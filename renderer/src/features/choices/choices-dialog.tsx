import { Button, Modal, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { type Choices, type Conflict, type DropPlan } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { counted, Middle, RowList, When } from '#renderer/components';
import { overlay, useExternal } from '#renderer/lib';
import { type Choosing, useChoices } from './use-choices.ts';
import { CHOICE_MEANS, choiceWord, groupWords, KIND_WORDS } from './words.ts';
import './choices.css';

/** Asks once about everything that files of a drop meet: objects, uploads that were begun, and themselves. */
export function ChoicesDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'choices') return null;
  const { plan, into, onChosen } = open;
  return (
    <Modal
      opened
      onClose={() => onChosen(null)}
      title="Some of it is there already"
      size={960}
      className="choices-modal"
    >
      <Ask key={plan.id} plan={plan} into={into} onChosen={onChosen} />
    </Modal>
  );
}

interface Props {
  readonly plan: DropPlan;
  readonly into: string;
  readonly onChosen: (choices: Choices | null) => void;
}

const ROW = 44;
const MIXED = 'mixed';

function Ask({ plan, into, onChosen }: Props) {
  const choosing = useChoices(plan);
  const { rows, groups, chosen, choose, step, chooseAll, result } = choosing;
  const [active, setActive] = useState(0);
  const total = groups.reduce((sum, { count }) => sum + count, 0);
  const current = rows[active];
  return (
    <div className="choices">
      <p className="choices-where">
        {counted(plan.files, 'file')}, {formatBytes(plan.bytes)} → <span className="mono">{into}</span>
      </p>
      <div className="choices-groups">
        {groups.map(({ kind, count, offered, chosen: all }) => (
          <NativeSelect
            key={kind}
            className="choices-group"
            label={groupWords(kind, count)}
            value={all ?? MIXED}
            data={[
              ...(all === null ? [{ value: MIXED, label: 'As chosen below', disabled: true }] : []),
              ...offered.map((choice) => ({ value: choice, label: choiceWord({ kind }, choice) })),
            ]}
            onChange={({ currentTarget }) => {
              const choice = offered.find((one) => one === currentTarget.value);
              if (choice !== undefined) chooseAll(kind, choice);
            }}
          />
        ))}
      </div>
      <div className="choices-list">
        <RowList
          label="What is there already"
          count={rows.length}
          rowHeight={ROW}
          active={active}
          onActive={setActive}
          onKey={(event, index) => {
            const row = rows[index];
            if (row === undefined) return false;
            if (event.key === 'ArrowRight' || event.key === ' ') step(row, 1);
            else if (event.key === 'ArrowLeft') step(row, -1);
            else return false;
            return true;
          }}
          textAt={(index) => rows[index]?.name}
          header={<Header />}
        >
          {(index) => {
            const row = rows[index];
            return row === undefined ? null : <Row row={row} choosing={{ chosen, choose }} />;
          }}
        </RowList>
      </div>
      <p className="dim choices-said" role="status">
        {current === undefined
          ? ''
          : `${choiceWord(current, chosen(current))}: ${CHOICE_MEANS[chosen(current)]}`}
      </p>
      {total > rows.length && (
        <p className="dim">
          {counted(total - rows.length, 'more', 'more')} not shown: what is chosen above for all of their kind
          holds for them.
        </p>
      )}
      <div className="dialog-actions">
        <span className="dim choices-keys">Up and down go through the list, left and right choose.</span>
        <Button variant="default" onClick={() => onChosen(null)}>
          Cancel, send nothing
        </Button>
        <Button data-autofocus onClick={() => onChosen(result)}>
          {startWord(choosing, plan)}
        </Button>
      </div>
    </div>
  );
}

/** @returns how many files the button sends; those beyond what is shown are counted by the choice for their kind */
function startWord({ rows, groups, chosen }: Choosing, plan: DropPlan): string {
  const left = new Set(rows.filter((row) => chosen(row) === 'skip').map(({ name }) => name)).size;
  const shown = (kind: Conflict['kind']) => rows.filter((row) => row.kind === kind).length;
  const unseen = groups
    .filter((group) => group.chosen === 'skip')
    .reduce((sum, { kind, count }) => sum + count - shown(kind), 0);
  const sent = plan.files - left - unseen;
  return sent === 0 ? 'Leave all of them out' : `Send ${counted(sent, 'file')}`;
}

function Header() {
  return (
    <div className="conflict conflict-head">
      <span role="columnheader">Name</span>
      <span role="columnheader" className="number">
        Here
      </span>
      <span role="columnheader" className="number">
        There
      </span>
      <span role="columnheader">What differs</span>
      <span role="columnheader">Do this</span>
    </div>
  );
}

interface RowProps {
  readonly row: Conflict;
  readonly choosing: Pick<Choosing, 'chosen' | 'choose'>;
}

function Row({ row, choosing: { chosen, choose } }: RowProps) {
  const { kind, name, key, says, here, there, choices } = row;
  return (
    <div className="conflict">
      <span role="gridcell" className="conflict-name">
        <Middle text={name} title={`${name}\n${key}`} />
        <span className="dim cut">{KIND_WORDS[kind]}</span>
      </span>
      <Sight {...here} />
      <Sight {...there} />
      <span role="gridcell" className="conflict-says" title={says}>
        {says}
      </span>
      <span role="gridcell">
        <NativeSelect
          aria-label={`What to do with ${name}`}
          tabIndex={-1}
          value={chosen(row)}
          data={choices.map((choice) => ({ value: choice, label: choiceWord(row, choice) }))}
          onChange={({ currentTarget }) => {
            const choice = choices.find((one) => one === currentTarget.value);
            if (choice !== undefined) choose(row, choice);
          }}
        />
      </span>
    </div>
  );
}

function Sight({ size, at }: Conflict['here']) {
  return (
    <span role="gridcell" className="number conflict-sight">
      <span title={size === null ? undefined : `${size.toLocaleString('en-US')} bytes`}>
        {size === null ? '–' : formatBytes(size)}
      </span>
      <span className="dim">{at === null ? '–' : <When at={at} />}</span>
    </span>
  );
}

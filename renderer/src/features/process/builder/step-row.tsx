import { ActionIcon, Menu, Switch } from '@mantine/core';
import {
  IconAlertTriangle,
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconGripVertical,
  IconTrash,
} from '@tabler/icons-react';
import { type DragEvent, type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { RecipePreview, StepPreview } from '#shared/domain';
import { CopyButton } from '#renderer/components';
import type { DraftStep } from '../draft/index.ts';
import { changeWords } from '../preview/index.ts';
import { stepTitle, unfinishedReason } from '../steps/index.ts';

export interface StepActions {
  readonly onOpen: () => void;
  readonly onToggle: () => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
  readonly onDrag: (event: DragEvent) => void;
  readonly onDragOver: (event: DragEvent) => void;
}

interface Props extends StepActions {
  /** Its place among the steps that take part, from 1: what the engine calls it by. Null while it is off. */
  readonly number: number | null;
  readonly of: DraftStep;
  readonly open: boolean;
  /** Whether a step is being dragged over it. */
  readonly over: boolean;
  readonly first: boolean;
  readonly last: boolean;
  /** What it changed when it was tried; null while that is not known. */
  readonly tried: StepPreview | null;
  readonly problem: RecipePreview['problem'];
  readonly children?: ReactNode;
}

/** One step of the list: its sentence, what it changes, and, while it is open, its form. */
export function StepRow(props: Props) {
  const { number, of, open, tried, problem, children, onOpen, onToggle, onDrag } = props;
  const { id, step, off } = of;
  const title = stepTitle(step);
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (open) row.current?.scrollIntoView({ block: 'nearest' });
  }, [open]);
  const lack = off ? null : unfinishedReason(step);
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- only for dragging
    <li
      ref={row}
      className="step"
      data-step={id}
      data-open={open || undefined}
      data-off={off || undefined}
      data-over={props.over || undefined}
      onDragOver={props.onDragOver}
    >
      {/* The handle is for the mouse; the keyboard moves a step with Alt and the arrows. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div className="step-line" onKeyDown={(event) => keys(event, props)}>
        <span className="step-grip" draggable title="Drag to move" onDragStart={onDrag} aria-hidden="true">
          <IconGripVertical size={14} />
        </span>
        <span className="step-number dim" aria-hidden="true">
          {number ?? '–'}
        </span>
        <button
          type="button"
          className="step-main"
          aria-expanded={open}
          aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown Delete Control+D"
          title="Alt and arrows move it, Delete takes it out"
          onClick={onOpen}
        >
          <span className="step-title">
            <span className="unseen">{number === null ? 'Switched off' : `Step ${number}`}: </span>
            {title}
          </span>
          <Status off={off} lack={lack} problem={problem} tried={tried} />
        </button>
        <Switch
          size="xs"
          withThumbIndicator={false}
          checked={!off}
          onChange={onToggle}
          aria-label={`Takes part: ${title}`}
          title={off ? 'Switch it on' : 'Switch it off'}
        />
        <RowMenu {...props} />
      </div>
      {open && <div className="step-body">{children}</div>}
      {/* Below, so that what is being filled in does not move away under the person's hands. */}
      {problem !== null && !off && <Problem problem={problem} />}
    </li>
  );
}

function keys(event: KeyboardEvent, { onMove, onRemove, onDuplicate }: Props): void {
  const key = event.key.toLowerCase();
  const onMain = event.target instanceof HTMLElement && event.target.classList.contains('step-main');
  if (event.altKey && (key === 'arrowup' || key === 'arrowdown')) onMove(key === 'arrowup' ? -1 : 1);
  else if (onMain && key === 'delete') onRemove();
  else if (onMain && (event.ctrlKey || event.metaKey) && key === 'd') onDuplicate();
  else return;
  event.preventDefault();
}

function Status({
  off,
  lack,
  problem,
  tried,
}: Pick<Props, 'problem' | 'tried'> & { readonly off: boolean; readonly lack: string | null }) {
  if (off) return <span className="step-status dim">off</span>;
  if (lack !== null) return <span className="step-status step-lack">{lack}</span>;
  if (problem !== null) return null;
  if (tried === null) return null;
  const words = changeWords(tried);
  return (
    <span className="step-status dim">
      {words.length === 0 ? 'changes nothing' : words.join(', ')}
      {tried.warnings.length > 0 && (
        <IconAlertTriangle className="step-warning" size={12} aria-label="There is something to know" />
      )}
    </span>
  );
}

/** Why the step cannot be done, in the engine's words, and what to do. */
function Problem({ problem }: { readonly problem: NonNullable<RecipePreview['problem']> }) {
  const { code, message, hint } = problem.error;
  return (
    <div className="step-problem" role="alert">
      <IconAlertTriangle size={14} aria-hidden="true" />
      <div>
        <p>{message}</p>
        <p className="dim">{hint}</p>
        <p className="mono dim">
          {code} <CopyButton text={[code, message, hint].join('\n')} label="Copy the details" />
        </p>
      </div>
    </div>
  );
}

function RowMenu({ number, of, first, last, onMove, onDuplicate, onRemove }: Props) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          size={24}
          aria-label={`More for ${number === null ? stepTitle(of.step) : `step ${number}`}`}
        >
          <IconDots size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconCopy size={14} />}
          rightSection={<kbd>Ctrl D</kbd>}
          onClick={onDuplicate}
        >
          Duplicate
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowUp size={14} />}
          rightSection={<kbd>Alt ↑</kbd>}
          disabled={first}
          onClick={() => onMove(-1)}
        >
          Move up
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={14} />}
          rightSection={<kbd>Alt ↓</kbd>}
          disabled={last}
          onClick={() => onMove(1)}
        >
          Move down
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={14} />} rightSection={<kbd>Del</kbd>} onClick={onRemove}>
          Take out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

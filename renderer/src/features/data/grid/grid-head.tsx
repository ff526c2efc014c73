import { ActionIcon, Menu } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowsHorizontal,
  IconArrowUp,
  IconChevronDown,
  IconEyeOff,
  IconFilter,
  IconInfoCircle,
} from '@tabler/icons-react';
import { type PointerEvent } from 'react';
import { type Column, type TableView } from '#shared/domain';
import { isNumeric, TypeMark } from '../type-words.tsx';
import { NARROWEST, WIDEST_BY_HAND } from './widths.ts';

export interface HeadActions {
  /** `add`: behind the columns that are sorted by already. */
  readonly onSort: (index: number, descending: boolean | null, add: boolean) => void;
  readonly onFilter: (index: number) => void;
  readonly onHide: (index: number) => void;
  readonly onWidth: (index: number, width: number) => void;
  readonly onFit: (index: number) => void;
  readonly onAbout: (index: number) => void;
  /** What the recipe of the file can be told to do with a column. */
  readonly steps: (index: number) => readonly { readonly title: string; readonly onAdd: () => void }[];
}

interface Props {
  readonly id: string;
  readonly column: Column;
  readonly index: number;
  readonly place: number;
  readonly left: number;
  readonly width: number;
  readonly active: boolean;
  readonly chosen: boolean;
  readonly view: TableView;
  readonly menu: boolean;
  readonly canHide: boolean;
  /** Whether it has no menu. */
  readonly bare: boolean;
  readonly onMenu: (open: boolean) => void;
  readonly onActive: () => void;
  readonly actions: HeadActions;
}

export const nameOf = ({ name }: Column, index: number): string =>
  name === '' ? `column ${index + 1}` : name;

/** The head of a column: its name and type, how it is sorted, its menu, and the edge it is made wider by. */
export function GridHead(props: Props) {
  const {
    id,
    column,
    index,
    place,
    left,
    width,
    active,
    chosen,
    view,
    menu,
    canHide,
    bare,
    onMenu,
    onActive,
    actions,
  } = props;
  const key = view.sort.findIndex((one) => one.column === index);
  const sorted = view.sort[key];
  const filtered = view.filters.some((filter) => filter.column === index);
  const name = nameOf(column, index);
  const drag = (event: PointerEvent<HTMLElement>) => {
    event.preventDefault();
    event.stopPropagation();
    const handle = event.currentTarget;
    const from = event.clientX;
    handle.setPointerCapture(event.pointerId);
    const move = ({ clientX }: globalThis.PointerEvent) =>
      actions.onWidth(index, Math.max(NARROWEST, Math.min(WIDEST_BY_HAND, width + clientX - from)));
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', () => handle.removeEventListener('pointermove', move), {
      once: true,
    });
  };
  return (
    // Keys go to the grid, which holds the focus.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={id}
      role="columnheader"
      tabIndex={-1}
      aria-colindex={place + 2}
      aria-sort={sorted === undefined ? 'none' : sorted.descending ? 'descending' : 'ascending'}
      className={isNumeric(column.type) ? 'cell cell-head cell-head-number' : 'cell cell-head'}
      data-active={active || undefined}
      data-chosen={chosen || undefined}
      title={column.note ?? name}
      style={{ left, width }}
      onClick={onActive}
    >
      <span className="cell-head-name">
        <span className="cut">{name}</span>
        {sorted !== undefined && (
          <span className="cell-head-sign">
            {sorted.descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />}
            {view.sort.length > 1 && key + 1}
          </span>
        )}
        {filtered && <IconFilter size={12} aria-label="filtered" role="img" />}
      </span>
      <TypeMark type={column.type} />
      {!bare && (
        <Menu opened={menu} onChange={onMenu} position="bottom-end" width={232} withinPortal>
          <Menu.Target>
            <ActionIcon
              className="cell-head-menu"
              size={20}
              tabIndex={-1}
              aria-label={`Menu of ${name}`}
              onClick={(event) => event.stopPropagation()}
            >
              <IconChevronDown size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown
            onClick={(event) => event.stopPropagation()}
            onKeyDown={(event) => event.stopPropagation()}
          >
            <Menu.Item
              leftSection={<IconArrowUp size={14} />}
              onClick={() => actions.onSort(index, false, false)}
            >
              Sort, least first
            </Menu.Item>
            <Menu.Item
              leftSection={<IconArrowDown size={14} />}
              onClick={() => actions.onSort(index, true, false)}
            >
              Sort, most first
            </Menu.Item>
            {view.sort.length > 0 && sorted === undefined && (
              <Menu.Item
                leftSection={<IconArrowUp size={14} />}
                onClick={() => actions.onSort(index, false, true)}
              >
                Then by this
              </Menu.Item>
            )}
            {sorted !== undefined && (
              <Menu.Item onClick={() => actions.onSort(index, null, true)}>Do not sort by this</Menu.Item>
            )}
            <Menu.Divider />
            <Menu.Item leftSection={<IconFilter size={14} />} onClick={() => actions.onFilter(index)}>
              Filter…
            </Menu.Item>
            <Menu.Item leftSection={<IconInfoCircle size={14} />} onClick={() => actions.onAbout(index)}>
              About this column
            </Menu.Item>
            <Menu.Divider />
            <Menu.Item leftSection={<IconArrowsHorizontal size={14} />} onClick={() => actions.onFit(index)}>
              Fit the width
            </Menu.Item>
            <Menu.Item
              leftSection={<IconEyeOff size={14} />}
              disabled={!canHide}
              onClick={() => actions.onHide(index)}
            >
              Hide
            </Menu.Item>
            <StepItems steps={menu ? actions.steps(index) : []} />
          </Menu.Dropdown>
        </Menu>
      )}
      {/* The mouse's way; the keyboard has Alt with the arrows. */}
      <span
        className="cell-head-edge"
        aria-hidden="true"
        onPointerDown={drag}
        onClick={(event) => event.stopPropagation()}
        onDoubleClick={() => actions.onFit(index)}
      />
    </div>
  );
}

function StepItems({ steps }: { readonly steps: ReturnType<HeadActions['steps']> }) {
  if (steps.length === 0) return null;
  return (
    <>
      <Menu.Divider />
      <Menu.Label>Make a step of the recipe</Menu.Label>
      {steps.map(({ title, onAdd }) => (
        <Menu.Item key={title} onClick={onAdd}>
          {title}
        </Menu.Item>
      ))}
    </>
  );
}

import { Button, CloseButton } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconEyeOff, IconFilter } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { type Column, PLAIN_VIEW, type TableView } from '#shared/domain';
import { counted } from '#renderer/components';
import { nameOf } from './grid/index.ts';
import { describeFilter } from './view-words.ts';

interface Props {
  readonly view: TableView;
  readonly columns: readonly Column[];
  readonly hidden: ReadonlySet<number>;
  readonly onView: (view: TableView) => void;
  readonly onEdit: (filter: number) => void;
  readonly onShowAll: () => void;
}

/** What is not the plain file: each order, filter and hidden column, with a way to take it back. */
export function ViewChips({ view, columns, hidden, onView, onEdit, onShowAll }: Props) {
  const { sort, filters } = view;
  if (sort.length === 0 && filters.length === 0 && hidden.size === 0) return null;
  return (
    <div className="chips" role="group" aria-label="Order and filters">
      {filters.map((filter, at) => {
        const words = describeFilter(filter, columns);
        return (
          <Chip
            key={JSON.stringify(filter)}
            icon={<IconFilter size={12} />}
            words={words}
            remove={`Take the filter away: ${words}`}
            onOpen={() => onEdit(at)}
            onRemove={() => onView({ ...view, filters: filters.filter((_, other) => other !== at) })}
          />
        );
      })}
      {sort.map(({ column, descending }) => {
        const spec = columns[column];
        const words = `by ${spec === undefined ? column + 1 : nameOf(spec, column)}`;
        return (
          <Chip
            key={column}
            icon={descending ? <IconArrowDown size={12} /> : <IconArrowUp size={12} />}
            words={`${words}, ${descending ? 'most' : 'least'} first`}
            remove={`Do not sort ${words}`}
            onOpen={() =>
              onView({
                ...view,
                sort: sort.map((key) => (key.column === column ? { column, descending: !descending } : key)),
              })
            }
            onRemove={() => onView({ ...view, sort: sort.filter((key) => key.column !== column) })}
          />
        );
      })}
      {hidden.size > 0 && (
        <Chip
          icon={<IconEyeOff size={12} />}
          words={`${counted(hidden.size, 'column')} hidden`}
          remove="Show all columns"
          onOpen={onShowAll}
          onRemove={onShowAll}
        />
      )}
      {sort.length + filters.length > 1 && (
        <Button variant="subtle" size="compact-xs" onClick={() => onView(PLAIN_VIEW)}>
          Clear
        </Button>
      )}
    </div>
  );
}

interface ChipProps {
  readonly icon: ReactNode;
  readonly words: string;
  readonly remove: string;
  readonly onOpen: () => void;
  readonly onRemove: () => void;
}

function Chip({ icon, words, remove, onOpen, onRemove }: ChipProps) {
  return (
    <span className="chip">
      <button type="button" className="chip-words" onClick={onOpen}>
        <span aria-hidden="true">{icon}</span>
        <span className="cut">{words}</span>
      </button>
      <CloseButton size={20} iconSize={12} aria-label={remove} onClick={onRemove} />
    </span>
  );
}

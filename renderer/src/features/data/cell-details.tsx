import { Button } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type Column, type RowFilter } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { CopyButton, Details, Fact, Facts, Section } from '#renderer/components';
import { nameOf } from './grid/index.ts';
import { type ShownCell } from './row-source.ts';
import { describeType } from './type-words.tsx';

interface Props {
  readonly column: Column;
  readonly index: number;
  /** Its row in the table, from 0. */
  readonly position: number | undefined;
  readonly cell: ShownCell | undefined;
  readonly onFilter: (filter: RowFilter) => void;
  readonly onColumn: () => void;
  readonly onClose: () => void;
}

/** One cell, whole. */
export function CellDetails({ column, index, position, cell, onFilter, onColumn, onClose }: Props) {
  const name = nameOf(column, index);
  const text = cell?.text ?? null;
  const row = position === undefined ? '' : formatCount(position + 1);
  return (
    <Details
      title={<span className="cut">{name}</span>}
      label={`Cell of ${name}, row ${row}`}
      onClose={onClose}
    >
      <Section title="In the file">
        {text === null ? (
          <p className="dim">Nothing: the cell is absent.</p>
        ) : text === '' ? (
          <p className="dim">An empty text, in quotes.</p>
        ) : (
          <pre className="cell-text mono">{text}</pre>
        )}
        {cell?.misfit === true && (
          <p className="cell-warn">
            It does not fit “{describeType(column.type)}” and counts as nothing there.
          </p>
        )}
        <div className="details-actions">
          {text !== null && text !== '' && <CopyButton text={text} label="Copy the cell" />}
          <Button
            variant="default"
            leftSection={<IconFilter size={14} />}
            onClick={() =>
              onFilter(
                text === null || text.trim() === ''
                  ? { kind: 'empty', column: index, not: false }
                  : { kind: 'equals', column: index, values: [text], not: false },
              )
            }
          >
            Only rows like this
          </Button>
        </div>
      </Section>
      <Section title="Where">
        <Facts>
          <Fact name="Row" number>
            {row}
          </Fact>
          <Fact name="Column">{name}</Fact>
          <Fact name="Read as">{describeType(column.type)}</Fact>
          <Fact name="Letters" number>
            {formatCount(text?.length ?? 0)}
          </Fact>
        </Facts>
        <div className="details-actions">
          <Button variant="default" onClick={onColumn}>
            About the column
          </Button>
        </div>
      </Section>
    </Details>
  );
}

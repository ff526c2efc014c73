import { Button, Checkbox, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useState } from 'react';
import { type Column, type RejectsPage } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { counted, Details, ErrorNote, Section, useAction, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { nameOf } from './grid/index.ts';

export type Rejected = RejectsPage['rejects'][number];
type Cells = readonly (string | null)[];

interface Props {
  readonly transferId: string;
  readonly columns: readonly Column[];
  readonly line: Rejected;
  readonly onSaved: () => void;
  readonly onClose: () => void;
}

/** A rejected line made a row: its text cut again, or its cells written one by one. */
export function FixForm({ transferId, columns, line, onSaved, onClose }: Props) {
  const { client } = useWorkbench();
  const [text, setText] = useState(line.raw);
  const { answer, ask } = useQuestion(
    (signal) => client.tables.cut({ transferId, raw: line.raw }, { signal }),
    [client, transferId, line.raw],
    { atOnce: line.fixed === null },
  );
  const [cells, setCells] = useState<Cells | null>(line.fixed);
  const cut = answer.kind === 'answered' ? answer.value.cells : null;
  const shown: Cells | null = cells ?? (cut === null ? null : fitted(cut, columns.length));
  const beyond = cells === null && cut !== null ? cut.slice(columns.length) : [];

  const again = useAction(
    useCallback(async () => {
      const made = await client.tables.cut({ transferId, raw: text });
      setCells(fitted(made.cells, columns.length));
    }, [client, transferId, text, columns.length]),
  );
  const save = useAction(
    useCallback(async () => {
      if (shown === null) return;
      await client.tables.fix({ transferId, fix: { byte: line.byte, raw: line.raw, cells: [...shown] } });
      onSaved();
    }, [client, transferId, line, shown, onSaved]),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  return (
    <Details
      title={`Line ${formatCount(line.line)}`}
      label={`Fix line ${formatCount(line.line)}`}
      onClose={onClose}
    >
      <Section title="As it stands in the file">
        <p className="cell-warn">{line.reason}</p>
        <Textarea
          aria-label="Text of the line"
          className="mono"
          autosize={false}
          rows={4}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
        <div className="details-actions">
          <Button variant="default" loading={again.busy} onClick={again.run}>
            Cut it again
          </Button>
        </div>
      </Section>
      <Section title="As a row of the table">
        {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
        {beyond.length > 0 && (
          <p className="cell-warn">
            {counted(beyond.length, 'cell')} too many, left out:{' '}
            {beyond.map((cell) => `“${cell}”`).join(', ')}
          </p>
        )}
        {shown !== null && (
          <form className="fix-cells" onSubmit={submit}>
            {columns.map((column, index) => {
              const cell = shown[index] ?? null;
              const put = (value: string | null) => setCells(shown.with(index, value));
              return (
                // Columns have no other identity than their place.
                // oxlint-disable-next-line react/no-array-index-key
                <div key={index} className="fix-cell">
                  <TextInput
                    label={nameOf(column, index)}
                    value={cell ?? ''}
                    placeholder={cell === null ? 'absent' : 'empty'}
                    onChange={({ currentTarget }) => put(currentTarget.value)}
                  />
                  <Checkbox
                    size="xs"
                    label="absent"
                    aria-label={`${nameOf(column, index)} is absent`}
                    checked={cell === null}
                    onChange={({ currentTarget }) => put(currentTarget.checked ? null : '')}
                  />
                </div>
              );
            })}
            <div className="details-actions">
              <Button type="submit" loading={save.busy}>
                Make it a row
              </Button>
            </div>
            <p className="dim">
              It stands at the end of the table, for all that follows. The file itself is not changed.
            </p>
          </form>
        )}
      </Section>
    </Details>
  );
}

/** As many cells as the table has columns; what is missing or empty is absent. */
function fitted(cells: readonly string[], width: number): Cells {
  return Array.from({ length: width }, (_, index) => {
    const cell = cells[index] ?? '';
    return cell === '' ? null : cell;
  });
}

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type Connection } from '#shared/domain';
import { Disclosure } from '#renderer/components';
import { useExternal } from '#renderer/lib';
import { nextDrop, plainDrop, whatIsWrong, type NextDrop } from './next-drop.ts';
import { OptionsFields } from './options-fields.tsx';
import { optionsWords } from './words.ts';

interface Props {
  readonly connection: Connection;
  /** Whether this page will send the files itself. */
  readonly byPage: boolean;
}

/** Of the next upload only: what it is sent with, when it starts, and what goes first. */
export function DropOptions({ connection, byPage }: Props) {
  const chosen = useExternal(nextDrop);
  const own = chosen?.connectionId === connection.id ? chosen : null;
  const now = own ?? plainDrop(connection);
  const change = (by: Partial<NextDrop>) => nextDrop.set({ ...now, ...by });
  const wrong = whatIsWrong(now);
  return (
    <div className="drop-options">
      <Disclosure title="Options of the next upload" summary={dropWords(now, own !== null)}>
        <div className="options-pair">
          <NativeSelect
            label="Start"
            value={now.after === null ? 'now' : 'after'}
            data={[
              { value: 'now', label: 'At once' },
              { value: 'after', label: 'At a time of day' },
            ]}
            onChange={(event) => change({ after: event.currentTarget.value === 'now' ? null : '20:00' })}
          />
          {now.after !== null && (
            <TextInput
              label="Not before"
              type="time"
              value={now.after}
              onChange={(event) => change({ after: event.currentTarget.value })}
            />
          )}
          <NativeSelect
            label="Order"
            value={String(now.priority)}
            data={[
              { value: '1', label: 'Before other files' },
              { value: '0', label: 'In its turn' },
              { value: '-1', label: 'After other files' },
            ]}
            onChange={(event) => change({ priority: Number(event.currentTarget.value) })}
          />
        </div>
        <OptionsFields options={now.options} byPage={byPage} onChange={(options) => change({ options })} />
        {wrong !== null && (
          <p className="drop-options-wrong" role="alert">
            This cannot be sent: {wrong}.
          </p>
        )}
        {own !== null && (
          <div>
            <Button variant="default" onClick={() => nextDrop.set(null)}>
              As the connection has it
            </Button>
          </div>
        )}
      </Disclosure>
    </div>
  );
}

/** @returns e.g. `SSE-KMS · starts at 20:00` */
export function dropWords({ options, after, priority }: NextDrop, own: boolean): string {
  const said = [
    optionsWords(options),
    after === null ? '' : `starts at ${after}`,
    priority > 0 ? 'before other files' : priority < 0 ? 'after other files' : '',
  ].filter((words) => words !== '');
  if (said.length > 0) return said.join(' · ');
  return own ? 'nothing special' : 'as the connection has it';
}

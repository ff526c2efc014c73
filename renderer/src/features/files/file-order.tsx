import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type Transfer } from '#shared/domain';
import { attempt, Fact, Facts, Section } from '#renderer/components';
import { ahead, nextTime } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

/** What has not begun, or stands still, can be put off and put before or behind others. */
const MOVABLE: ReadonlySet<Transfer['state']['kind']> = new Set(['queued', 'scheduled', 'paused']);

export const hasOrder = ({ state, source }: Transfer): boolean =>
  MOVABLE.has(state.kind) && source.kind !== 'page';

function orderWords(priority: number): string {
  if (priority === 0) return 'In its turn';
  return priority > 0 ? `Before others (${priority})` : `After others (${priority})`;
}

/** When it starts, and before which others. */
export function FileOrder({ transfer: { id, state, priority } }: { readonly transfer: Transfer }) {
  const { client, state: page } = useWorkbench();
  const [time, setTime] = useState('20:00');
  const scheduled = state.kind === 'scheduled';
  const at = nextTime(time);
  const put = (to: 'first' | 'last' | number) =>
    attempt(() => client.transfers.prioritise({ ids: [id], to }));
  const schedule = (when: number | null) =>
    attempt(async () => {
      const transfer = await client.transfers.schedule({ id, at: when });
      page.apply([{ kind: 'transfers', transfers: [transfer] }]);
    });
  return (
    <Section title="Start and order">
      <Facts>
        <Fact name="Starts">{scheduled ? ahead(state.at) : 'as soon as it can'}</Fact>
        <Fact name="Order">{orderWords(priority)}</Fact>
      </Facts>
      <div className="file-order">
        <TextInput
          label="Start at"
          type="time"
          value={time}
          onChange={(event) => setTime(event.currentTarget.value)}
        />
        <Button variant="default" disabled={at === null} onClick={() => schedule(at)}>
          Put off
        </Button>
      </div>
      <div className="details-actions">
        <Button variant="default" onClick={() => put('first')}>
          Before all others
        </Button>
        <Button variant="default" onClick={() => put('last')}>
          After all others
        </Button>
        {priority !== 0 && (
          <Button variant="subtle" onClick={() => put(0)}>
            In its turn
          </Button>
        )}
      </div>
    </Section>
  );
}

import { Button } from '@mantine/core';
import { counted } from '#renderer/components';
import { overlay } from '#renderer/lib';
import { useOldLeftovers } from './use-old-leftovers.ts';
import './leftovers.css';

/** A quiet word where something was left behind more than a day ago; nothing at all where not. */
export function LeftoversLine({ connectionId }: { readonly connectionId: string }) {
  const count = useOldLeftovers(connectionId);
  if (count === 0) return null;
  return (
    <p className="leftovers-line">
      <span className="dim">
        {counted(count, 'unfinished upload')} older than a day {count === 1 ? 'takes' : 'take'} room in this
        bucket.
      </span>
      <Button variant="subtle" onClick={() => overlay.set({ kind: 'leftovers', connectionId })}>
        Look at {count === 1 ? 'it' : 'them'}
      </Button>
    </p>
  );
}

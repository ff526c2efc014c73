import { Button, Loader } from '@mantine/core';
import { useEffect, useState } from 'react';
import { formatDuration } from '#shared/lib';

interface Props {
  readonly what: string;
  /** ms since the epoch */
  readonly since: number;
  readonly onCancel: () => void;
}

/** A long question under way: what, for how long already, and a way out. */
export function Asking({ what, since, onCancel }: Props) {
  const [now, setNow] = useState(since);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="asking" role="status">
      <Loader size={16} />
      <span>{what}</span>
      <span className="dim" aria-hidden="true">
        {formatDuration((now - since) / 1000)}
      </span>
      <Button variant="default" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}

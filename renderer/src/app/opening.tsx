import { Loader } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { Empty, ErrorNote } from '#renderer/components';
import { toReport, useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

const PATIENCE = 5;

/** Before the engine was heard for the first time. */
export function Opening({ error }: { readonly error: unknown }) {
  const link = useExternal(useWorkbench().link);
  if (link.kind === 'refused') return <Refused />;
  if (error !== null) {
    return (
      <main className="opening">
        <ErrorNote report={toReport(error)} onRetry={() => location.reload()} />
      </main>
    );
  }
  const late = link.kind === 'connecting' && link.tries >= PATIENCE;
  return (
    <main className="opening" role="status">
      <Loader size={20} />
      <p className="dim">
        {late ? 'Sluice does not answer yet. Is it still running? This page keeps trying.' : 'Opening Sluice'}
      </p>
    </main>
  );
}

export function Refused() {
  return (
    <main className="opening">
      <Empty icon={<IconPlugConnectedX size={32} stroke={1.5} />} title="This page was not let in">
        Its key is missing or not that of the Sluice that runs now. Open the address that Sluice printed when
        it started: it ends in #t= and the key.
      </Empty>
    </main>
  );
}

import { Button, Tabs } from '@mantine/core';
import { IconSearchOff } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { assertNever } from '#shared/lib';
import { Empty } from '#renderer/components';
import { DataView } from '#renderer/features/data';
import { FilesView } from '#renderer/features/files';
import { ProcessView } from '#renderer/features/process';
import { ResultsView } from '#renderer/features/results';
import { goHome, goSession, type Tab, TABS } from '#renderer/lib';
import { useSession } from '#renderer/state';
import { ActivityDetails } from './activity-details.tsx';
import { SessionHead } from './session-head.tsx';
import './session.css';

const LABELS: Readonly<Record<Tab, string>> = {
  files: 'Files',
  data: 'Data',
  process: 'Process',
  results: 'Results',
};

export function SessionView({ id, tab }: { readonly id: string; readonly tab: Tab }) {
  const session = useSession(id);
  const [activity, setActivity] = useState(false);
  if (session === undefined) {
    return (
      <main className="session" id="main" tabIndex={-1}>
        <Empty
          icon={<IconSearchOff size={32} stroke={1.5} />}
          title="There is no such session any more"
          actions={<Button onClick={goHome}>Go to the start page</Button>}
        >
          It was deleted, or belongs to another data folder.
        </Empty>
      </main>
    );
  }
  const counts: Partial<Record<Tab, number>> = { files: session.files.total, results: session.outputs };
  const aside = activity ? <ActivityDetails sessionId={id} onClose={() => setActivity(false)} /> : null;
  return (
    <main className="session" id="main" tabIndex={-1} aria-label={session.title}>
      <SessionHead
        key={id}
        session={session}
        activity={activity}
        onActivity={() => setActivity((now) => !now)}
      />
      <Tabs
        className="session-tabs"
        value={tab}
        onChange={(next) => goSession(id, TABS.find((known) => known === next) ?? 'files')}
        keepMounted={false}
      >
        <Tabs.List>
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {LABELS[name]}
              {(counts[name] ?? 0) > 0 && (
                <span className="tab-count">{counts[name]?.toLocaleString('en-US')}</span>
              )}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map((name) => (
          <Tabs.Panel key={name} value={name} className="session-panel" tabIndex={-1}>
            {name === tab && view(name, id, aside)}
          </Tabs.Panel>
        ))}
      </Tabs>
    </main>
  );
}

/** @param aside takes the place of a view's own details while it is open */
function view(tab: Tab, id: string, aside: ReactNode): ReactNode {
  switch (tab) {
    case 'files':
      return <FilesView key={id} sessionId={id} aside={aside} />;
    case 'data':
      return <DataView key={id} sessionId={id} aside={aside} />;
    case 'process':
      return <ProcessView key={id} sessionId={id} aside={aside} />;
    case 'results':
      return <ResultsView key={id} sessionId={id} aside={aside} />;
    default:
      return assertNever(tab);
  }
}

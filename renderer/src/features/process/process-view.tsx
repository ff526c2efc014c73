import { Button } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import { Empty, Loading, Split } from '#renderer/components';
import { useIntake } from '#renderer/features/intake';
import { SourceSelect, useSource } from '#renderer/features/source';
import { Workshop } from './workshop.tsx';
import './process.css';

/** Where a file of the session is changed: its recipe, what that does, and its runs. */
export function ProcessView({ sessionId, aside }: { readonly sessionId: string; readonly aside: ReactNode }) {
  const source = useSource(sessionId);
  const { chooseFiles } = useIntake();
  const { transfer, files } = source;
  if (files === null) return <Loading label="Reading the files" />;
  if (transfer === null) {
    return (
      <Split details={aside}>
        <Empty
          icon={<IconFilter size={32} stroke={1.5} />}
          title="There is nothing to work on yet"
          actions={<Button onClick={() => chooseFiles(sessionId)}>Choose files</Button>}
        >
          Add a table to this session, then change it here step by step.
        </Empty>
      </Split>
    );
  }
  return (
    <Split details={aside}>
      <Workshop
        key={transfer.id}
        sessionId={sessionId}
        transfer={transfer}
        files={files}
        select={<SourceSelect sessionId={sessionId} source={source} />}
      />
    </Split>
  );
}

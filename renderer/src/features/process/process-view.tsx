import { Button } from '@mantine/core';
import { IconFilter } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { Empty, ErrorNote, Loading, Split, useQuestion } from '#renderer/components';
import { useIntake } from '#renderer/features/intake';
import { SourceSelect, useSource } from '#renderer/features/source';
import { toReport } from '#renderer/lib';
import { useRuns, useWorkbench } from '#renderer/state';
import { RecipeForm } from './recipe-form.tsx';
import { RunDetails } from './run-details.tsx';
import { RunRow } from './run-row.tsx';
import './process.css';

export function ProcessView({ sessionId, aside }: { readonly sessionId: string; readonly aside: ReactNode }) {
  const { client } = useWorkbench();
  const source = useSource(sessionId);
  const { chooseFiles } = useIntake();
  const runs = useRuns(sessionId);
  const [chosen, setChosen] = useState<string | null>(null);
  const { transfer } = source;
  const transferId = transfer?.id ?? null;
  const preview = useQuestion(
    (signal) => client.tables.preview({ transferId: transferId ?? '' }, { signal }),
    [client, transferId],
    { atOnce: transferId !== null },
  );
  if (source.files === null) return <Loading label="Reading the files" />;
  if (transfer === null) {
    return (
      <Split details={aside}>
        <Empty
          icon={<IconFilter size={32} stroke={1.5} />}
          title="There is nothing to work on yet"
          actions={<Button onClick={() => chooseFiles(sessionId)}>Choose files</Button>}
        >
          Add a CSV to this session, then clean it here.
        </Empty>
      </Split>
    );
  }
  const details =
    aside ?? (chosen === null ? null : <RunDetails id={chosen} onClose={() => setChosen(null)} />);
  return (
    <Split details={details}>
      <div className="toolbar">
        <SourceSelect sessionId={sessionId} source={source} />
      </div>
      <div className="process">
        <RecipeForm
          key={transfer.id}
          transfer={transfer}
          preview={preview.answer}
          onPreviewAgain={preview.ask}
          onStarted={setChosen}
        />
        <section className="runs" aria-labelledby="runs-title">
          <h2 id="runs-title">Runs</h2>
          {runs.error !== null && <ErrorNote report={toReport(runs.error)} onRetry={runs.reload} />}
          {runs.loading && runs.records.length === 0 && <Loading label="Reading the runs" rows={3} />}
          {!runs.loading && runs.error === null && runs.records.length === 0 && (
            <p className="dim">
              None yet. Press Run: what it does is shown here step by step, with what became of every row.
            </p>
          )}
          <ul>
            {runs.records.map(({ id }) => (
              <RunRow
                key={id}
                id={id}
                chosen={id === chosen}
                onChoose={() => setChosen(id === chosen ? null : id)}
              />
            ))}
          </ul>
        </section>
      </div>
    </Split>
  );
}

import { Button, Modal } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { type ChartSpec, type Output } from '#shared/domain';
import { ErrorNote, Loading, useQuestion } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { ChartsView } from './charts-view.tsx';

/** Charts of a result, in a window of their own. */
export function OutputCharts({ output }: { readonly output: Output }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" leftSection={<IconChartHistogram size={16} />} onClick={() => setOpen(true)}>
        Charts
      </Button>
      <Modal opened={open} onClose={() => setOpen(false)} title={`Charts of ${output.name}`} size={960}>
        <Inside output={output} />
      </Modal>
    </>
  );
}

function Inside({ output: { id, name } }: { readonly output: Output }) {
  const { client } = useWorkbench();
  const { answer, ask } = useQuestion((signal) => client.outputs.columns({ id }, { signal }), [client, id], {
    atOnce: true,
  });
  const chart = useCallback(
    (spec: ChartSpec, signal: AbortSignal) => client.outputs.chart({ id, chart: spec }, { signal }),
    [client, id],
  );
  if (answer.kind === 'failed') return <ErrorNote report={answer.report} onRetry={ask} />;
  if (answer.kind !== 'answered') return <Loading label="Reading the columns" rows={8} />;
  return <ChartsView chart={chart} name={name} columns={answer.value} profile={null} />;
}

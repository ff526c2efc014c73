import { useCallback } from 'react';
import { type ChartSpec, type Column, type TableProfile } from '#shared/domain';
import { useWorkbench } from '#renderer/state';
import { ChartsView } from './charts-view.tsx';

interface Props {
  readonly transferId: string;
  readonly name: string;
  readonly columns: readonly Column[];
  readonly profile: TableProfile | null;
}

/** Charts of a file of a session. */
export function FileCharts({ transferId, ...rest }: Props) {
  const { client } = useWorkbench();
  const chart = useCallback(
    (spec: ChartSpec, signal: AbortSignal) => client.tables.chart({ transferId, chart: spec }, { signal }),
    [client, transferId],
  );
  return <ChartsView chart={chart} {...rest} />;
}

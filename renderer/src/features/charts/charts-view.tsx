import { Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { chartCsv, describeChart, firstChart, type ChartColumn } from '#shared/charts';
import { type ChartData, type ChartSpec, type Column, type TableProfile } from '#shared/domain';
import { canonicalJson } from '#shared/lib';
import { Empty, ErrorNote, Loading, useAction, useQuestion } from '#renderer/components';
import { saveBlob } from '#renderer/lib';
import { Controls } from './controls.tsx';
import { DataTable } from './data-table.tsx';
import { Drawing } from './drawing.tsx';
import { type DrawnChart } from './drawn-chart.ts';
import './charts.css';

interface Props {
  /** Asks the engine for a chart; the same as long as the rows are. */
  readonly chart: (spec: ChartSpec, signal: AbortSignal) => Promise<ChartData>;
  /** Of the file; what is saved is called by it. */
  readonly name: string;
  readonly columns: readonly Column[];
  readonly profile: TableProfile | null;
}

/** Charts of a table: the first by itself, any other by choice. */
export function ChartsView({ chart, name, columns, profile }: Props) {
  const known = useMemo(() => chartColumns(columns, profile), [columns, profile]);
  const [asked, setAsked] = useState<ChartSpec | null>(null);
  const first = useMemo(() => firstChart(known), [known]);
  const spec = asked ?? first;
  const { answer, ask } = useQuestion<ChartData | null>(
    async (signal) => (spec === null ? null : chart(spec, signal)),
    [chart, canonicalJson(spec)],
    { atOnce: true },
  );
  // The last chart stays in sight while the next is worked out.
  const [data, setData] = useState<ChartData | null>(null);
  if (answer.kind === 'answered' && answer.value !== data) setData(answer.value);
  const [drawn, setDrawn] = useState<DrawnChart | null>(null);
  const onDrawn = useCallback((next: DrawnChart | null) => setDrawn(next), []);
  if (spec === null) return <Empty title="There is no column to draw">Look at the file first.</Empty>;
  return (
    <div className="charts">
      <Controls columns={known} spec={spec} onSpec={setAsked} />
      <div className="chart" aria-busy={answer.kind === 'asking'}>
        {answer.kind === 'failed' ? (
          <ErrorNote report={answer.report} onRetry={ask} />
        ) : data === null ? (
          <Loading label="Summing up all rows" rows={8} />
        ) : (
          <>
            <div className="chart-head">
              <h2>{data.title}</h2>
              <SaveMenu data={data} drawn={drawn} name={name} />
            </div>
            <Drawing data={data} onDrawn={onDrawn} />
            <p className="chart-words dim" role="status">
              {describeChart(data)}
            </p>
            <DataTable data={data} />
          </>
        )}
      </div>
    </div>
  );
}

function chartColumns(columns: readonly Column[], profile: TableProfile | null): readonly ChartColumn[] {
  return columns.map(({ name, type }, index) => {
    const facts = profile?.columns[index];
    return {
      index,
      name,
      type: facts?.type ?? type,
      distinct: facts?.distinct ?? null,
      values: facts === undefined || profile === null ? null : profile.rows - facts.empty - facts.misfits,
    };
  });
}

interface SaveProps {
  readonly data: ChartData;
  readonly drawn: DrawnChart | null;
  readonly name: string;
}

function SaveMenu({ data, drawn, name }: SaveProps) {
  const base = `${name.replace(/\.[^.]+$/, '')} ${data.title}`
    .replaceAll(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .slice(0, 120);
  const { run, busy } = useAction(async (as: 'svg' | 'png' | 'csv') => {
    if (as === 'csv') saveBlob(`${base}.csv`, new Blob([chartCsv(data)], { type: 'text/csv;charset=utf-8' }));
    else if (drawn !== null && as === 'svg')
      saveBlob(`${base}.svg`, new Blob([await drawn.svg()], { type: 'image/svg+xml;charset=utf-8' }));
    else if (drawn !== null) saveBlob(`${base}.png`, await drawn.png());
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconDownload size={16} />}>
          Save
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item disabled={drawn === null} onClick={() => run('svg')}>
          As SVG, to be edited
        </Menu.Item>
        <Menu.Item disabled={drawn === null} onClick={() => run('png')}>
          As PNG, to be shown
        </Menu.Item>
        <Menu.Item onClick={() => run('csv')}>Its data as CSV</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Select } from '@mantine/core';
import { changeKind, chartKindsFor, fitChart, suggestChart, type ChartColumn } from '#shared/charts';
import { chartKind, chartMeasure, type ChartKind, type ChartMeasure, type ChartSpec } from '#shared/domain';

const KIND_WORDS: Readonly<Record<ChartKind, string>> = {
  histogram: 'Histogram',
  bar: 'Bars',
  line: 'Line',
  scatter: 'Points',
  heatmap: 'Heat map',
  box: 'Box plot',
};
const MEASURE_WORDS: Readonly<Record<ChartMeasure, string>> = {
  count: 'Number of rows',
  sum: 'Sum',
  mean: 'Mean',
  median: 'Median',
  min: 'Least',
  max: 'Most',
};

interface Props {
  readonly columns: readonly ChartColumn[];
  readonly spec: ChartSpec;
  readonly onSpec: (spec: ChartSpec) => void;
}

/** What is drawn and how. Another column brings the chart that suits it; the rest can be changed from there. */
export function Controls({ columns, spec, onSpec }: Props) {
  const at = (index: string | number | null): ChartColumn | undefined =>
    index === null ? undefined : columns.find((column) => column.index === Number(index));
  const options = columns.map(({ index, name }) => ({
    value: String(index),
    label: name === '' ? `column ${index + 1}` : name,
  }));
  const value = (index: number | null): string | null => (index === null ? null : String(index));
  const suggest = (...chosen: readonly (ChartColumn | undefined)[]) => {
    const next = suggestChart(chosen.filter((column) => column !== undefined));
    if (next !== null) onSpec(next);
  };
  const fit = (change: Partial<ChartSpec>) => onSpec(fitChart({ ...spec, ...change }, columns));
  const { kind, x, y, group, measure } = spec;
  const measured = kind === 'bar' || kind === 'line';
  const coloured = kind !== 'heatmap' && kind !== 'box';
  return (
    <div className="chart-controls" role="group" aria-label="What the chart shows">
      <Select
        label="Column"
        data={options}
        value={value(x ?? y)}
        allowDeselect={false}
        searchable
        onChange={(chosen) => suggest(at(chosen))}
      />
      <Select
        label="With"
        placeholder="nothing else"
        data={options.filter((option) => option.value !== value(x ?? y))}
        value={x === null ? null : value(y)}
        clearable
        clearButtonProps={{ 'aria-label': 'With nothing else' }}
        searchable
        onChange={(chosen) => suggest(at(x ?? y), at(chosen))}
      />
      <Select
        label="As"
        data={chartKindsFor(at(x) ?? null).map((known) => ({ value: known, label: KIND_WORDS[known] }))}
        value={kind}
        allowDeselect={false}
        onChange={(chosen) => {
          const next = chartKind.safeParse(chosen);
          if (next.success) onSpec(changeKind(spec, next.data, columns));
        }}
      />
      {measured && (
        <Select
          label="Showing"
          data={chartMeasure.options.map((known) => ({ value: known, label: MEASURE_WORDS[known] }))}
          value={measure}
          allowDeselect={false}
          onChange={(chosen) => {
            const next = chartMeasure.safeParse(chosen);
            if (next.success) fit({ measure: next.data });
          }}
        />
      )}
      {coloured && (
        <Select
          label="Colours by"
          placeholder="none"
          data={options}
          value={value(group)}
          clearable
          clearButtonProps={{ 'aria-label': 'No colours' }}
          searchable
          onChange={(chosen) => fit({ group: chosen === null ? null : Number(chosen) })}
        />
      )}
    </div>
  );
}

import type { TopLevelSpec } from 'vega-lite';
import { type ChartData, type ChartField, type ChartKey } from '#shared/domain';
import { assertNever } from '#shared/lib';

/** What a chart is drawn in, as CSS has it. */
export interface ChartColours {
  readonly surface: string;
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly accent: string;
  readonly soft: string;
  /** For what is told apart by colour. */
  readonly palette: readonly string[];
  readonly font: string;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A category on the axis takes so much. px */
const BAND = 24;
const FRAME = 56;
const TALL = 320;

/** @returns the height a chart is drawn in, px */
export function heightOf({ spec, fields, rows }: ChartData): number {
  const across = fields.findIndex(({ key }) => key === (spec.kind === 'heatmap' ? 'y' : 'x'));
  if (fields[across]?.type !== 'category') return spec.kind === 'box' ? 140 : TALL;
  const bands = new Set(rows.map((row) => row[across])).size;
  return Math.max(120, bands * BAND + FRAME);
}

type Datum = Readonly<Record<string, number | string | null>>;

/** The rows by their keys; times as ms since the epoch. */
function datums({ fields, rows }: ChartData): Datum[] {
  return rows.map((row) =>
    Object.fromEntries(
      fields.map(({ key, type }, at) => {
        const cell = row[at] ?? null;
        return [key, type === 'time' && typeof cell === 'string' ? msOf(cell) : cell];
      }),
    ),
  );
}

const msOf = (text: string): number => Date.parse(`${text.replace(' ', 'T')}${text.length > 10 ? 'Z' : ''}`);

const TYPES = { number: 'quantitative', time: 'temporal', category: 'nominal' } as const;

/** A drawing of a chart for Vega-Lite. Titles and values are texts to it, whatever is in them. */
export function vegaLiteSpec(data: ChartData, colours: ChartColours, size: Size): TopLevelSpec {
  const of = (key: ChartKey): ChartField | undefined => data.fields.find((field) => field.key === key);
  const channel = (key: ChartKey) => {
    const field = of(key);
    const type = TYPES[field?.type ?? 'number'];
    return {
      field: key,
      type,
      title: field?.title ?? '',
      ...(type === 'temporal' ? { scale: { type: 'utc' as const } } : {}),
      ...(type === 'nominal' ? { sort: null } : {}),
    };
  };
  const tooltip = data.fields.map(({ key, title, type }) => ({
    field: key,
    title,
    type: TYPES[type],
    ...(type === 'time' ? { formatType: 'utc' as const, format: '%Y-%m-%d %H:%M' } : {}),
    ...(type === 'number' ? { format: ',.6~g' } : {}),
  }));
  const colour =
    of('group') === undefined
      ? { value: colours.accent }
      : {
          field: 'group',
          type: 'nominal' as const,
          title: of('group')?.title ?? '',
          scale: { range: [...colours.palette] },
        };
  const base = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    width: size.width,
    height: size.height,
    autosize: { type: 'fit' as const, contains: 'padding' as const, resize: false },
    background: colours.surface,
    data: { values: datums(data) },
    config: configOf(colours),
  };
  const { kind, measure } = data.spec;
  const adds = measure === 'count' || measure === 'sum';
  const y = (key: ChartKey) => ({ ...channel(key), scale: { zero: false, nice: true } });
  switch (kind) {
    case 'histogram':
      return {
        ...base,
        mark: { type: 'bar', binSpacing: 1 },
        encoding: {
          x: { ...channel('x'), bin: 'binned', scale: { ...channel('x').scale, zero: false, nice: false } },
          x2: { field: 'x_to' },
          y: { ...channel('value'), stack: 'zero' },
          color: colour,
          tooltip,
        },
      };
    case 'bar': {
      const value = { ...channel('value'), stack: adds ? ('zero' as const) : null };
      if (of('x')?.type === 'time')
        return {
          ...base,
          mark: { type: 'bar', binSpacing: 1 },
          encoding: {
            x: { ...channel('x'), bin: 'binned', scale: { ...channel('x').scale, nice: false } },
            x2: { field: 'x_to' },
            y: value,
            color: colour,
            tooltip,
          },
        };
      return {
        ...base,
        mark: { type: 'bar' },
        encoding: {
          y: { ...channel('x'), axis: { labelLimit: 160, grid: false, domain: true } },
          x: value,
          color: colour,
          tooltip,
          ...(adds || of('group') === undefined ? {} : { yOffset: { field: 'group' } }),
        },
      };
    }
    case 'line':
      return {
        ...base,
        mark: { type: 'line', strokeWidth: 1.5, point: { size: 14 } },
        encoding: {
          x: { ...channel('x'), scale: { ...channel('x').scale, nice: false, zero: false } },
          y: { ...channel('value'), scale: { zero: adds } },
          color: colour,
          tooltip,
        },
      };
    case 'scatter':
      return {
        ...base,
        mark: { type: 'circle', size: 16, opacity: 0.5 },
        encoding: {
          x: { ...channel('x'), scale: { ...channel('x').scale, zero: false } },
          y: { ...channel('y'), scale: { ...channel('y').scale, zero: false } },
          color: colour,
          tooltip,
        },
      };
    case 'heatmap': {
      const side = (key: 'x' | 'y') =>
        of(key)?.type === 'category'
          ? { ...channel(key), axis: { labelLimit: 160 } }
          : { ...channel(key), bin: 'binned' as const };
      return {
        ...base,
        mark: { type: 'rect' },
        encoding: {
          x: side('x'),
          y: side('y'),
          ...(of('x')?.type === 'category' ? {} : { x2: { field: 'x_to' } }),
          ...(of('y')?.type === 'category' ? {} : { y2: { field: 'y_to' } }),
          color: {
            field: 'value',
            type: 'quantitative',
            title: of('value')?.title ?? '',
            scale: { range: [colours.soft, colours.accent], type: 'sqrt' },
          },
          tooltip,
        },
      };
    }
    case 'box': {
      const place =
        of('x') === undefined ? {} : { y: { ...channel('x'), axis: { labelLimit: 160, grid: false } } };
      const tips = { ...place, tooltip };
      return {
        ...base,
        layer: [
          {
            mark: { type: 'rule', color: colours.dim },
            encoding: {
              ...tips,
              x: { ...y('low'), title: of('q50')?.title.replace(/^Median of /, '') ?? '' },
              x2: { field: 'high' },
            },
          },
          {
            mark: { type: 'bar', size: 14, color: colours.accent },
            encoding: { ...tips, x: { field: 'q25', type: 'quantitative' }, x2: { field: 'q75' } },
          },
          {
            mark: { type: 'tick', size: 14, thickness: 2, color: colours.surface },
            encoding: { ...tips, x: { field: 'q50', type: 'quantitative' } },
          },
        ],
      };
    }
    default:
      return assertNever(kind);
  }
}

function configOf({ text, dim, line, font }: ChartColours) {
  return {
    // The picture as a whole has a description, and its data a table.
    aria: false,
    font,
    view: { stroke: null },
    axis: {
      labelColor: dim,
      titleColor: text,
      gridColor: line,
      domainColor: line,
      tickColor: line,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 600 as const,
      titleLimit: 320,
      labelLimit: 160,
    },
    legend: {
      labelColor: dim,
      titleColor: text,
      labelFontSize: 12,
      titleFontSize: 12,
      titleFontWeight: 600 as const,
      labelLimit: 140,
      titleLimit: 140,
    },
  };
}

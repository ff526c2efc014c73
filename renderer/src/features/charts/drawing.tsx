import { useEffect, useRef, useState } from 'react';
import { describeChart } from '#shared/charts';
import { type ChartData } from '#shared/domain';
import { Empty, ErrorNote } from '#renderer/components';
import { toReport } from '#renderer/lib';
import { type ErrorReport } from '#shared/errors';
import { useChartColours } from './colours.ts';
import { heightOf, vegaLiteSpec } from './spec.ts';
import { type DrawnChart } from './drawn-chart.ts';

interface Props {
  readonly data: ChartData;
  /** Told of the drawing once it is there, and of null when it goes. */
  readonly onDrawn: (drawn: DrawnChart | null) => void;
}

const NARROWEST = 240;

/** A chart as a picture. What draws it is loaded when the first is wanted. */
export function Drawing({ data, onDrawn }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const colours = useChartColours();
  const [failed, setFailed] = useState<ErrorReport | null>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null || data.rows.length === 0) return undefined;
    let gone = false;
    let drawn: DrawnChart | null = null;
    const height = heightOf(data);
    const widthOf = (): number => Math.max(NARROWEST, Math.floor(element.clientWidth));
    const observer = new ResizeObserver(() => {
      drawn?.resize(widthOf(), height).catch((error: unknown) => setFailed(toReport(error)));
    });
    const draw = async (): Promise<void> => {
      const { drawInto } = await import('./vega.ts');
      if (gone) return;
      drawn = await drawInto(element, vegaLiteSpec(data, colours, { width: widthOf(), height }));
      if (gone) {
        drawn.remove();
        return;
      }
      setFailed(null);
      onDrawn(drawn);
      observer.observe(element);
    };
    draw().catch((error: unknown) => setFailed(toReport(error)));
    return () => {
      gone = true;
      observer.disconnect();
      onDrawn(null);
      drawn?.remove();
      element.replaceChildren();
    };
  }, [data, colours, onDrawn]);
  if (failed !== null) return <ErrorNote report={failed} />;
  if (data.rows.length === 0) return <Empty title="There is nothing to draw">No row has a value here.</Empty>;
  return <div ref={place} className="chart-drawing" role="img" aria-label={describeChart(data)} />;
}

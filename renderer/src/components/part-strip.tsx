import { memo, useLayoutEffect, useRef, useState } from 'react';
import { type PartState, type PartStrip } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { useStripColours } from './scheme.ts';
import { countParts, layoutStrip, PART_STATES } from './strip-layout.ts';
import { paintStrip } from './strip-paint.ts';
import './part-strip.css';

export const PART_WORDS: Readonly<Record<PartState, string>> = {
  waiting: 'waiting',
  flying: 'on its way',
  sent: 'sent',
  kept: 'kept from last time',
  resent: 'sent again',
  verified: 'verified',
};

/** @returns e.g. `12 parts: 8 verified, 3 on its way, 1 waiting` */
export function describeStrip(strip: PartStrip): string {
  const counts = countParts(strip);
  const total = PART_STATES.reduce((sum, state) => sum + counts[state], 0);
  const said = PART_STATES.toReversed()
    .filter((state) => counts[state] > 0)
    .map((state) => `${formatCount(counts[state])} ${PART_WORDS[state]}`);
  return `${formatCount(total)} ${total === 1 ? 'part' : 'parts'}: ${said.join(', ')}`;
}

interface Props {
  readonly strip: PartStrip;
  /** A finished one steps back behind those that move. */
  readonly calm?: boolean;
  readonly height?: number;
}

let lastWidth = 0;

/** The mark of Sluice: every part of a transfer, in order. */
export const PartStripView = memo(function PartStripView({ strip, calm = false, height = 10 }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  // Strips of one list are alike: the width of the last one spares most of them a second drawing.
  const [width, setWidth] = useState(lastWidth);
  const colours = useStripColours(calm);

  useLayoutEffect(() => {
    const element = canvas.current;
    if (element === null) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      lastWidth = entry?.contentRect.width ?? 0;
      setWidth(lastWidth);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const element = canvas.current;
    const context = element?.getContext('2d');
    if (element === null || context === null || context === undefined || width === 0) return;
    const scale = window.devicePixelRatio;
    const box = { width: Math.round(width * scale), height: Math.round(height * scale), scale };
    if (element.width !== box.width) element.width = box.width;
    if (element.height !== box.height) element.height = box.height;
    paintStrip(context, layoutStrip(strip, box.width), colours, box);
  }, [strip, colours, width, height]);

  const said = describeStrip(strip);
  return (
    <canvas
      ref={canvas}
      className={height > 10 ? 'strip strip-tall' : 'strip'}
      role="img"
      aria-label={said}
      title={said}
    />
  );
});

/** What the looks mean, with how many there are of each. */
export function StripLegend({ strip }: { readonly strip: PartStrip }) {
  const counts = countParts(strip);
  return (
    <ul className="strip-legend">
      {PART_STATES.filter((state) => counts[state] > 0).map((state) => (
        <li key={state}>
          <span className="strip-swatch" aria-hidden="true">
            <PartStripView strip={[{ state, count: 1 }]} />
          </span>
          <span>{PART_WORDS[state]}</span>
          <span className="number">{formatCount(counts[state])}</span>
        </li>
      ))}
    </ul>
  );
}

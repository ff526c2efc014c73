import { type PartState } from '#shared/domain';
import { type StripLayout } from './strip-layout.ts';

/**
 * How far a part is, is told by height, like water behind a gate; where it came from, by pattern. Colour only helps.
 * `level` is the share of the height that is filled.
 */
export const LOOKS: Readonly<
  Record<PartState, { readonly level: number; readonly pattern: 'plain' | 'slant' | 'hollow' | 'notch' }>
> = {
  waiting: { level: 0.18, pattern: 'plain' },
  flying: { level: 0.45, pattern: 'slant' },
  sent: { level: 0.72, pattern: 'plain' },
  kept: { level: 0.72, pattern: 'hollow' },
  resent: { level: 0.72, pattern: 'notch' },
  verified: { level: 1, pattern: 'plain' },
};

export type StripColours = Readonly<Record<PartState, string>>;

interface Box {
  readonly width: number;
  readonly height: number;
  /** Device pixels in one CSS pixel. */
  readonly scale: number;
}

export function paintStrip(
  context: CanvasRenderingContext2D,
  { spans, seams }: StripLayout,
  colours: StripColours,
  { width, height, scale }: Box,
): void {
  context.clearRect(0, 0, width, height);
  for (const { state, from, to } of spans) {
    const { level, pattern } = LOOKS[state];
    const tall = Math.max(scale, Math.round(height * level));
    const top = height - tall;
    context.fillStyle = colours[state];
    if (pattern === 'plain') context.fillRect(from, top, to - from, tall);
    else if (pattern === 'hollow') hollow(context, from, to, top, tall, scale);
    else if (pattern === 'slant') slant(context, from, to, top, tall, scale);
    else notch(context, from, to, top, tall, scale);
  }
  for (const seam of seams)
    context.clearRect(seam - Math.ceil(scale / 2), 0, Math.max(1, Math.round(scale)), height);
}

/** A rim around little: it was filled before this time. */
function hollow(
  c: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  tall: number,
  scale: number,
): void {
  const rim = Math.max(1, Math.round(1.25 * scale));
  c.globalAlpha = 0.25;
  c.fillRect(from, top, to - from, tall);
  c.globalAlpha = 1;
  c.fillRect(from, top, to - from, rim);
  c.fillRect(from, top + tall - rim, to - from, rim);
}

function slant(
  c: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  tall: number,
  scale: number,
): void {
  c.save();
  c.beginPath();
  c.rect(from, top, to - from, tall);
  c.clip();
  c.globalAlpha = 0.35;
  c.fillRect(from, top, to - from, tall);
  c.globalAlpha = 1;
  c.strokeStyle = c.fillStyle;
  c.lineWidth = Math.max(1, 1.25 * scale);
  const step = 4 * scale;
  for (let x = from - (from % step) - tall; x < to + tall; x += step) {
    c.beginPath();
    c.moveTo(x, top + tall);
    c.lineTo(x + tall, top);
    c.stroke();
  }
  c.restore();
}

/** Full, with a line cut out: what was there once, and had to come again. */
function notch(
  c: CanvasRenderingContext2D,
  from: number,
  to: number,
  top: number,
  tall: number,
  scale: number,
): void {
  const cut = Math.max(1, Math.round(scale));
  const middle = top + Math.round(tall / 2);
  c.fillRect(from, top - Math.round(scale), to - from, middle - top);
  c.fillRect(from, middle + cut, to - from, top + tall - middle - cut);
}

import { type PartState, type PartStrip } from '#shared/domain';

/** One run of pixels that looks the same; `parts` tells how many lie under it. */
export interface StripSpan {
  readonly state: PartState;
  readonly from: number;
  readonly to: number;
}

export interface StripLayout {
  readonly spans: readonly StripSpan[];
  /** Where one part ends and the next begins, if there is room to show it. */
  readonly seams: readonly number[];
}

/** Seams are drawn when a part is at least so wide. */
const SEAM_FROM = 5;

/**
 * Where many parts share a pixel it shows what matters most: what is being sent again, then what flies, then what is
 * least far. So a strip never looks more finished than it is.
 */
const WEIGHT: Readonly<Record<PartState, number>> = {
  resent: 6,
  flying: 5,
  waiting: 4,
  sent: 3,
  kept: 2,
  verified: 1,
};

export const PART_STATES = [
  'waiting',
  'flying',
  'sent',
  'kept',
  'resent',
  'verified',
] as const satisfies readonly PartState[];

export function countParts(strip: PartStrip): Readonly<Record<PartState, number>> {
  const counts = { waiting: 0, flying: 0, sent: 0, kept: 0, resent: 0, verified: 0 };
  for (const { state, count } of strip) counts[state] += count;
  return counts;
}

/** @param width in device pixels */
export function layoutStrip(strip: PartStrip, width: number): StripLayout {
  const total = strip.reduce((sum, { count }) => sum + count, 0);
  if (total === 0 || width <= 0) return { spans: [], seams: [] };
  const spans = total <= width ? exact(strip, total, width) : merged(strip, total, width);
  const seams: number[] = [];
  if (width / total >= SEAM_FROM) {
    for (let part = 1; part < total; part += 1) seams.push(Math.round((part * width) / total));
  }
  return { spans, seams };
}

function exact(strip: PartStrip, total: number, width: number): readonly StripSpan[] {
  const spans: StripSpan[] = [];
  let part = 0;
  for (const { state, count } of strip) {
    const from = Math.round((part * width) / total);
    part += count;
    const to = Math.round((part * width) / total);
    push(spans, { state, from, to });
  }
  return spans;
}

/** More parts than pixels: every pixel looks at all parts it covers. */
function merged(strip: PartStrip, total: number, width: number): readonly StripSpan[] {
  const spans: StripSpan[] = [];
  let run = 0;
  let runEnd = strip[0]?.count ?? 0;
  for (let pixel = 0; pixel < width; pixel += 1) {
    const first = Math.floor((pixel * total) / width);
    const last = Math.max(first + 1, Math.ceil(((pixel + 1) * total) / width));
    while (runEnd <= first) {
      run += 1;
      runEnd += strip[run]?.count ?? total;
    }
    let heaviest = strip[run]?.state ?? 'waiting';
    let end = runEnd;
    for (let ahead = run + 1; end < last; ahead += 1) {
      const next = strip[ahead];
      if (next === undefined) break;
      if (WEIGHT[next.state] > WEIGHT[heaviest]) heaviest = next.state;
      end += next.count;
    }
    push(spans, { state: heaviest, from: pixel, to: pixel + 1 });
  }
  return spans;
}

function push(spans: StripSpan[], span: StripSpan): void {
  if (span.to <= span.from) return;
  const last = spans.at(-1);
  if (last !== undefined && last.state === span.state && last.to === span.from) {
    spans[spans.length - 1] = { ...last, to: span.to };
  } else spans.push(span);
}

/**
 * How fast one TCP connection may send, as Linux would have it: a window that doubles each round trip until something
 * is lost, and grows by CUBIC (RFC 9438) from then on. Pure; times are in seconds.
 */

const SEGMENT = 1448;
const FIRST_SEGMENTS = 10;
/** Of RFC 9438. */
const C = 0.4;
const BETA = 0.7;

export interface Window {
  readonly segments: number;
  /** The size at the last loss and when that was; null while nothing was lost. */
  readonly lost: { readonly segments: number; readonly at: number } | null;
}

export const FIRST_WINDOW: Window = { segments: FIRST_SEGMENTS, lost: null };

/** @returns bytes per second that the window allows */
export const rateOf = (window: Window, roundTrip: number): number => (window.segments * SEGMENT) / roundTrip;

/** A full window was acknowledged. @param most segments; a window is not opened beyond what is of use */
export function acknowledged(window: Window, now: number, most: number): Window {
  const { segments, lost } = window;
  if (lost === null) return { ...window, segments: Math.min(most, segments * 2) };
  const k = Math.cbrt((lost.segments * (1 - BETA)) / C);
  const wanted = C * (now - lost.at - k) ** 3 + lost.segments;
  return { ...window, segments: Math.min(most, Math.max(segments, wanted)) };
}

export function lossAt(window: Window, now: number): Window {
  return {
    segments: Math.max(2, window.segments * BETA),
    lost: { segments: window.segments, at: now },
  };
}

/** @returns how likely it is that at least one segment of so many bytes is lost */
export const lossChance = (bytes: number, perSegment: number): number =>
  1 - (1 - perSegment) ** (bytes / SEGMENT);

export const segmentsOf = (bytes: number): number => bytes / SEGMENT;

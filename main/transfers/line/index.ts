/** The way to one store: its streams, who waits for it, and how often it is asked again. */
export { type Asked, Asking } from './asking.ts';
export { Line, lonely } from './line.ts';
export { type Patience, withRetry } from './retry.ts';
export { Slots } from './slots.ts';

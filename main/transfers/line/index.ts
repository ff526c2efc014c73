export { type Asked, Asking } from './asking.ts';
export { Line, lonely } from './line.ts';
export { type Patience, withRetry } from './retry.ts';
export { Slots } from './slots.ts';

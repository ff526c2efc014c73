export { assertNever } from './assert-never.ts';
export { formatBytes, formatCount, formatDuration, formatRate, shortenMiddle } from './units.ts';

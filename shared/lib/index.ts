export { assertNever } from './assert-never.ts';
export { crc32, crc32Text } from './crc32.ts';
export { formatBytes, formatCount, formatDuration, formatRate, shortenMiddle } from './units.ts';

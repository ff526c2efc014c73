export { assertNever } from './assert-never.ts';
export { formatBytes, formatCount, formatDuration, formatRate, shortenMiddle } from './units.ts';
export { crc32 } from './crc32.ts';
export { combineCrc32, decodeCrc32, encodeCrc32 } from './crc32-value.ts';
export { formatMoment, nextTimeOfDay, startOfTomorrow } from './moments.ts';
export { canonicalJson } from './canonical-json.ts';
export { tsvField } from './tsv.ts';

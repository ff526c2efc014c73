/** How Sluice writes quantities, the same everywhere: SI bytes, at most three figures. */

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** @returns e.g. `0 B`, `999 B`, `1.5 kB`, `314 MB` */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes);
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : 1;
  return `${value.toFixed(digits)} ${BYTE_UNITS[unit] ?? 'PB'}`;
}

/** @returns e.g. `12 MB/s` */
export function formatRate(bytesPerSecond: number): string {
  return `${formatBytes(bytesPerSecond)}/s`;
}

/** @param seconds how long; @returns e.g. `4 s`, `2 min 10 s`, `3 h 5 min`, `2 d 4 h` */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const steps = [
    [86_400, 'd', 3600, 'h'],
    [3600, 'h', 60, 'min'],
    [60, 'min', 1, 's'],
  ] as const;
  for (const [big, bigName, small, smallName] of steps) {
    if (whole < big) continue;
    const rest = Math.floor((whole % big) / small);
    return rest === 0
      ? `${Math.floor(whole / big)} ${bigName}`
      : `${Math.floor(whole / big)} ${bigName} ${rest} ${smallName}`;
  }
  return `${whole} s`;
}

/** @returns the number with thin thousands groups, e.g. `1,234,567` */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

/** Shortens in the middle, where names differ least: `a-very-lo…2024.csv`. Counts what a reader sees as one sign, so emoji stay whole. */
export function shortenMiddle(text: string, length: number): string {
  const points = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
  if (points.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${points.slice(0, length - 1 - tail).join('')}…${points.slice(points.length - tail).join('')}`;
}

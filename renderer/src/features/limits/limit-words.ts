import { type LimitState } from '#shared/domain';
import { formatRate } from '#shared/lib';
import { ahead } from '#renderer/lib';

/** @returns e.g. `5 MB/s`, `1.5 MB/s` */
export const speedWords = (bytesPerSecond: number): string => formatRate(bytesPerSecond).replace('.0 ', ' ');

/** @returns e.g. `Limited to 5 MB/s until 18:00`, `Full speed`, `Stands still until tomorrow 06:00` */
export function limitWords({ bytesPerSecond, until }: LimitState): string {
  const how =
    bytesPerSecond === null
      ? 'Full speed'
      : bytesPerSecond === 0
        ? 'Stands still'
        : `Limited to ${speedWords(bytesPerSecond)}`;
  return until === null ? how : `${how} until ${ahead(until)}`;
}

const MB = 1_000_000;

/** @returns megabytes as a person writes them, e.g. `1.5`; empty for no limit */
export const megabytes = (bytes: number | null): string => (bytes === null ? '' : String(bytes / MB));

/** @returns bytes; null where it is no number above nought */
export function bytesOfMegabytes(text: string): number | null {
  const value = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 1e6
    ? Math.max(1, Math.round(value * MB))
    : null;
}

import { assertRoom } from '#main/transfers';
import type { OutputFormat } from '#shared/domain';
import { assertNever } from '#shared/lib';

/** What a run needs of the disk. */
export interface RunNeeds {
  /** Bytes of the file it reads. */
  readonly size: number;
  /** Whether it has to be brought here first. */
  readonly fetched: boolean;
  readonly formats: readonly OutputFormat[];
  /** Whether the bucket that outputs go to is on the same disk. */
  readonly keptHere: boolean;
}

/** An estimate, so that a disk that is clearly too small is known before anything is done. bytes */
export function bytesOf({ size, fetched, formats, keptHere }: RunNeeds): number {
  const made = formats.reduce((sum, format) => sum + size * shareOf(format), 0);
  return Math.ceil((fetched ? size : 0) + made * (keptHere ? 2 : 1));
}

/** Of an output, of the size of what it is made of: about what tables with a dozen columns give. */
function shareOf(format: OutputFormat): number {
  switch (format) {
    case 'csv':
      return 1;
    case 'xlsx':
    case 'parquet':
      return 0.3;
    case 'jsonl':
    case 'json':
      return 2;
    default:
      return assertNever(format);
  }
}

/** @throws DISK_SHORT */
export async function assertRunHasRoom(
  path: string,
  needs: RunNeeds,
  others: readonly RunNeeds[],
): Promise<void> {
  await assertRoom(
    [{ path, bytes: bytesOf(needs) }],
    others.map((other) => ({ path, bytes: bytesOf(other) })),
  );
}

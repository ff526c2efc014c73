const MiB = 1024 * 1024;

/** Of objects that a lost range of this size is a noticeable share of. */
const SMALL_RANGE = 8 * MiB;
/** Of larger ones: half the requests. */
const LARGE_RANGE = 16 * MiB;
const LARGE_OBJECT = 1024 * MiB;
/** What the journal keeps of one object. */
const MOST_RANGES = 10_000;

/** How an object is fetched: in equal ranges but for the last. Fixed for one version of it. An empty one has one, which is empty. */
export interface DownloadPlan {
  /** Bytes. */
  readonly size: number;
  readonly partSize: number;
  readonly partCount: number;
}

export function planDownload(size: number): DownloadPlan {
  const usual = size < LARGE_OBJECT ? SMALL_RANGE : LARGE_RANGE;
  const partSize = Math.max(usual, Math.ceil(size / MOST_RANGES / MiB) * MiB);
  return { size, partSize, partCount: Math.max(1, Math.ceil(size / partSize)) };
}

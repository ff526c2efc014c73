/** Beyond what DuckDB may take: for Node itself, and what DuckDB does not count. MB */
const BESIDE = 500;
const EVERY_MS = 200;

/**
 * Ends this process when it takes more memory than it may: DuckDB's own limit does not hold for a single vector.
 * @param resident bytes of memory that the process has
 */
export function watchMemory(limitMb: number, resident: () => number, end: () => void): NodeJS.Timeout {
  const most = (limitMb + BESIDE) * 1_000_000;
  const timer = setInterval(() => {
    if (resident() > most) end();
  }, EVERY_MS);
  return timer.unref();
}

// Processes that a suite left behind, known by a mark in the environment that every one of them inherits (Linux).
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

export const MARK = 'SLUICE_TEST_RUN';
const GRACE_MS = 5000;

/**
 * Waits a little for what is ending, then ends what is not.
 * @param {string} mark the value of the mark
 * @param {number} graceMs
 * @returns {Promise<readonly string[]>} what was left, as `pid command`
 */
export async function endLeftovers(mark, graceMs = GRACE_MS) {
  if (process.platform !== 'linux') return [];
  const until = Date.now() + graceMs;
  let found = marked(mark);
  while (found.length > 0 && Date.now() < until) {
    await sleep(100);
    found = marked(mark);
  }
  for (const { pid } of found) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // ESRCH: it ended by itself after all.
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
    }
  }
  const gone = Date.now() + GRACE_MS;
  while (marked(mark).length > 0 && Date.now() < gone) await sleep(20);
  return found.map(({ pid, command }) => `${pid} ${command}`);
}

/** @param {string} mark */
function marked(mark) {
  const found = /** @type {{ pid: number, command: string }[]} */ ([]);
  for (const entry of readdirSync('/proc')) {
    const pid = Number(entry);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${mark}`)) continue;
      found.push({
        pid,
        command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim().slice(0, 200),
      });
    } catch {
      // It ended while it was looked at, or is another user's.
    }
  }
  return found;
}

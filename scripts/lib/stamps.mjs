// Small JSON files that say "this was finished, from this". Written last and atomically, so that what was interrupted
// has none and is done again.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * @param {string} path
 * @returns {Record<string, unknown> | null} null where there is none, or none that can be read
 */
export function readStamp(path) {
  try {
    const value = JSON.parse(readFileSync(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} path
 * @param {Record<string, unknown>} value
 */
export function writeStamp(path, value) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(value)}\n`);
  renameSync(temporary, path);
}

/** @param {string} path */
export function removeStamp(path) {
  rmSync(path, { force: true });
}

/**
 * @param {Record<string, unknown> | null} stamp
 * @param {Record<string, unknown>} wanted
 */
export function matches(stamp, wanted) {
  return stamp !== null && Object.entries(wanted).every(([key, value]) => stamp[key] === value);
}

// One set-up at a time in one clone: `npm start` and `npm test` may be called side by side.
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { say } from './say.mjs';

/** The lock this process holds. @type {string | null} */
let mine = null;

const STALE_AFTER_MS = 20 * 60_000;

/**
 * @template T
 * @param {string} path the lock file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true });
  let told = false;
  while (!take(path)) {
    if (!held(path)) {
      rmSync(path, { force: true });
      continue;
    }
    if (!told) say('Another set-up of this folder is under way; waiting for it.');
    told = true;
    await sleep(200);
  }
  mine = path;
  const release = () => {
    mine = null;
    rmSync(path, { force: true });
  };
  process.once('exit', release);
  try {
    return await work();
  } finally {
    process.off('exit', release);
    release();
  }
}

/**
 * Names a child that does the locked work: should this process be killed, the lock is held until the child has ended too.
 * @param {number} pid
 */
export function alsoHeldBy(pid) {
  if (mine !== null) appendFileSync(mine, ` ${pid}`);
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * @param {string} path
 * @returns {boolean} whether the process that took the lock, or a child of it, can still be at work
 */
function held(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > STALE_AFTER_MS) return false;
    const owners = readFileSync(path, 'utf8');
    // Taken, but its number not written yet.
    return owners === '' || owners.split(' ').some((owner) => alive(Number(owner)));
  } catch {
    // Released meanwhile.
    return false;
  }
}

/** @param {number} pid */
function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

// Child processes that never outlive the script: signals are passed on, exit codes kept, whole groups ended.
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

/**
 * @typedef {object} Ended
 * @property {number} code the child's exit code; 128 + the signal's number where a signal ended it, 127 where it never started
 * @property {NodeJS.Signals | null} signal
 * @property {string} output what it printed on both streams, where that was captured
 * @property {boolean} timedOut
 * @property {NodeJS.ErrnoException | null} error why it could not be started
 */

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {'inherit' | 'capture' | 'relay'} [io] `inherit`: the child has this terminal. `capture`: its output is kept and
 *   not shown. `relay`: shown, without stdin.
 * @property {boolean} [ownGroup] whether it is the head of a process group, which ends with it; so unless it inherits the terminal
 * @property {(pid: number) => void} [onStart]
 * @property {number} [timeoutMs]
 */

/** @type {Set<{ pass(signal: NodeJS.Signals): void }>} */
const live = new Set();
/** @type {NodeJS.Signals | null} */
let stoppedBy = null;

/** @param {NodeJS.Signals} signal */
function stop(signal) {
  stoppedBy = signal;
  if (live.size === 0) process.exit(exitCodeOf(signal));
  for (const child of live) child.pass(signal);
}

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => stop(signal));
}

// npm passes a signal on to the shell between itself and this script, which may end without telling anybody.
const parent = process.ppid;
if (process.env['npm_lifecycle_event'] !== undefined && process.platform !== 'win32') {
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    stop('SIGTERM');
  }, 500);
  watch.unref();
}

/** @returns {NodeJS.Signals | null} the signal that asked this script to stop */
export const interruptedBy = () => stoppedBy;

/** @param {NodeJS.Signals} signal */
export function exitCodeOf(signal) {
  return 128 + (constants.signals[signal] ?? 0);
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} options
 * @returns {Promise<Ended>} never rejects
 */
export function run(command, args, options = {}) {
  const { cwd, env = process.env, io = 'inherit', ownGroup = io !== 'inherit', onStart, timeoutMs } = options;
  const child = spawn(command, args, {
    cwd,
    env,
    detached: ownGroup && process.platform !== 'win32',
    windowsHide: true,
    stdio:
      io === 'inherit'
        ? 'inherit'
        : ['ignore', io === 'relay' ? 'inherit' : 'pipe', io === 'relay' ? 'inherit' : 'pipe'],
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const chunks = /** @type {Buffer[]} */ ([]);
  child.stdout?.on('data', (chunk) => chunks.push(chunk));
  child.stderr?.on('data', (chunk) => chunks.push(chunk));

  /** @type {NodeJS.Timeout | undefined} */
  let lastResort;
  const entry = {
    /** @param {NodeJS.Signals} signal */
    pass(signal) {
      // A terminal sends Ctrl-C to the whole foreground group, so a child that shares it has it already.
      if (ownGroup || signal !== 'SIGINT' || !process.stdin.isTTY) signalChild(child, signal, ownGroup);
      if (ownGroup) lastResort ??= setTimeout(() => endGroup(child.pid), 8000);
    },
  };
  live.add(entry);

  return new Promise((resolve) => {
    let timedOut = false;
    const limit =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            endGroup(child.pid);
          }, timeoutMs);
    /** @param {Pick<Ended, 'code' | 'signal' | 'error'>} how */
    const settle = (how) => {
      clearTimeout(limit);
      clearTimeout(lastResort);
      live.delete(entry);
      if (ownGroup) endGroup(child.pid);
      resolve({ ...how, timedOut, output: Buffer.concat(chunks).toString('utf8') });
    };
    child.once('error', (error) => settle({ code: 127, signal: null, error }));
    child.once('exit', (code, signal) => {
      // Grandchildren may hold the pipes open; what has been written is given a moment to arrive.
      const done = () => settle({ code: code ?? exitCodeOf(signal ?? 'SIGKILL'), signal, error: null });
      if (io !== 'capture') done();
      else {
        if (ownGroup) endGroup(child.pid);
        const waited = setTimeout(done, 1000);
        child.once('close', () => {
          clearTimeout(waited);
          done();
        });
      }
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {boolean} group
 */
function signalChild(child, signal, group) {
  if (!group || process.platform === 'win32') child.kill(signal);
  else killGroup(child.pid, signal);
}

/**
 * Ends a process and all of its group at once; on Windows, its tree.
 * @param {number | undefined} pid
 */
export function endGroup(pid) {
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  } else killGroup(pid, 'SIGKILL');
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    // ESRCH: the group is gone, which is what was wanted.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
  }
}

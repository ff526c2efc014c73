// What the set-up scripts say: short lines on stderr, so that stdout stays free for what a command prints.

/** What ends a script: one plain sentence and the next thing to do, never a stack. */
export class PlainError extends Error {
  /**
   * @param {string} sentence
   * @param {string} hint
   * @param {number} exitCode
   */
  constructor(sentence, hint = '', exitCode = 1) {
    super(sentence);
    this.name = 'PlainError';
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/**
 * Runs a script to its end and leaves with its exit code; what goes wrong is told plainly.
 * @param {() => Promise<number>} script @returns {Promise<void>}
 */
export async function main(script) {
  try {
    process.exitCode = await script();
  } catch (error) {
    const plain =
      error instanceof PlainError ? error : ofSystem(/** @type {NodeJS.ErrnoException} */ (error));
    if (plain === null) throw error;
    say(plain.message);
    if (plain.hint !== '') say(plain.hint);
    process.exitCode = plain.exitCode;
  }
}

/**
 * @param {NodeJS.ErrnoException} error
 * @returns {PlainError | null} null for what no set-up can foresee
 */
function ofSystem({ code, path }) {
  const again = 'Then run the same command again.';
  if (code === 'ENOSPC')
    return new PlainError(
      `The disk that holds ${path ?? 'this folder'} is full.`,
      `Free some space. ${again}`,
    );
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new PlainError(
      `${path ?? 'This folder'} cannot be written to (${code}).`,
      `Make it yours, or clone Sluice into a folder that is. ${again}`,
    );
  }
  return null;
}

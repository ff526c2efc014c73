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
    if (!(error instanceof PlainError)) throw error;
    say(error.message);
    if (error.hint !== '') say(error.hint);
    process.exitCode = error.exitCode;
  }
}

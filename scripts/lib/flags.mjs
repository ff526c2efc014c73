// The flags of a script; what is not understood ends it with one sentence.
import { parseArgs } from 'node:util';
import { PlainError } from './say.mjs';

/**
 * @template {import('node:util').ParseArgsOptionsConfig} O
 * @param {readonly string[]} args
 * @param {O} options
 * @param {{ positionals: boolean, help: string }} how `help`: the command that lists the flags
 */
export function flags(args, options, { positionals, help }) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: positionals, strict: true });
  } catch (error) {
    throw new PlainError(
      sentence(/** @type {NodeJS.ErrnoException} */ (error)),
      `${help} lists what there is.`,
      2,
    );
  }
}

/** @param {NodeJS.ErrnoException} error */
function sentence(error) {
  const named =
    /'(-[^']*?)(?: <value>)?'/.exec(error.message)?.[1] ?? /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') return `There is no option ${named}.`;
  if (error.code === 'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL') return `${named} was not expected here.`;
  if (error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    return /does not take/.test(error.message) ? `${named} takes no value.` : `${named} needs a value.`;
  }
  throw error;
}

/**
 * @param {string | undefined} value
 * @returns {number | undefined}
 */
export function portNumber(value) {
  if (value === undefined) return undefined;
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new PlainError(
      `${value} is not a port.`,
      'A port is a number from 0 to 65535; 0 takes a free one.',
      2,
    );
  }
  return port;
}

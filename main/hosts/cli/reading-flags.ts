import type { Command } from 'commander';
import { AS_FOUND, reading, type Reading } from '#shared/domain';
import { sluiceError } from '#shared/errors';

/** The options that say how a table is to be read; what is not said is found out from the file. */
export function withReadingFlags(command: Command): Command {
  return command
    .option('--entry <name>', 'the file in a zip archive that holds the table')
    .option('--sheet <name>', 'the sheet of a workbook');
}

/** @throws COMMAND_INVALID where a value is none that the option takes */
export function readReadingFlags(given: Readonly<Record<string, unknown>>): Reading {
  const said = { entry: given['entry'], sheet: given['sheet'] };
  const wanted = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
  const parsed = reading.safeParse({ ...AS_FOUND, ...wanted });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const reason = `--${String(issue?.path[0])}: ${issue?.message ?? 'no such value'}`;
  throw sluiceError('COMMAND_INVALID', { reason }, parsed.error);
}

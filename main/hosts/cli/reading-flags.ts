import { Option, type Command } from 'commander';
import { AS_FOUND, encodingName, reading, type Reading } from '#shared/domain';
import { invalid, within } from './values.ts';

/** How a file is to be read, where it is not to be found out. */
export function withReadingFlags(command: Command): Command {
  return command
    .addOption(new Option('--encoding <name>', 'e.g. windows-1250').argParser(parseEncoding))
    .addOption(
      new Option('--delimiter <sign>', 'one sign or several; \\t is a tab').argParser(parseDelimiter),
    )
    .addOption(new Option('--quote <sign>', 'what cells are quoted with').choices(['"', "'", '`', 'none']))
    .addOption(new Option('--skip <lines>', 'lines above the table').argParser(within('--skip', 0, 100_000)))
    .addOption(
      new Option('--header <rows>', 'rows that name the columns; 0: none').argParser(
        within('--header', 0, 20),
      ),
    )
    .addOption(new Option('--day-first', '01/02/2024 is in February').conflicts('monthFirst'))
    .addOption(new Option('--month-first', '01/02/2024 is in January'))
    .addOption(new Option('--entry <name>', 'the file in a zip archive').argParser(nameUpTo('--entry', 4096)))
    .addOption(new Option('--sheet <name>', 'the sheet of a workbook').argParser(nameUpTo('--sheet', 255)));
}

export function readReadingFlags(given: Readonly<Record<string, unknown>>): Reading {
  return reading.parse({
    ...AS_FOUND,
    encoding: given['encoding'] ?? null,
    delimiter: given['delimiter'] ?? null,
    quote: given['quote'] ?? null,
    skipLines: given['skip'] ?? null,
    headerRows: given['header'] ?? null,
    dayFirst: given['dayFirst'] === true ? true : given['monthFirst'] === true ? false : null,
    entry: given['entry'] ?? null,
    sheet: given['sheet'] ?? null,
  });
}

function nameUpTo(option: string, longest: number): (text: string) => string {
  return (text) => {
    if (text === '' || text.length > longest)
      throw invalid(`${option} takes a name of 1 to ${longest} signs`);
    return text;
  };
}

/** Names that other programs have for the same encodings. */
const ALIASES: Readonly<Record<string, string>> = {
  utf8: 'utf-8',
  'utf-16': 'utf-16le',
  utf16: 'utf-16le',
  'latin-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
  'latin-9': 'iso-8859-15',
  mac: 'macintosh',
  sjis: 'shift_jis',
  'shift-jis': 'shift_jis',
  gbk: 'gb18030',
  gb2312: 'gb18030',
};

function parseEncoding(text: string): string {
  const lower = text.trim().toLowerCase();
  const name = ALIASES[lower] ?? lower.replace(/^cp(?=125\d$)/, 'windows-').replace(/^cp(?=\d{3}$)/, 'ibm');
  const known = encodingName.safeParse(name);
  if (!known.success) throw invalid(`--encoding takes one of ${encodingName.options.join(', ')}`);
  return known.data;
}

function parseDelimiter(text: string): string {
  const sign = text === 'tab' ? '\t' : text.replaceAll('\\t', '\t');
  if (sign === '' || sign.length > 16) throw invalid('--delimiter takes one to sixteen signs');
  return sign;
}

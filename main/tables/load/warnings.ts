import { ENCODING_NAMES, type TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import type { Detected } from '../detect/index.ts';
import type { SourceSample } from './source.ts';
import type { ReaderCounts } from './counts.ts';

interface Facts {
  readonly sample: SourceSample;
  readonly detected: Detected;
  readonly counts: ReaderCounts;
  readonly rows: number;
  /** Whether the counts are of the whole file. */
  readonly whole: boolean;
}

/** What a person should know of how a file was cut, in words. */
export function layoutWarnings({ sample, detected, counts, rows, whole }: Facts): TableWarning[] {
  const warnings: TableWarning[] = [];
  const add = (code: TableWarning['code'], sentence: string, count: number | null = null): void => {
    warnings.push({ code, sentence, count });
  };
  const some = (count: number, what: string): string =>
    `${formatCount(count)} ${what}${count === 1 ? '' : 's'}${whole ? '' : ' of those looked at'}`;
  const exact = (count: number): number | null => (whole ? count : null);

  if (sample.encoding.guessed) {
    const name = ENCODING_NAMES[sample.encoding.encoding];
    add(
      'encoding-guessed',
      sample.encoding.encoding === 'utf-8'
        ? 'Most of the file is UTF-8; lines that are not were read in the encoding they are likeliest in. Check names with accents.'
        : `The file does not say its encoding and is no UTF-8; it was read as ${name}. Check names with accents.`,
    );
  }
  if (detected.preambleLines > 0) {
    const lines = `${detected.preambleLines} line${detected.preambleLines === 1 ? '' : 's'}`;
    add(
      'preamble-skipped',
      `${lines} above the table ${detected.preambleLines === 1 ? 'is' : 'are'} no part of it.`,
      detected.preambleLines,
    );
  }
  if (detected.width === 1)
    add('single-column', 'Nothing parts the lines into cells; the table has one column.');
  if (!detected.hasHeader)
    add('no-header', 'The first row is data, so the columns were given numbers for names.');
  else if (rows === 0 && whole) add('header-only', 'There are names of columns but no rows below them.', 0);
  if (detected.renamed.length > 0) {
    add(
      'duplicate-names',
      `Columns that had no name, or one that stood before, are called ${detected.renamed.slice(0, 5).join(', ')}${detected.renamed.length > 5 ? ' and so on' : ''}.`,
      detected.renamed.length,
    );
  }
  if (
    [counts.lf, counts.crlf, counts.cr].filter((count) => count > 0).length > 1 ||
    detected.newline === 'mixed'
  ) {
    add('mixed-newlines', 'Lines end in more than one way; all were taken as line ends.');
  }
  if (counts.short + counts.rejected > 0)
    add('ragged-rows', raggedSentence(counts, some), exact(counts.short + counts.rejected));
  if (counts.fitted > 0) {
    add(
      'ragged-rows',
      `${some(counts.fitted, 'row')} had too many cells; a delimiter in a text or a number, or an empty cell, was taken as the reason.`,
      exact(counts.fitted),
    );
  }
  if (counts.foreign > 0) {
    add(
      'several-tables',
      `Another table stands below this one; its ${some(counts.foreign, 'line')} are among the rejected rows.`,
      exact(counts.foreign),
    );
  }
  if (counts.repaired > 0) {
    add(
      'unclosed-quote',
      `In ${some(counts.repaired, 'row')} a quote does not fit and was taken as an ordinary sign.`,
      exact(counts.repaired),
    );
  }
  return warnings;
}

function raggedSentence(counts: ReaderCounts, some: (count: number, what: string) => string): string {
  const parts: string[] = [];
  if (counts.short > 0)
    parts.push(`${some(counts.short, 'row')} had too few cells and got empty ones at the end`);
  if (counts.rejected > 0)
    parts.push(`${some(counts.rejected, 'line')} did not fit the table and stand among the rejected rows`);
  return `${parts.join('; ')}.`;
}

export function columnWarnings(ambiguous: readonly string[], order: 'dmy' | 'mdy'): TableWarning[] {
  if (ambiguous.length === 0) return [];
  return [
    {
      code: 'ambiguous-dates',
      sentence: `Nothing in the file says whether 01/02/2024 is in January or February; ${ambiguous.slice(0, 5).join(', ')} ${ambiguous.length === 1 ? 'is' : 'are'} read ${order === 'dmy' ? 'day' : 'month'} first.`,
      count: ambiguous.length,
    },
  ];
}

import { Button } from '@mantine/core';
import { IconAdjustments } from '@tabler/icons-react';
import { type Reading, type TablePreview, type TableWarning } from '#shared/domain';
import { formatCount } from '#shared/lib';
import { counted } from '#renderer/components';
import { type Loading } from './use-loading.ts';
import { type ReadingPart } from './reading-panel.tsx';
import { describeFormat, DELIMITERS, shortEncoding, took } from './type-words.tsx';

/** What a click on a warning does about it. */
export type Remedy =
  | { readonly kind: 'open'; readonly part: ReadingPart }
  | { readonly kind: 'try'; readonly change: Partial<Reading> }
  | { readonly kind: 'rejects' }
  | { readonly kind: 'columns' };

interface Props {
  readonly table: TablePreview;
  readonly warnings: readonly TableWarning[];
  readonly loading: Loading;
  readonly open: boolean;
  readonly onOpen: () => void;
  readonly onRemedy: (remedy: Remedy) => void;
}

/** How the file was read, and what to know before trusting it, with what can be done about it. */
export function About({ table, warnings, loading, open, onOpen, onRemedy }: Props) {
  const { columns, format, tookMs } = table;
  const runnerUp = format.kind === 'delimited' ? format.runnerUp : null;
  return (
    <div className="about">
      <div className="about-line">
        <p>
          <b>{rowsOf(table, loading)}</b>, {counted(columns.length, 'column')}
          <span className="dim"> · {describeFormat(format).join(' · ')}</span>
          <span className="dim" title={`${formatCount(tookMs)} ms`}>
            {' '}
            · read in {took(tookMs)}
          </span>
        </p>
        {format.kind !== 'parquet' && (
          <Button
            variant="subtle"
            size="compact-xs"
            leftSection={<IconAdjustments size={14} />}
            aria-expanded={open}
            onClick={onOpen}
          >
            Change how it is read
          </Button>
        )}
      </div>
      {(warnings.length > 0 || runnerUp !== null) && (
        <ul className="warnings" aria-label="What to know about this file">
          {warnings.map(({ code, sentence, count }) => (
            <li key={`${code}:${sentence}`}>
              {sentence}
              {count !== null && !sentence.includes(formatCount(count)) && (
                <span className="dim"> {counted(count, 'row')}</span>
              )}
              {remediesOf(code, table).map(({ words, remedy }) => (
                <Button key={words} variant="subtle" size="compact-xs" onClick={() => onRemedy(remedy)}>
                  {words}
                </Button>
              ))}
            </li>
          ))}
          {runnerUp !== null && (
            <li>
              It could also be cut by {DELIMITERS[runnerUp.delimiter] ?? `“${runnerUp.delimiter}”`}.
              <Button
                variant="subtle"
                size="compact-xs"
                onClick={() => onRemedy({ kind: 'try', change: { delimiter: runnerUp.delimiter } })}
              >
                Try it
              </Button>
            </li>
          )}
        </ul>
      )}
    </div>
  );
}

function rowsOf({ rowsExact, rowsEstimated }: TablePreview, loading: Loading): string {
  if (loading.kind === 'loading' && loading.frame.ready) return counted(loading.frame.rows, 'row');
  return `${rowsExact ? '' : 'about '}${counted(Math.round(rowsEstimated), 'row')}`;
}

function remediesOf(
  code: TableWarning['code'],
  { format }: TablePreview,
): readonly { readonly words: string; readonly remedy: Remedy }[] {
  switch (code) {
    case 'encoding-guessed':
      return [
        ...(format.kind === 'delimited' ? (format.encodings ?? []) : []).slice(0, 2).map(({ name }) => ({
          words: `Try ${shortEncoding(name)}`,
          remedy: { kind: 'try', change: { encoding: name } } as const,
        })),
        { words: 'Other encodings', remedy: { kind: 'open', part: 'encoding' } },
      ];
    case 'ambiguous-dates':
      return [
        { words: 'Day first', remedy: { kind: 'try', change: { dayFirst: true } } },
        { words: 'Month first', remedy: { kind: 'try', change: { dayFirst: false } } },
      ];
    case 'several-tables':
      return [{ words: 'Begin further down', remedy: { kind: 'open', part: 'skipLines' } }];
    case 'preamble-skipped':
      return [
        { words: 'Leave none out', remedy: { kind: 'try', change: { skipLines: 0 } } },
        { words: 'Other lines', remedy: { kind: 'open', part: 'skipLines' } },
      ];
    case 'no-header':
      return [{ words: 'The first row is the header', remedy: { kind: 'try', change: { headerRows: 1 } } }];
    case 'header-only':
      return [{ words: 'It is data', remedy: { kind: 'try', change: { headerRows: 0 } } }];
    case 'ragged-rows':
      return [{ words: 'See what was rejected', remedy: { kind: 'rejects' } }];
    case 'single-column':
      return [{ words: 'Cut it otherwise', remedy: { kind: 'open', part: 'delimiter' } }];
    case 'unclosed-quote':
      return [{ words: 'Other quotes', remedy: { kind: 'open', part: 'quote' } }];
    case 'values-do-not-fit':
      return [{ words: 'See the columns', remedy: { kind: 'columns' } }];
    default:
      return [];
  }
}

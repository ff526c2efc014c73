import { useMemo } from 'react';
import { useAround } from './around.ts';
import { type Search, tryOut } from './tester.ts';

const SHOWN = 5;

/** What find-and-replace makes of the first different values of its columns, while it is being written. */
export function TesterField({ step }: { readonly step: Readonly<Record<string, unknown>> }) {
  const { columns, rows } = useAround();
  const search = searchOf(step);
  const samples = useMemo(() => {
    const names = Array.isArray(step['columns']) ? (step['columns'] as string[]) : [];
    const places = names.map((name) => columns?.findIndex((column) => column.name === name) ?? -1);
    return [...new Set(rows.flatMap((row) => places.map((place) => row[place] ?? '')))].filter(Boolean);
  }, [columns, rows, step]);
  if (search.find === '' || samples.length === 0) return null;
  const trials = samples.map((text) => ({ text, trial: tryOut(search, text) }));
  if (trials.some(({ trial }) => trial === null))
    return <p className="field-problem">The pattern is not complete: a bracket or a sign is missing.</p>;
  const hits = trials.filter(({ trial }) => trial?.pieces.some(({ found }) => found));
  return (
    <div className="tester">
      <p className="dim">
        {hits.length === 0
          ? `Found in none of ${samples.length} different values of the first rows.`
          : `Found in ${hits.length} of ${samples.length} different values of the first rows:`}
      </p>
      <ul>
        {hits.slice(0, SHOWN).map(({ text, trial }) => (
          <li key={text}>
            <span className="mono">
              {trial?.pieces.map((piece, index) =>
                // Pieces of one text, which never change their places.
                // oxlint-disable-next-line react/no-array-index-key
                piece.found ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
              )}
            </span>
            <span aria-label="becomes"> → </span>
            <span className="mono">
              {trial?.result === '' ? <i className="dim">nothing</i> : trial?.result}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function searchOf(step: Readonly<Record<string, unknown>>): Search {
  const match = step['match'];
  return {
    match: match === 'pattern' || match === 'whole-cell' ? match : 'text',
    find: typeof step['find'] === 'string' ? step['find'] : '',
    with: typeof step['with'] === 'string' ? step['with'] : '',
    ignoreCase: step['ignoreCase'] === true,
  };
}

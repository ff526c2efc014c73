import { Button } from '@mantine/core';
import type { Run } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import { counted, FORMAT_WORDS, Middle, Section } from '#renderer/components';
import { goSession } from '#renderer/lib';
import { useOutputs } from '#renderer/state';

/** What the run wrote; there it can be opened, shared and downloaded. */
export function OutputsOfRun({ run }: { readonly run: Run }) {
  const outputs = useOutputs(run.sessionId).records.filter(({ runId }) => runId === run.id);
  return (
    <Section title="Written">
      <ul className="run-outputs">
        {outputs.map(({ id, name, format, size, defused, notes }) => (
          <li key={id}>
            <Middle text={name} />
            <span className="dim">
              {FORMAT_WORDS[format]}, {formatBytes(size)}
            </span>
            {defused > 0 && (
              <p className="dim">
                {counted(defused, 'text')} got a &apos; before it, to be safe in spreadsheets.
              </p>
            )}
            {notes.map((note) => (
              <p key={note} className="dim">
                {note}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <Button variant="default" onClick={() => goSession(run.sessionId, 'results')}>
        Results
      </Button>
    </Section>
  );
}

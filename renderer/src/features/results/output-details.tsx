import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Delivery, type Output } from '#shared/domain';
import { formatBytes, formatCount } from '#shared/lib';
import {
  CopyButton,
  Details,
  ErrorNote,
  Fact,
  Facts,
  FORMAT_WORDS,
  Loading,
  Middle,
  Section,
  useQuestion,
  When,
} from '#renderer/components';
import { OutputCharts } from '#renderer/features/charts';
import { useOutput, useWorkbench } from '#renderer/state';
import { OutputActions } from './output-actions.tsx';

interface Props {
  readonly id: string;
  readonly deliveries: readonly Delivery[];
  readonly onClose: () => void;
}

export function OutputDetails({ id, deliveries, onClose }: Props) {
  const output = useOutput(id);
  if (output === undefined) return null;
  return (
    <Details title={<Middle text={output.name} />} label={`Details of ${output.name}`} onClose={onClose}>
      <Section title="Take it with you">
        <OutputActions output={output} deliveries={deliveries} />
        <div className="details-actions">
          <OutputCharts output={output} />
        </div>
      </Section>
      <About output={output} />
      <Deliveries deliveries={deliveries} />
      <Preview output={output} />
    </Details>
  );
}

function About({ output }: { readonly output: Output }) {
  const { rows, size, format, crc32, bucket, key, stored, createdAt } = output;
  const address = `s3://${bucket}/${key}`;
  return (
    <Section title="About">
      <Facts>
        <Fact name="Rows" number>
          {formatCount(rows)}
        </Fact>
        <Fact name="Size" number>
          <span title={`${formatCount(size)} bytes`}>{formatBytes(size)}</span>
        </Fact>
        <Fact name="Format">{FORMAT_WORDS[format]}</Fact>
        <Fact name="CRC-32">
          <span className="mono">{crc32}</span>
        </Fact>
        <Fact name="In the bucket">{stored ? 'yes, proven' : 'being stored'}</Fact>
        <Fact name="Address" long>
          <span className="mono">{address}</span>
          <CopyButton text={address} label="Copy the address of the object" />
        </Fact>
        <Fact name="Made" number>
          <When at={createdAt} />
        </Fact>
      </Facts>
    </Section>
  );
}

function Deliveries({ deliveries }: { readonly deliveries: readonly Delivery[] }) {
  if (deliveries.length === 0) return null;
  return (
    <Section title="Appended to">
      <ul className="deliveries">
        {deliveries.map(({ id, target, state, createdAt }) => (
          <li key={id}>
            <div className="delivery-line">
              <Middle text={target.path} />
              <span className="dim">
                <When at={createdAt} />
              </span>
            </div>
            {state.kind === 'appending' && <p className="dim">Appending…</p>}
            {state.kind === 'done' && <p className="dim">{formatCount(state.rows)} rows, once</p>}
            {state.kind === 'failed' && <ErrorNote report={state.error} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The first rows, when asked for: they may have to be fetched. */
function Preview({ output: { id, name } }: { readonly output: Output }) {
  const { client } = useWorkbench();
  const [open, setOpen] = useState(false);
  const { answer, ask } = useQuestion((signal) => client.outputs.preview({ id }, { signal }), [client, id], {
    atOnce: open,
  });
  return (
    <Section title="First rows">
      {!open && (
        <Button variant="default" onClick={() => setOpen(true)}>
          Show the first rows
        </Button>
      )}
      {answer.kind === 'asking' && <Loading label="Reading the first rows" rows={4} />}
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      {answer.kind === 'answered' && (
        // Scrolled by keyboard as well.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="mini" tabIndex={0} role="region" aria-label={`First rows of ${name}`}>
          <table>
            <thead>
              <tr>
                {answer.value.columns.map((column, index) => (
                  // oxlint-disable-next-line react/no-array-index-key
                  <th key={index} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {answer.value.rows.map((row, at) => (
                // oxlint-disable-next-line react/no-array-index-key
                <tr key={at}>
                  {row.map((cell, index) => (
                    // oxlint-disable-next-line react/no-array-index-key
                    <td key={index} className={cell === null ? 'cell-none' : undefined}>
                      {cell ?? 'null'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Section>
  );
}

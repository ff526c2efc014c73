import { Button } from '@mantine/core';
import { IconPackage } from '@tabler/icons-react';
import { type ReactNode, useCallback, useState } from 'react';
import { formatBytes, formatCount } from '#shared/lib';
import {
  Empty,
  ErrorNote,
  FORMAT_WORDS,
  Loading,
  Middle,
  RowList,
  Split,
  StateGlyph,
  When,
} from '#renderer/components';
import { goSession, toReport } from '#renderer/lib';
import { useDeliveries, useOutput, useOutputs } from '#renderer/state';
import { OutputDetails } from './output-details.tsx';
import './results.css';

const ROW = 36;

export function ResultsView({ sessionId, aside }: { readonly sessionId: string; readonly aside: ReactNode }) {
  const outputs = useOutputs(sessionId);
  const deliveries = useDeliveries(sessionId);
  const [chosen, setChosen] = useState<string | null>(null);
  const { records } = outputs;
  const active = chosen === null ? -1 : records.findIndex(({ id }) => id === chosen);
  const textAt = useCallback((index: number) => records[index]?.name, [records]);
  const details =
    aside ??
    (chosen === null || active < 0 ? null : (
      <OutputDetails
        key={chosen}
        id={chosen}
        deliveries={deliveries.records.filter(({ outputId }) => outputId === chosen)}
        onClose={() => setChosen(null)}
      />
    ));
  return (
    <Split details={details}>
      {outputs.error !== null && (
        <div className="panel-note">
          <ErrorNote report={toReport(outputs.error)} onRetry={outputs.reload} />
        </div>
      )}
      {outputs.loading && records.length === 0 && <Loading label="Reading the results" />}
      {!outputs.loading && outputs.error === null && records.length === 0 && (
        <Empty
          icon={<IconPackage size={32} stroke={1.5} />}
          title="No results yet"
          actions={<Button onClick={() => goSession(sessionId, 'process')}>Go to Process</Button>}
        >
          Run a recipe: what it writes is listed here, to download, open, share or append.
        </Empty>
      )}
      {records.length > 0 && (
        <RowList
          label="Results of this session"
          count={records.length}
          rowHeight={ROW}
          active={active}
          onActive={(index) => setChosen(records[index]?.id ?? null)}
          onKey={(event) => {
            if (event.key !== 'Escape') return false;
            setChosen(null);
            return true;
          }}
          textAt={textAt}
          header={<Header />}
        >
          {(index) => <OutputRow id={records[index]?.id ?? ''} />}
        </RowList>
      )}
    </Split>
  );
}

function Header() {
  return (
    <div className="output-row output-header">
      <span role="columnheader">
        <span className="unseen">State</span>
      </span>
      <span role="columnheader">Name</span>
      <span role="columnheader" className="output-format">
        Format
      </span>
      <span role="columnheader" className="number">
        Rows
      </span>
      <span role="columnheader" className="number">
        Size
      </span>
      <span role="columnheader" className="output-sum">
        CRC-32
      </span>
      <span role="columnheader">State</span>
      <span role="columnheader" className="number output-made">
        Made
      </span>
    </div>
  );
}

function OutputRow({ id }: { readonly id: string }) {
  const output = useOutput(id);
  if (output === undefined) return null;
  const { name, format, rows, size, crc32, stored, createdAt } = output;
  return (
    <div className="output-row">
      <span role="gridcell">
        <StateGlyph kind={stored ? 'done' : 'moving'} />
      </span>
      <span role="gridcell" className="output-name">
        <Middle text={name} />
      </span>
      <span role="gridcell" className="output-format">
        {FORMAT_WORDS[format]}
      </span>
      <span role="gridcell" className="number">
        {formatCount(rows)}
      </span>
      <span role="gridcell" className="number" title={`${formatCount(size)} bytes`}>
        {formatBytes(size)}
      </span>
      <span role="gridcell" className="mono dim output-sum">
        {crc32}
      </span>
      <span role="gridcell" className={stored ? 'dim' : undefined}>
        {stored ? 'Proven' : 'Being stored'}
      </span>
      <span role="gridcell" className="number dim output-made">
        <When at={createdAt} />
      </span>
    </div>
  );
}

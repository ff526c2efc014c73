import { Button, SegmentedControl } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { type TablePreview, type TableProfile, type TableWarning, type Transfer } from '#shared/domain';
import { assertNever, formatCount } from '#shared/lib';
import { type Answer, counted, Empty, ErrorNote, Loading, Split, useQuestion } from '#renderer/components';
import { ChartsView } from '#renderer/features/charts';
import { useIntake } from '#renderer/features/intake';
import { type Source, SourceSelect, useSource } from '#renderer/features/source';
import { goSession } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { Asking } from './asking.tsx';
import { ColumnDetails } from './column-details.tsx';
import { PreviewGrid } from './preview-grid.tsx';
import { ProfileTable } from './profile-table.tsx';
import { Rejects } from './rejects.tsx';
import { describeFormat, took } from './type-words.tsx';
import './data.css';

const MODES = ['rows', 'profile', 'charts', 'rejects'] as const;
type Mode = (typeof MODES)[number];
const MODE_WORDS: Readonly<Record<Mode, string>> = {
  rows: 'First rows',
  profile: 'Profile',
  charts: 'Charts',
  rejects: 'Rejected lines',
};

export function DataView({ sessionId, aside }: { readonly sessionId: string; readonly aside: ReactNode }) {
  const source = useSource(sessionId);
  const { chooseFiles } = useIntake();
  if (source.files === null) return <Loading label="Reading the files" />;
  if (source.transfer === null) {
    return (
      <Split details={aside}>
        <Empty
          icon={<IconTable size={32} stroke={1.5} />}
          title="There is no file to look into yet"
          actions={<Button onClick={() => chooseFiles(sessionId)}>Choose files</Button>}
        >
          Drop a CSV anywhere in this window: its first rows are shown here in about a second.
        </Empty>
      </Split>
    );
  }
  return (
    <OfFile
      key={source.transfer.id}
      sessionId={sessionId}
      source={source}
      transfer={source.transfer}
      aside={aside}
    />
  );
}

interface OfFileProps {
  readonly sessionId: string;
  readonly source: Source;
  readonly transfer: Transfer;
  readonly aside: ReactNode;
}

function OfFile({ sessionId, source, transfer, aside }: OfFileProps) {
  const { client } = useWorkbench();
  const { id } = transfer;
  const [mode, setMode] = useState<Mode>('rows');
  const [column, setColumn] = useState<string | null>(null);
  const preview = useQuestion(
    (signal) => client.tables.preview({ transferId: id }, { signal }),
    [client, id],
    { atOnce: true },
  );
  const profile = useQuestion(
    (signal) => client.tables.profile({ transferId: id }, { signal }),
    [client, id],
    { atOnce: false },
  );
  const table = preview.answer.kind === 'answered' ? preview.answer.value : null;
  const profiled = profile.answer.kind === 'answered' ? profile.answer.value : null;
  const details =
    aside ??
    (column === null || table === null ? null : (
      <ColumnDetails
        name={column}
        preview={table}
        profile={profiled}
        asking={profile.answer.kind === 'asking'}
        onProfile={profile.ask}
        onClose={() => setColumn(null)}
      />
    ));
  return (
    <Split details={details}>
      <div className="toolbar">
        <SourceSelect sessionId={sessionId} source={source} />
        <SegmentedControl
          aria-label="What to show of the file"
          value={mode}
          onChange={(value) => {
            const next = MODES.find((known) => known === value) ?? 'rows';
            setMode(next);
            if (next === 'profile' && profile.answer.kind === 'idle') profile.ask();
          }}
          data={MODES.map((value) => ({ value, label: MODE_WORDS[value] }))}
        />
        <span className="toolbar-gap" />
        {table !== null && (
          <Button variant="default" onClick={() => goSession(sessionId, 'process')}>
            Clean it
          </Button>
        )}
      </div>
      {table !== null && <About table={table} warnings={[...table.warnings, ...more(table, profiled)]} />}
      {mode === 'rows' && <Rows preview={preview} column={column} onColumn={setColumn} />}
      {mode === 'profile' && <Profile profile={profile} column={column} onColumn={setColumn} />}
      {mode === 'charts' && table !== null && (
        <ChartsView
          transferId={id}
          name={transfer.name}
          columns={table.columns}
          profile={profiled}
          column={column}
        />
      )}
      {mode === 'rejects' && <Rejects transferId={id} />}
    </Split>
  );
}

/** Warnings that only the whole file could tell. */
function more(preview: TablePreview, profile: TableProfile | null): readonly TableWarning[] {
  const known = new Set(preview.warnings.map(({ code }) => code));
  return profile?.warnings.filter(({ code }) => !known.has(code)) ?? [];
}

/** How the file was read, and what to know before trusting it. */
function About({
  table,
  warnings,
}: {
  readonly table: TablePreview;
  readonly warnings: readonly TableWarning[];
}) {
  const { rowsEstimated, rowsExact, columns, format, tookMs } = table;
  return (
    <div className="about">
      <p>
        <b>
          {rowsExact ? '' : 'about '}
          {counted(Math.round(rowsEstimated), 'row')}
        </b>
        , {counted(columns.length, 'column')}
        <span className="dim"> · {describeFormat(format).join(' · ')}</span>
        <span className="dim" title={`${formatCount(tookMs)} ms`}>
          {' '}
          · read in {took(tookMs)}
        </span>
      </p>
      {warnings.length > 0 && (
        <ul className="warnings" aria-label="What to know about this file">
          {warnings.map(({ code, sentence, count }) => (
            <li key={code}>
              {sentence}
              {count !== null && !sentence.includes(formatCount(count)) && (
                <span className="dim"> {counted(count, 'row')}</span>
              )}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface Asked<T> {
  readonly answer: Answer<T>;
  readonly ask: () => void;
  readonly cancel: () => void;
}

interface ColumnChoice {
  readonly column: string | null;
  readonly onColumn: (name: string | null) => void;
}

function Rows({ preview, column, onColumn }: { readonly preview: Asked<TablePreview> } & ColumnChoice) {
  const { answer, ask } = preview;
  if (answer.kind === 'failed') {
    return (
      <div className="panel-note">
        <ErrorNote report={answer.report} onRetry={ask} />
      </div>
    );
  }
  if (answer.kind !== 'answered') return <Loading label="Reading the first rows" rows={12} />;
  if (answer.value.columns.length === 0) {
    return <Empty title="There is no column in this file">Look at it in a text editor first.</Empty>;
  }
  return <PreviewGrid table={answer.value} column={column} onColumn={onColumn} />;
}

function Profile({ profile, column, onColumn }: { readonly profile: Asked<TableProfile> } & ColumnChoice) {
  const { answer, ask, cancel } = profile;
  switch (answer.kind) {
    case 'idle':
      return (
        <Empty title="Not profiled yet" actions={<Button onClick={ask}>Profile the whole file</Button>}>
          Every column is read to the last row: empties, extremes, most common values.
        </Empty>
      );
    case 'asking':
      return <Asking what="Reading every row of the file" since={answer.since} onCancel={cancel} />;
    case 'failed':
      return (
        <div className="panel-note">
          <ErrorNote report={answer.report} onRetry={ask} />
        </div>
      );
    case 'answered':
      return <ProfileTable profile={answer.value} column={column} onColumn={onColumn} />;
    default:
      return assertNever(answer);
  }
}

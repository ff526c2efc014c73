import { Button, SegmentedControl } from '@mantine/core';
import { IconTable } from '@tabler/icons-react';
import { type ReactNode, useCallback, useRef, useState } from 'react';
import {
  AS_FOUND,
  PLAIN_VIEW,
  type Reading,
  type TablePreview,
  type TableProfile,
  type TableView,
  type TableWarning,
  type Transfer,
} from '#shared/domain';
import { assertNever, canonicalJson, formatCount } from '#shared/lib';
import {
  type Answer,
  Empty,
  ErrorNote,
  Loading,
  Split,
  tell,
  tellFailure,
  useAction,
  useQuestion,
} from '#renderer/components';
import { FileCharts } from '#renderer/features/charts';
import { useIntake } from '#renderer/features/intake';
import { ReportMenu } from '#renderer/features/profile';
import { type Source, SourceSelect, useSource } from '#renderer/features/source';
import { goSession, toReport } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { About, type Remedy } from './about.tsx';
import { Asking } from './asking.tsx';
import { CellDetails } from './cell-details.tsx';
import { ColumnDetails } from './column-details.tsx';
import { FixForm, type Rejected } from './fix-form.tsx';
import { type GridHandle } from './grid/index.ts';
import { ProfileTable } from './profile-table.tsx';
import { ReadingPanel, type ReadingPart } from './reading-panel.tsx';
import { MOST_LINES, Rejects } from './rejects.tsx';
import { type ChosenCell, RowsView } from './rows-view.tsx';
import { useLoading } from './use-loading.ts';
import './data.css';

const MODES = ['rows', 'columns', 'charts', 'rejects'] as const;
type Mode = (typeof MODES)[number];
const MODE_WORDS: Readonly<Record<Mode, string>> = {
  rows: 'Rows',
  columns: 'Columns',
  charts: 'Charts',
  rejects: 'Rejected',
};
/** Rejected lines that are shown at first, and more at a time. */
const LINES = 200;

type Beside =
  | { readonly kind: 'column'; readonly name: string }
  | ({ readonly kind: 'cell' } & ChosenCell)
  | { readonly kind: 'fix'; readonly line: Rejected };

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
  const [beside, setBeside] = useState<Beside | null>(null);
  const [view, setView] = useState<TableView>(PLAIN_VIEW);
  const [trial, setTrial] = useState<Reading | null>(null);
  const [panel, setPanel] = useState<{ readonly part: ReadingPart | null } | null>(null);
  /** Ways of reading that were kept, and lines that were fixed, since the page looks at this file. */
  const [kept, setKept] = useState(0);
  const [fixes, setFixes] = useState(0);
  const [lines, setLines] = useState(LINES);
  const [wantsRejects, setWantsRejects] = useState(false);
  const grid = useRef<GridHandle>(null);

  const reading = useQuestion(
    (signal) => client.tables.reading({ transferId: id }, { signal }),
    [client, id, kept],
    { atOnce: true },
  );
  const preview = useQuestion(
    (signal) => client.tables.preview({ transferId: id }, { signal }),
    [client, id, kept],
    { atOnce: true },
  );
  const tried = useQuestion(
    (signal) => client.tables.preview({ transferId: id, reading: trial }, { signal }),
    [client, id, trial === null ? null : canonicalJson(trial)],
    { atOnce: trial !== null },
  );
  const profile = useQuestion(
    (signal) => client.tables.profile({ transferId: id }, { signal }),
    [client, id, kept, fixes],
    { atOnce: mode === 'columns' },
  );
  const rejects = useQuestion(
    (signal) => client.tables.rejects({ transferId: id, offset: 0, limit: lines }, { signal }),
    [client, id, kept, fixes, lines],
    { atOnce: wantsRejects },
  );
  const table = valueOf(preview.answer);
  const profiled = valueOf(profile.answer);
  const asSet = valueOf(reading.answer) ?? AS_FOUND;
  const revision = `${kept}:${fixes}`;
  const { loading, again, stop } = useLoading(id, revision, table !== null && table.columns.length > 0);

  const keep = useCallback(
    async (next: Reading) => {
      await client.tables.setReading({ transferId: id, reading: next });
      setTrial(null);
      setView(PLAIN_VIEW);
      setBeside(null);
      setKept((count) => count + 1);
    },
    [client, id],
  );
  const keeping = useAction(
    useCallback(async () => {
      if (trial === null) return;
      await keep(trial);
      setPanel(null);
      tell('From now on the file is read so.', {
        label: 'Undo',
        run: () => void keep(asSet).catch((error: unknown) => tellFailure(toReport(error))),
      });
    }, [trial, keep, asSet]),
  );
  const changedFixes = useCallback(() => {
    setFixes((count) => count + 1);
    setBeside((now) => (now?.kind === 'fix' ? null : now));
  }, []);
  const show = (next: Mode) => {
    setMode(next);
    if (next === 'rejects') setWantsRejects(true);
    setBeside(null);
  };
  const remedy = (what: Remedy) => {
    switch (what.kind) {
      case 'open':
        setPanel({ part: what.part });
        return;
      case 'try':
        setTrial({ ...asSet, ...trial, ...what.change });
        setMode('rows');
        return;
      case 'rejects':
        show('rejects');
        return;
      case 'columns':
        show('columns');
        return;
      default:
        assertNever(what);
    }
  };

  const shownColumn = beside?.kind === 'column' ? beside.name : null;
  const onColumn = (name: string | null) => setBeside(name === null ? null : { kind: 'column', name });
  const close = () => {
    setBeside(null);
    grid.current?.focus();
  };
  const rejected = valueOf(rejects.answer);
  const rejectedCount = rejected === null ? (profiled?.rejected ?? null) : rejected.total - rejected.fixed;
  const words = (one: Mode): string =>
    one === 'rejects' && rejectedCount !== null
      ? `${MODE_WORDS[one]} (${formatCount(rejectedCount)})`
      : MODE_WORDS[one];
  const tryAnswer = tried.answer;
  const shownTable = (trial === null ? null : valueOf(tryAnswer)) ?? table;
  return (
    <Split details={aside ?? details()}>
      <div className="toolbar">
        <SourceSelect sessionId={sessionId} source={source} />
        <SegmentedControl
          aria-label="What to show of the file"
          value={mode}
          onChange={(value) => show(MODES.find((known) => known === value) ?? 'rows')}
          data={MODES.map((value) => ({ value, label: words(value) }))}
        />
        <span className="toolbar-gap" />
        {table !== null && mode === 'columns' && <ReportMenu transferId={id} columns={table.columns} />}
        {table !== null && (
          <Button variant="default" onClick={() => goSession(sessionId, 'process')}>
            Clean it
          </Button>
        )}
      </div>
      {shownTable !== null && (
        <About
          table={shownTable}
          warnings={[...shownTable.warnings, ...more(shownTable, trial === null ? profiled : null)]}
          loading={trial === null ? loading : { kind: 'stopped' }}
          open={panel !== null}
          onOpen={() => setPanel(panel === null ? { part: null } : null)}
          onRemedy={remedy}
        />
      )}
      {(panel !== null || (preview.answer.kind === 'failed' && table === null)) && table !== null && (
        <ReadingPanel
          table={shownTable ?? table}
          reading={trial ?? asSet}
          part={panel?.part ?? null}
          onChange={(next) => {
            setTrial(canonicalJson(next) === canonicalJson(asSet) ? null : next);
            setMode('rows');
          }}
        />
      )}
      {trial !== null && (
        <div className="trial" role="status">
          {tryAnswer.kind === 'failed' ? (
            <ErrorNote report={tryAnswer.report} onRetry={tried.ask} />
          ) : (
            <span>
              <b>{tryAnswer.kind === 'answered' ? 'This is how it would look.' : 'Trying…'}</b> Nothing is
              changed until you keep it.
            </span>
          )}
          <span className="toolbar-gap" />
          <Button
            loading={keeping.busy}
            disabled={tryAnswer.kind !== 'answered'}
            onClick={() => keeping.run()}
          >
            Keep
          </Button>
          <Button variant="default" onClick={() => setTrial(null)}>
            Back
          </Button>
        </div>
      )}
      {content()}
    </Split>
  );

  function content(): ReactNode {
    if (mode === 'columns') {
      return <Columns profile={profile} column={shownColumn} onColumn={onColumn} />;
    }
    if (mode === 'charts' && table !== null) {
      return (
        <FileCharts
          key={revision}
          transferId={id}
          name={transfer.name}
          columns={table.columns}
          profile={profiled}
        />
      );
    }
    if (mode === 'rejects') {
      return (
        <Rejects
          transferId={id}
          answer={rejects.answer}
          shown={lines}
          onMore={() => setLines((now) => Math.min(MOST_LINES, now + LINES))}
          onAsk={rejects.ask}
          onCancel={rejects.cancel}
          chosen={beside?.kind === 'fix' ? beside.line.byte : null}
          onFix={(line) => setBeside({ kind: 'fix', line })}
          onChanged={changedFixes}
        />
      );
    }
    if (shownTable === null) {
      return preview.answer.kind === 'failed' ? (
        <div className="panel-note">
          <ErrorNote report={preview.answer.report} onRetry={preview.ask} />
          {canonicalJson(asSet) !== canonicalJson(AS_FOUND) && (
            <Button variant="default" onClick={() => void keep(AS_FOUND)}>
              Read it as it is found
            </Button>
          )}
        </div>
      ) : (
        <Loading label="Reading the first rows" rows={12} />
      );
    }
    if (shownTable.columns.length === 0) {
      return <Empty title="There is no column in this file">Look at it in a text editor first.</Empty>;
    }
    const isTrial = trial !== null;
    return (
      <RowsView
        // Other columns are another table: widths, search and hidden columns begin anew.
        key={canonicalJson(shownTable.columns.map(({ name }) => name))}
        transferId={id}
        table={shownTable}
        revision={revision}
        isTrial={isTrial}
        loading={loading}
        onLoad={again}
        onStop={stop}
        view={isTrial ? PLAIN_VIEW : view}
        onView={setView}
        column={shownColumn}
        onColumn={onColumn}
        onCell={(cell) => setBeside({ kind: 'cell', ...cell })}
        onEscape={() => setBeside(null)}
        grid={grid}
      />
    );
  }

  function details(): ReactNode {
    if (beside === null || table === null) return null;
    switch (beside.kind) {
      case 'column':
        return (
          <ColumnDetails
            // What is worked out of all rows is worked out anew where they changed.
            key={`${revision}:${beside.name}`}
            transferId={id}
            name={beside.name}
            preview={table}
            profile={profiled}
            asking={profile.answer.kind === 'asking'}
            onProfile={profile.ask}
            onClose={close}
          />
        );
      case 'cell': {
        const column = (shownTable ?? table).columns[beside.index];
        if (column === undefined) return null;
        return (
          <CellDetails
            column={column}
            index={beside.index}
            position={beside.position}
            cell={beside.cell}
            onFilter={(filter) => setView({ ...view, filters: [...view.filters, filter] })}
            onColumn={() => onColumn(column.name)}
            onClose={close}
          />
        );
      }
      case 'fix':
        return (
          <FixForm
            key={beside.line.byte}
            transferId={id}
            columns={table.columns}
            line={beside.line}
            onSaved={changedFixes}
            onClose={() => setBeside(null)}
          />
        );
      default:
        return assertNever(beside);
    }
  }
}

function valueOf<T>(answer: Answer<T>): T | null {
  return answer.kind === 'answered' ? answer.value : null;
}

/** Warnings that only the whole file could tell. */
function more(preview: TablePreview, profile: TableProfile | null): readonly TableWarning[] {
  const known = new Set(preview.warnings.map(({ code }) => code));
  return profile?.warnings.filter(({ code }) => !known.has(code)) ?? [];
}

interface ColumnsProps {
  readonly profile: {
    readonly answer: Answer<TableProfile>;
    readonly ask: () => void;
    readonly cancel: () => void;
  };
  readonly column: string | null;
  readonly onColumn: (name: string | null) => void;
}

function Columns({ profile: { answer, ask, cancel }, column, onColumn }: ColumnsProps) {
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

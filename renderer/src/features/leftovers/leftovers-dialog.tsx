import { Button, Modal, Select } from '@mantine/core';
import { useCallback, useState } from 'react';
import { type Leftover } from '#shared/domain';
import { formatBytes } from '#shared/lib';
import {
  attempt,
  counted,
  Empty,
  ErrorNote,
  Loading,
  Middle,
  RowList,
  tell,
  useAction,
  useQuestion,
  When,
} from '#renderer/components';
import { useChoosePlace } from '#renderer/features/picker';
import { goSession, overlay, useExternal } from '#renderer/lib';
import { useConnections, useWorkbench } from '#renderer/state';
import { forgetOld } from './use-old-leftovers.ts';
import { costOf, whose } from './words.ts';
import './leftovers.css';

/** Unfinished uploads in a bucket: invisible elsewhere, and paid for. */
export function LeftoversDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'leftovers') return null;
  return (
    <Modal opened onClose={() => overlay.set(null)} title="Unfinished uploads in the bucket" size={880}>
      <Leftovers key={open.connectionId} connectionId={open.connectionId} />
    </Modal>
  );
}

const ROW = 44;

function Leftovers({ connectionId }: { readonly connectionId: string }) {
  const { client } = useWorkbench();
  const connections = useConnections();
  const { answer, ask } = useQuestion(
    (signal) => client.leftovers.list({ connectionId, prefix: '' }, { signal }),
    [client, connectionId],
    { atOnce: true },
  );
  return (
    <div className="leftovers">
      <Select
        aria-label="Connection"
        className="leftovers-connection"
        allowDeselect={false}
        data={connections.map(({ id, name }) => ({ value: id, label: name }))}
        value={connectionId}
        onChange={(id) => {
          if (id !== null) overlay.set({ kind: 'leftovers', connectionId: id });
        }}
      />
      {answer.kind === 'asking' && <Loading label="Asking the store" rows={6} />}
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      {answer.kind === 'answered' && answer.value.total === 0 && (
        <Empty title="Nothing was left behind">
          Every upload in this bucket came to its end, or is under way right now.
        </Empty>
      )}
      {answer.kind === 'answered' && answer.value.total > 0 && (
        <Table connectionId={connectionId} listed={answer.value} onChanged={ask} />
      )}
    </div>
  );
}

interface Listed {
  readonly total: number;
  readonly bytes: number;
  readonly leftovers: readonly Leftover[];
  readonly pricePerGbMonth: number | null;
}
interface TableProps {
  readonly connectionId: string;
  readonly listed: Listed;
  readonly onChanged: () => void;
}

function Table({ connectionId, listed, onChanged }: TableProps) {
  const { leftovers, total, bytes, pricePerGbMonth } = listed;
  const [active, setActive] = useState(0);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const chosen = leftovers.filter(({ uploadId }) => marked.has(uploadId));
  const current = leftovers[active];
  const resume = useResume(connectionId);
  const mark = (index: number) => {
    const id = leftovers[index]?.uploadId;
    if (id === undefined) return;
    setMarked((now) => (now.has(id) ? new Set([...now].filter((one) => one !== id)) : new Set([...now, id])));
  };
  if (asking) {
    return (
      <Confirm
        connectionId={connectionId}
        chosen={chosen}
        onDone={() => {
          forgetOld(connectionId);
          onChanged();
        }}
        onKeep={() => setAsking(false)}
      />
    );
  }
  return (
    <>
      <p>
        {counted(total, 'upload')} {total === 1 ? 'was' : 'were'} begun and never finished.{' '}
        {formatBytes(bytes)} of {total === 1 ? 'it' : 'them'} are stored.
        {pricePerGbMonth !== null && (
          <>
            {' '}
            That is about {costOf(bytes, pricePerGbMonth)} a month, if you pay AWS’s list price of $
            {pricePerGbMonth} a GB.
          </>
        )}
      </p>
      <div className="leftovers-list">
        <RowList
          label="Unfinished uploads, oldest first"
          count={leftovers.length}
          rowHeight={ROW}
          active={active}
          onActive={setActive}
          onKey={(event, index) => {
            if (event.key !== ' ') return false;
            mark(index);
            return true;
          }}
          textAt={(index) => leftovers[index]?.key}
          header={<Header />}
        >
          {(index) => {
            const leftover = leftovers[index];
            if (leftover === undefined) return null;
            return (
              <Row leftover={leftover} marked={marked.has(leftover.uploadId)} onMark={() => mark(index)} />
            );
          }}
        </RowList>
      </div>
      {total > leftovers.length && (
        <p className="dim">{counted(total - leftovers.length, 'newer one')} not shown.</p>
      )}
      <div className="dialog-actions">
        <span className="dim leftovers-said" role="status">
          {marked.size === 0
            ? 'Space marks.'
            : `${counted(chosen.length, 'upload')} marked, ${formatBytes(sumOf(chosen))}`}
        </span>
        <Button
          variant="default"
          onClick={() =>
            setMarked(new Set(leftovers.filter((one) => !one.mayBeInUse).map((one) => one.uploadId)))
          }
        >
          Mark all that are older than a day
        </Button>
        {current !== undefined && resume !== null && (
          <Button variant="default" onClick={() => resume(current)}>
            {current.known === null || !current.known.sourceThere ? 'Go on with a file…' : 'Go on'}
          </Button>
        )}
        <Button color="red.9" disabled={chosen.length === 0} onClick={() => setAsking(true)}>
          Delete…
        </Button>
      </div>
    </>
  );
}

const sumOf = (all: readonly Leftover[]): number => all.reduce((sum, { bytes }) => sum + bytes, 0);

/** Goes on with the upload the keyboard is at; where nobody knows its file a person points to it. */
function useResume(connectionId: string): ((leftover: Leftover) => void) | null {
  const { client } = useWorkbench();
  const choosePlace = useChoosePlace();
  if (choosePlace === null) return null;
  return ({ key, uploadId, known }) =>
    attempt(async () => {
      const file = known?.sourceThere === true ? null : await choosePlace('file');
      if (file === null && known?.sourceThere !== true) return;
      const { sessionId } = await client.leftovers.resume({ connectionId, key, uploadId, file });
      forgetOld(connectionId);
      overlay.set(null);
      goSession(sessionId);
    });
}

function Header() {
  return (
    <div className="leftover leftover-head">
      <span role="columnheader">
        <span className="unseen">Marked</span>
      </span>
      <span role="columnheader">Key</span>
      <span role="columnheader" className="number">
        Stored
      </span>
      <span role="columnheader">Begun</span>
      <span role="columnheader">Whose</span>
    </div>
  );
}

interface RowProps {
  readonly leftover: Leftover;
  readonly marked: boolean;
  readonly onMark: () => void;
}

function Row({ leftover, marked, onMark }: RowProps) {
  const { key, bytes, parts, startedAt, mayBeInUse } = leftover;
  const { title, line } = whose(leftover);
  return (
    <div className="leftover">
      <span role="gridcell">
        <input type="checkbox" tabIndex={-1} aria-label={`Mark ${key}`} checked={marked} onChange={onMark} />
      </span>
      <span role="gridcell" className="leftover-two">
        <Middle text={key} />
        <span className="dim">{counted(parts, 'part')}</span>
      </span>
      <span role="gridcell" className="number">
        {formatBytes(bytes)}
      </span>
      <span role="gridcell">
        <When at={startedAt} />
      </span>
      <span role="gridcell" className="leftover-two" data-warn={mayBeInUse || undefined}>
        <span className="cut">{title}</span>
        <span className="dim cut" title={line}>
          {line}
        </span>
      </span>
    </div>
  );
}

interface ConfirmProps {
  readonly connectionId: string;
  readonly chosen: readonly Leftover[];
  readonly onDone: () => void;
  readonly onKeep: () => void;
}

function Confirm({ connectionId, chosen, onDone, onKeep }: ConfirmProps) {
  const { client } = useWorkbench();
  const { run, busy } = useAction(
    useCallback(async () => {
      await client.leftovers.remove({
        connectionId,
        uploads: chosen.map(({ key, uploadId }) => ({ key, uploadId })),
      });
      tell(`${counted(chosen.length, 'unfinished upload was', 'unfinished uploads were')} deleted.`);
      onDone();
    }, [client, connectionId, chosen, onDone]),
  );
  const inUse = chosen.filter(({ mayBeInUse }) => mayBeInUse).length;
  const known = chosen.filter((one) => one.known?.sourceThere === true).length;
  return (
    <section aria-label="Confirm">
      <p>
        {counted(chosen.length, 'unfinished upload')} with {formatBytes(sumOf(chosen))}{' '}
        {chosen.length === 1 ? 'is' : 'are'} deleted from the bucket. Finished objects are not touched.
      </p>
      {inUse > 0 && (
        <p className="leftovers-warn">
          {counted(inUse, 'of them was', 'of them were')} begun less than a day ago and not from here: another
          program may be sending {inUse === 1 ? 'it' : 'them'}.
        </p>
      )}
      {known > 0 && (
        <p className="leftovers-warn">
          {counted(known, 'of them is', 'of them are')} yours and could go on:{' '}
          {known === 1 ? 'it is' : 'they are'} cancelled.
        </p>
      )}
      <p>This cannot be undone.</p>
      <div className="dialog-actions">
        <Button variant="default" onClick={onKeep} data-autofocus>
          Keep them
        </Button>
        <Button color="red.9" loading={busy} onClick={run}>
          Delete them
        </Button>
      </div>
    </section>
  );
}

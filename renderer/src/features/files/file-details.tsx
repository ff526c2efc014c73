import { Button } from '@mantine/core';
import { type Receipt, type Transfer } from '#shared/domain';
import { formatBytes, formatCount, formatDuration, formatRate } from '#shared/lib';
import {
  attempt,
  CopyButton,
  Details,
  ErrorNote,
  Fact,
  Facts,
  Loading,
  Middle,
  PartStripView,
  Section,
  StripLegend,
  transferWord,
  useQuestion,
  When,
} from '#renderer/components';
import { DownloadButton, RevealButton } from '#renderer/features/downloads';
import { goSession, saveFile, useExternal } from '#renderer/lib';
import { isLive, useTransfer, useWorkbench } from '#renderer/state';
import { FileOrder, hasOrder } from './file-order.tsx';
import { percent } from './file-row.tsx';
import {
  ACTION_WORDS,
  type ActionName,
  actionsOf,
  actionWord,
  useTransferActions,
} from '#renderer/features/transfers';

export function FileDetails({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const transfer = useTransfer(id);
  if (transfer === undefined) return null;
  return (
    <Details
      title={<Middle text={transfer.name} title={transfer.relativePath} />}
      label={`Details of ${transfer.name}`}
      onClose={onClose}
    >
      <Now transfer={transfer} />
      {hasOrder(transfer) && <FileOrder transfer={transfer} />}
      <Parts transfer={transfer} />
      {transfer.direction === 'upload' ? <Where transfer={transfer} /> : <WhereFrom transfer={transfer} />}
      {transfer.state.kind === 'done' && <Proof id={id} />}
    </Details>
  );
}

/** The space bar does the first of them. */
function keyOf(name: ActionName, actions: readonly ActionName[]): string | undefined {
  if (name === 'cancel') return 'Del';
  return actions[0] === name ? 'Space' : undefined;
}

/** What it is doing, how far, how fast, how long, and what can be done about it. */
function Now({ transfer }: { readonly transfer: Transfer }) {
  const { id, sessionId, direction, state, progress } = transfer;
  const { uploads } = useWorkbench();
  const { notes, failures } = useExternal(uploads.view);
  const act = useTransferActions();
  const failure = state.kind === 'failed' ? state.error : failures.get(id);
  const note = notes.get(id);
  const actions = actionsOf(transfer, uploads.holds(id));
  return (
    <Section title="Now">
      <Facts>
        <Fact name="State">{note ?? transferWord(state, transfer.direction)}</Fact>
        <Fact name="Done" number>
          {percent(transfer)}, {formatBytes(progress.committed)} of {formatBytes(progress.total)}
        </Fact>
        {state.kind === 'transferring' && (
          <>
            <Fact name="On its way" number>
              {formatBytes(progress.inFlight)}
            </Fact>
            <Fact name="Speed" number>
              {progress.bytesPerSecond === null ? '–' : formatRate(progress.bytesPerSecond)}
            </Fact>
            <Fact name="Time left" number>
              {progress.secondsLeft === null ? '–' : formatDuration(progress.secondsLeft)}
            </Fact>
          </>
        )}
      </Facts>
      {isLive(transfer) && <p className="dim details-if">{ifClosed(transfer)}</p>}
      {state.kind === 'waiting' && (
        <div className="details-note">
          <ErrorNote
            tone="calm"
            report={state.error}
            onRetry={
              actions[0] === 'choose' || actions[0] === 'again'
                ? () => act(actions[0] ?? 'again', transfer)
                : undefined
            }
            retryLabel={actions[0] === 'choose' ? ACTION_WORDS.choose : 'Try now'}
          />
        </div>
      )}
      {failure !== undefined && (
        <div className="details-note">
          <ErrorNote
            report={failure}
            onRetry={() => {
              if (state.kind !== 'failed') uploads.again(id);
              else if (actions[0] !== undefined && actions[0] !== 'cancel') act(actions[0], transfer);
            }}
            retryLabel={actions[0] === 'choose' ? ACTION_WORDS.choose : undefined}
          />
        </div>
      )}
      <div className="details-actions">
        {actions
          .filter((name) => (name !== 'again' && name !== 'choose') || state.kind === 'paused')
          .map((name) => (
            <Button
              key={name}
              variant="default"
              rightSection={keyOf(name, actions) && <kbd className="keys">{keyOf(name, actions)}</kbd>}
              onClick={() => act(name, transfer)}
            >
              {actionWord(name, transfer)}
            </Button>
          ))}
        {state.kind === 'done' && (
          <>
            <Button onClick={() => goSession(sessionId, 'data')}>Look at its rows</Button>
            <Button variant="default" onClick={() => goSession(sessionId, 'process')}>
              Clean it
            </Button>
            {direction === 'upload' && <DownloadButton of={{ kind: 'originals', ids: [id] }} />}
            {direction === 'download' && <RevealButton id={id} />}
          </>
        )}
      </div>
    </Section>
  );
}

function ifClosed({ source, state }: Transfer): string {
  if (state.kind === 'scheduled')
    return 'If Sluice is closed at that time, it starts as soon as Sluice is opened again.';
  return source.kind === 'page'
    ? 'If this page is closed now, the upload waits until you choose the file again; the parts that arrived are kept.'
    : 'If Sluice is closed now, it goes on from here at the next start; the parts that arrived are kept.';
}

function Parts({ transfer: { parts, partSize, state } }: { readonly transfer: Transfer }) {
  return (
    <Section title="Parts">
      <PartStripView strip={parts} height={20} calm={state.kind === 'cancelled'} />
      <div className="details-legend">
        <StripLegend strip={parts} />
      </div>
      <Facts>
        <Fact name="Part size" number>
          <span title={`${formatCount(partSize)} bytes`}>{formatBytes(partSize)}</span>
        </Fact>
      </Facts>
    </Section>
  );
}

function Where({ transfer }: { readonly transfer: Transfer }) {
  const { source, bucket, key } = transfer;
  const address = `s3://${bucket}/${key}`;
  return (
    <Section title="From and to">
      <Facts>
        <Fact name="From" long={source.kind !== 'page'}>
          {source.kind === 'page' ? 'this browser' : <span className="mono">{source.path}</span>}
        </Fact>
        <Fact name="To" long>
          <span className="mono">{address}</span>
          <CopyButton text={address} label="Copy the address of the object" />
        </Fact>
        <Times transfer={transfer} />
      </Facts>
    </Section>
  );
}

function Times({ transfer: { createdAt, finishedAt } }: { readonly transfer: Transfer }) {
  return (
    <>
      <Fact name="Started" number>
        <When at={createdAt} />
      </Fact>
      {finishedAt !== null && (
        <Fact name="Finished" number>
          <When at={finishedAt} />
        </Fact>
      )}
    </>
  );
}

function WhereFrom({ transfer }: { readonly transfer: Transfer }) {
  const { source, bucket, key } = transfer;
  const address = `s3://${bucket}/${key}`;
  return (
    <Section title="From and to">
      <Facts>
        <Fact name="From" long>
          <span className="mono">{address}</span>
          <CopyButton text={address} label="Copy the address of the object" />
        </Fact>
        <Fact name="To" long>
          <span className="mono">{source.kind === 'page' ? '' : source.path}</span>
        </Fact>
        <Times transfer={transfer} />
      </Facts>
    </Section>
  );
}

/** The receipt: what was compared with what, so that "proven" can be believed. */
function Proof({ id }: { readonly id: string }) {
  const { client } = useWorkbench();
  const { answer, ask } = useQuestion(
    (signal) => client.transfers.receipt({ id }, { signal }),
    [client, id],
    {
      atOnce: true,
    },
  );
  return (
    <Section title="Receipt">
      {answer.kind === 'asking' && <Loading label="Reading the receipt" rows={3} />}
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      {answer.kind === 'answered' && <ReceiptFacts receipt={answer.value} />}
    </Section>
  );
}

function ReceiptFacts({ receipt }: { readonly receipt: Receipt }) {
  const { client } = useWorkbench();
  const { transferId, crc32, sha256, object, original, parts, proven, notes, startedAt, finishedAt } =
    receipt;
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const text = JSON.stringify(receipt, null, 2);
  const saveJson = () => saveFile(`${receipt.source.name}.receipt.json`, 'application/json', `${text}\n`);
  const savePage = () =>
    attempt(async () => {
      const { name, html } = await client.transfers.receiptPage({ id: transferId });
      saveFile(name, 'text/html', html);
    });
  return (
    <>
      <ul className="receipt-proven">
        {[...proven, ...notes].map((fact) => (
          <li key={fact}>{fact}</li>
        ))}
      </ul>
      <Facts>
        <Fact name="CRC-32">
          <span className="mono">{crc32}</span>
        </Fact>
        {original !== null && (
          <>
            <Fact name="Compressed" number>
              from {formatBytes(original.size)} by {original.compressedBy}
            </Fact>
            <Fact name="CRC-32 before">
              <span className="mono">{original.crc32}</span>
            </Fact>
          </>
        )}
        {sha256 !== null && (
          <Fact name="SHA-256" long>
            <span className="mono receipt-sum">{sha256}</span>
            <CopyButton text={sha256} label="Copy the SHA-256" />
          </Fact>
        )}
        <Fact name="ETag">
          <span className="mono">{object.etag}</span>
        </Fact>
        {object.versionId !== null && (
          <Fact name="Version">
            <span className="mono">{object.versionId}</span>
          </Fact>
        )}
        <Fact name="Size" number>
          {formatCount(object.size)} bytes
        </Fact>
        <Fact name="Parts" number>
          {formatCount(parts.count)}
          {parts.kept > 0 && `, ${formatCount(parts.kept)} kept`}
          {parts.resent > 0 && `, ${formatCount(parts.resent)} sent again`}
        </Fact>
        <Fact name="Took" number>
          {formatDuration(seconds)}
        </Fact>
      </Facts>
      <div className="details-actions">
        <Button variant="default" onClick={savePage}>
          Save as a page
        </Button>
        <Button variant="default" onClick={saveJson}>
          Save as JSON
        </Button>
        <CopyButton text={text} label="Copy the receipt" />
      </div>
    </>
  );
}

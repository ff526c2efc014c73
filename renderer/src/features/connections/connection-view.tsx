import { Button } from '@mantine/core';
import { IconStethoscope } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { type Connection, type Finding } from '#shared/domain';
import { assertNever } from '#shared/lib';
import {
  attempt,
  CopyButton,
  doUnlessUndone,
  ErrorNote,
  Fact,
  Facts,
  Loading,
  StateGlyph,
  tell,
  useAction,
  useQuestion,
  When,
} from '#renderer/components';
import { addressOf } from '#renderer/features/intake';
import { overlay } from '#renderer/lib';
import { optionsWords } from '#renderer/features/options';
import { useCapabilities, usePreferences, useWorkbench } from '#renderer/state';
import { ConnectionEditor } from './connection-editor.tsx';

function credentialsWords({ credentials }: Connection): string {
  switch (credentials.kind) {
    case 'builtin':
      return 'none needed';
    case 'default-chain':
      return 'AWS default chain';
    case 'profile':
      return `profile ${credentials.profile}`;
    case 'keys':
      return `key ${credentials.accessKeyId}`;
    default:
      return assertNever(credentials);
  }
}

const CHECKSUMS = {
  'full-object': 'one checksum of the whole object',
  composite: 'a checksum for each part',
  none: 'by ETag and size only',
} as const;

export function ConnectionView({ connection }: { readonly connection: Connection }) {
  const [editing, setEditing] = useState(false);
  const done = useCallback(() => setEditing(false), []);
  return editing ? (
    <ConnectionEditor connection={connection} onDone={done} />
  ) : (
    <Shown connection={connection} onEdit={() => setEditing(true)} />
  );
}

interface ShownProps {
  readonly connection: Connection;
  readonly onEdit: () => void;
}

function Shown({ connection, onEdit }: ShownProps) {
  const { id, name, endpoint, region, capabilities, origin } = connection;
  const { client } = useWorkbench();
  const standard = usePreferences()?.connectionId === id;
  const makeStandard = useAction(
    useCallback(() => client.system.setPreferences({ connectionId: id }), [client, id]),
  );
  const address = addressOf(connection);
  return (
    <>
      <h2 className="connection-title">{name}</h2>
      <Facts>
        <Fact name="Address">
          <span className="mono">{address}</span>
          <CopyButton text={address} label="Copy the address" />
        </Fact>
        <Fact name="Endpoint">
          <span className="mono">{endpoint ?? 'AWS'}</span>
        </Fact>
        <Fact name="Region">{region}</Fact>
        <Fact name="Keys">{credentialsWords(connection)}</Fact>
        <Fact name="Proves uploads by">
          {capabilities === null ? 'not asked yet; run the doctor' : CHECKSUMS[capabilities.checksum]}
          {capabilities !== null && capabilities.learntAt > 0 && (
            <span className="dim">
              {' '}
              (<When at={capabilities.learntAt} />)
            </span>
          )}
        </Fact>
        <Fact name="Objects are made with">
          {optionsWords(connection.settings.upload) || 'nothing special'}
        </Fact>
      </Facts>
      <div className="connection-actions">
        {standard ? (
          <span className="connection-standard">
            <StateGlyph kind="done" /> New sessions go here
          </span>
        ) : (
          <Button variant="default" loading={makeStandard.busy} onClick={makeStandard.run}>
            Use for new sessions
          </Button>
        )}
        <Button variant="default" onClick={onEdit}>
          Settings
        </Button>
        <Button variant="default" onClick={() => overlay.set({ kind: 'leftovers', connectionId: id })}>
          Unfinished uploads…
        </Button>
        {origin === 'user' && <Remove connection={connection} />}
      </div>
      {origin === 'environment' && (
        <p className="dim connection-from">
          It comes from environment variables or a .env file, and is read again at each start.
        </p>
      )}
      <Doctor connection={connection} />
    </>
  );
}

function Remove({ connection: { id, name } }: { readonly connection: Connection }) {
  const { client, state } = useWorkbench();
  const remove = () => {
    const before = state.connections.get();
    state.connections.set(before.filter((one) => one.id !== id));
    doUnlessUndone(
      `${name} is removed; its objects stay where they are.`,
      () => attempt(() => client.connections.remove({ id })),
      () => attempt(async () => state.connections.set(await client.connections.list())),
    );
  };
  return (
    <Button variant="subtle" color="red" onClick={remove}>
      Remove
    </Button>
  );
}

const FINDING_GLYPHS = { ok: 'done', warning: 'attention', failed: 'failed', skipped: 'idle' } as const;
const OUTCOMES = { ok: 'well', warning: 'mind this', failed: 'failed', skipped: 'left out' } as const;
const CHECKS: Readonly<Record<Finding['check'], string>> = {
  credentials: 'Keys',
  reach: 'Reach the store',
  bucket: 'Find the bucket',
  write: 'Write',
  multipart: 'Upload in parts',
  checksum: 'Prove by checksum',
  read: 'Read',
  delete: 'Delete',
  cors: 'Upload from a page',
  clock: 'Clock',
};

function Doctor({ connection: { id, kind } }: { readonly connection: Connection }) {
  const { client } = useWorkbench();
  const { hostPaths } = useCapabilities();
  const { answer, ask, cancel } = useQuestion(
    (signal) => client.connections.doctor({ id }, { signal }),
    [client, id],
    { atOnce: false },
  );
  const allow = useAction(
    useCallback(async () => {
      await client.connections.allowPages({ id });
      tell('This page may now send files straight to the bucket.');
    }, [client, id]),
  );
  return (
    <section className="doctor" aria-label="Doctor">
      <div className="doctor-head">
        <Button
          variant="default"
          leftSection={<IconStethoscope size={16} />}
          loading={answer.kind === 'asking'}
          onClick={ask}
        >
          Run the doctor
        </Button>
        {answer.kind === 'asking' ? (
          <Button variant="subtle" onClick={cancel}>
            Cancel
          </Button>
        ) : (
          <span className="dim">Asks the store for all that an upload needs, and leaves nothing behind.</span>
        )}
      </div>
      {answer.kind === 'asking' && <Loading label="Asking the store" rows={4} />}
      {answer.kind === 'failed' && <ErrorNote report={answer.report} onRetry={ask} />}
      {answer.kind === 'answered' && <Findings findings={answer.value} />}
      {kind === 's3' && hostPaths && (
        <div className="doctor-head">
          <Button variant="default" loading={allow.busy} onClick={allow.run}>
            Let this page upload to it
          </Button>
          <span className="dim">Writes a CORS rule into the bucket, for files dropped on this page.</span>
        </div>
      )}
    </section>
  );
}

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const failed = findings.filter(({ outcome }) => outcome === 'failed').length;
  return (
    <>
      <p className="doctor-sum" role="status">
        {failed === 0
          ? 'This connection can do what an upload needs.'
          : `${failed} of ${findings.length} checks failed.`}
      </p>
      <ul className="findings">
        {findings.map(({ check, outcome, sentence, hint }) => (
          <li key={`${check}:${sentence}`}>
            <StateGlyph kind={FINDING_GLYPHS[outcome]} />
            <div>
              <b>{CHECKS[check]}</b>
              <span className="unseen">, {OUTCOMES[outcome]}</span>
              <p>{sentence}</p>
              {hint !== '' && <p className="dim">{hint}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}

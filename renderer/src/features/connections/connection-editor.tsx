import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useState } from 'react';
import {
  connectionChange,
  connectionSettings,
  whyRefused,
  type Connection,
  type ConnectionChange,
  type ConnectionSettings,
} from '#shared/domain';
import { Disclosure, tell, useAction } from '#renderer/components';
import { bytesOfMegabytes, megabytes } from '#renderer/features/limits';
import { OptionsFields } from '#renderer/features/options';
import { useWorkbench } from '#renderer/state';
import { KeysFields, KEEP_KEYS, keysOf, type KeysText } from './keys-fields.tsx';

interface Props {
  readonly connection: Connection;
  readonly onDone: () => void;
}

/** What can be set for a connection: of one that was made here also its name, region, prefix and keys. */
export function ConnectionEditor({ connection, onDone }: Props) {
  const { client, state } = useWorkbench();
  const { id, origin } = connection;
  const [place, setPlace] = useState({
    name: connection.name,
    region: connection.region,
    prefix: connection.prefix,
  });
  const [keys, setKeys] = useState<KeysText>(KEEP_KEYS);
  const [settings, setSettings] = useState(connection.settings);
  const [limit, setLimit] = useState(megabytes(connection.settings.bytesPerSecond));
  const [wrong, setWrong] = useState<string | null>(null);

  const save = useAction(
    useCallback(async () => {
      const change = origin === 'user' ? { ...place, credentials: keysOf(keys) } : null;
      const read = readAll(change, settings, limit);
      if (typeof read === 'string') {
        setWrong(read);
        return;
      }
      setWrong(null);
      await client.connections.update({ id, ...read });
      state.connections.set(await client.connections.list());
      tell('Saved. It holds for files that are added from now on.');
      onDone();
    }, [client, state, id, origin, place, keys, settings, limit, onDone]),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.run();
  };
  const field = (name: keyof typeof place) => ({
    value: place[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      setPlace((now) => ({ ...now, [name]: value })),
  });
  return (
    <form
      className="connection-form"
      onSubmit={submit}
      noValidate
      aria-label={`Settings of ${connection.name}`}
    >
      <h2 className="connection-title">{connection.name}</h2>
      {origin === 'user' && (
        <>
          <TextInput label="Name" {...field('name')} data-autofocus />
          <div className="connection-pair">
            <TextInput label="Region" {...field('region')} />
            <TextInput label="Prefix" placeholder="none" {...field('prefix')} />
          </div>
          <KeysFields keys={keys} onChange={setKeys} />
        </>
      )}
      <OptionsFields
        options={settings.upload}
        onChange={(upload) => setSettings((now) => ({ ...now, upload }))}
      />
      <Disclosure title="Limits" summary={limitSummary(settings, limit)}>
        <div className="connection-pair">
          <TextInput
            label="Speed, MB/s"
            placeholder="as fast as it goes"
            inputMode="decimal"
            value={limit}
            onChange={(event) => setLimit(event.currentTarget.value)}
          />
          <NativeSelect
            label="Most parts under way at once"
            value={String(settings.maxStreams ?? '')}
            data={[{ value: '', label: 'As many as are found good' }, '1', '2', '4', '8', '16', '32', '64']}
            onChange={({ currentTarget: { value } }) =>
              setSettings((now) => ({ ...now, maxStreams: value === '' ? null : Number(value) }))
            }
          />
        </div>
        {(isAws(connection) || settings.accelerate) && (
          <Checkbox
            label="S3 Transfer Acceleration"
            description="Through the nearest edge of AWS. Has to be switched on for the bucket, and costs extra."
            checked={settings.accelerate}
            onChange={({ currentTarget: { checked } }) =>
              setSettings((now) => ({ ...now, accelerate: checked }))
            }
          />
        )}
      </Disclosure>
      {wrong !== null && (
        <p className="connection-wrong" role="alert">
          {wrong}
        </p>
      )}
      <div className="dialog-actions">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" loading={save.busy}>
          Save
        </Button>
      </div>
    </form>
  );
}

/** Whether a bucket can have it is said by the engine; other stores need not be asked. */
const isAws = ({ endpoint }: Connection): boolean =>
  endpoint === null || new URL(endpoint).hostname.endsWith('.amazonaws.com');

function limitSummary({ maxStreams, accelerate }: ConnectionSettings, limit: string): string {
  return [
    limit.trim() === '' ? '' : `${limit.trim()} MB/s`,
    maxStreams === null ? '' : `${maxStreams} at once`,
    accelerate ? 'accelerated' : '',
  ]
    .filter((word) => word !== '')
    .join(' · ');
}

/** @returns a sentence where something is not as it must be */
function readAll(
  change: unknown,
  settings: ConnectionSettings,
  limit: string,
): { change: ConnectionChange | null; settings: ConnectionSettings } | string {
  const bytesPerSecond = limit.trim() === '' ? null : bytesOfMegabytes(limit);
  if (limit.trim() !== '' && bytesPerSecond === null)
    return 'Write the speed as a number of megabytes a second, such as 5, or leave it empty.';
  const place = change === null ? null : connectionChange.safeParse(change);
  if (place !== null && !place.success) {
    const [issue] = place.error.issues;
    return `Check the ${String(issue?.path.at(-1) ?? 'fields')}: ${issue?.message ?? ''}.`;
  }
  const kept = connectionSettings.safeParse({ ...settings, bytesPerSecond });
  if (!kept.success) return `This cannot be kept: ${whyRefused(kept.error)}.`;
  return { change: place?.data ?? null, settings: kept.data };
}

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { type FormEvent, useCallback, useState } from 'react';
import { connectionDraft } from '#shared/domain';
import { useAction } from '#renderer/components';
import { useWorkbench } from '#renderer/state';
import { WrittenKeys } from './keys-fields.tsx';

const EMPTY = {
  name: '',
  endpoint: '',
  region: 'us-east-1',
  bucket: '',
  prefix: '',
  source: 'default-chain',
  profile: 'default',
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
};
type Fields = typeof EMPTY;

/** What was written, in the shape the engine checks. */
function draftOf(fields: Fields): unknown {
  const {
    name,
    endpoint,
    region,
    bucket,
    prefix,
    source,
    profile,
    accessKeyId,
    secretAccessKey,
    sessionToken,
  } = fields;
  const credentials =
    source === 'keys'
      ? { kind: 'keys', accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) }
      : source === 'profile'
        ? { kind: 'profile', profile }
        : { kind: 'default-chain' };
  return {
    name: name.trim() === '' ? bucket : name,
    endpoint: endpoint.trim() === '' ? null : endpoint.trim(),
    region,
    bucket,
    prefix,
    credentials,
  };
}

const ORDER = [
  'bucket',
  'region',
  'endpoint',
  'prefix',
  'name',
  'profile',
  'accessKeyId',
  'secretAccessKey',
  'sessionToken',
] as const;

const MISSING: Readonly<Record<string, string>> = {
  name: 'Give it a name of at most 100 signs.',
  endpoint: 'Write it as http(s)://host, or leave it empty for AWS.',
  region: 'Name the region, e.g. eu-central-1.',
  bucket: 'A bucket name has 3 to 63 letters, digits, dots or hyphens.',
  prefix: 'At most 500 signs.',
  profile: 'Name the profile.',
  accessKeyId: 'Give the access key.',
  secretAccessKey: 'Give the secret.',
  sessionToken: 'At most 5,000 signs.',
};

interface Props {
  readonly onAdded: (id: string) => void;
  readonly onCancel: () => void;
}

export function ConnectionForm({ onAdded, onCancel }: Props) {
  const { client, state } = useWorkbench();
  const [fields, setFields] = useState<Fields>(EMPTY);
  const [wrong, setWrong] = useState<ReadonlySet<string>>(new Set());

  const add = useAction(
    useCallback(async () => {
      const checked = connectionDraft.safeParse(draftOf(fields));
      if (!checked.success) {
        const paths = new Set(checked.error.issues.map(({ path }) => String(path.at(-1))));
        // In the order they are seen; a name that was left out is taken from the bucket, and is not what is wrong.
        const names = ORDER.filter((one) => paths.has(one) && !(one === 'name' && fields.name.trim() === ''));
        setWrong(new Set(names));
        document.querySelector<HTMLElement>(`[name="${names[0] ?? ''}"]`)?.focus();
        return;
      }
      const connection = await client.connections.add(checked.data);
      state.connections.set(await client.connections.list());
      onAdded(connection.id);
    }, [fields, client, state, onAdded]),
  );

  const field = (name: keyof Fields) => ({
    name,
    value: fields[name],
    error: wrong.has(name) ? MISSING[name] : undefined,
    onChange: (event: { readonly currentTarget: { readonly value: string } }) => {
      const { value } = event.currentTarget;
      setFields((now) => ({ ...now, [name]: value }));
      setWrong((now) => new Set([...now].filter((one) => one !== name)));
    },
    autoComplete: 'off',
    spellCheck: false,
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.run();
  };
  return (
    <form className="connection-form" onSubmit={submit} noValidate aria-label="New connection">
      <h2 className="connection-title">A bucket of your own</h2>
      <div className="connection-pair">
        <TextInput label="Bucket" required {...field('bucket')} data-autofocus />
        <TextInput label="Region" required {...field('region')} />
      </div>
      <div className="connection-pair">
        <TextInput label="Endpoint" placeholder="AWS" {...field('endpoint')} />
        <TextInput label="Prefix" placeholder="none" {...field('prefix')} />
      </div>
      <TextInput
        label="Name"
        placeholder={fields.bucket === '' ? 'as the bucket' : fields.bucket}
        {...field('name')}
      />
      <NativeSelect
        label="Keys"
        {...field('source')}
        data={[
          { value: 'default-chain', label: 'AWS default chain (environment, shared files, SSO, role)' },
          { value: 'profile', label: 'A named profile' },
          { value: 'keys', label: 'Keys written here' },
        ]}
      />
      {fields.source === 'profile' && <TextInput label="Profile" {...field('profile')} />}
      {fields.source === 'keys' && <WrittenKeys field={field} />}
      <div className="dialog-actions">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" loading={add.busy}>
          Add it
        </Button>
      </div>
    </form>
  );
}

import { NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { useCapabilities } from '#renderer/state';

const SOURCES = ['keep', 'default-chain', 'profile', 'keys'] as const;

export interface KeysText {
  readonly source: (typeof SOURCES)[number];
  readonly profile: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export const KEEP_KEYS: KeysText = {
  source: 'keep',
  profile: 'default',
  accessKeyId: '',
  secretAccessKey: '',
  sessionToken: '',
};

/** @returns what was written in the shape the engine checks; null keeps the keys as they are */
export function keysOf({ source, profile, accessKeyId, secretAccessKey, sessionToken }: KeysText): unknown {
  switch (source) {
    case 'keep':
      return null;
    case 'default-chain':
      return { kind: 'default-chain' };
    case 'profile':
      return { kind: 'profile', profile };
    default:
      return { kind: 'keys', accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) };
  }
}

/** What an input is given. */
interface FieldProps {
  readonly value: string;
  readonly autoComplete: string;
  readonly spellCheck: boolean;
  readonly onChange: (event: { readonly currentTarget: { readonly value: string } }) => void;
}

/** Keys as a person writes them. */
export function WrittenKeys({
  field,
}: {
  readonly field: (name: 'accessKeyId' | 'secretAccessKey' | 'sessionToken') => FieldProps;
}) {
  const { keepsSecrets } = useCapabilities();
  return (
    <>
      <div className="connection-pair">
        <TextInput label="Access key" {...field('accessKeyId')} />
        <PasswordInput label="Secret" {...field('secretAccessKey')} autoComplete="new-password" />
      </div>
      <TextInput label="Session token" placeholder="only for temporary keys" {...field('sessionToken')} />
      <p className="dim">
        {keepsSecrets
          ? 'The secret is kept encrypted by your system.'
          : 'The secret is kept only until Sluice is closed; a profile survives a restart.'}
      </p>
    </>
  );
}

interface Props {
  readonly keys: KeysText;
  readonly onChange: (keys: KeysText) => void;
}

/** Other keys for a connection that has some. */
export function KeysFields({ keys, onChange }: Props) {
  const field = (name: Exclude<keyof KeysText, 'source'>) => ({
    value: keys[name],
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) =>
      onChange({ ...keys, [name]: value }),
  });
  return (
    <>
      <NativeSelect
        label="Keys"
        value={keys.source}
        data={[
          { value: 'keep', label: 'As they are' },
          { value: 'default-chain', label: 'AWS default chain (environment, shared files, SSO, role)' },
          { value: 'profile', label: 'A named profile' },
          { value: 'keys', label: 'Other keys, written here' },
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange({ ...keys, source: SOURCES.find((one) => one === value) ?? 'keep' })
        }
      />
      {keys.source === 'profile' && <TextInput label="Profile" {...field('profile')} />}
      {keys.source === 'keys' && <WrittenKeys field={field} />}
    </>
  );
}

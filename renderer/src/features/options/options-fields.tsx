import { Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { compression, storageClass, type Encryption, type UploadOptions } from '#shared/domain';
import { Disclosure } from '#renderer/components';
import { useInfo } from '#renderer/state';
import { PairsField } from './pairs.tsx';
import { CLASS_WORDS, optionsWords } from './words.ts';
import './options.css';

interface Props {
  readonly options: UploadOptions;
  /** Whether this page sends the bytes itself, and Sluice cannot touch them before. */
  readonly byPage?: boolean;
  readonly onChange: (options: UploadOptions) => void;
}

const NONE = { metadata: {}, tags: {} } as const;

/** What an object is made with, in parts that are closed until they are wanted. */
export function OptionsFields({ options, byPage = false, onChange }: Props) {
  const change = (by: Partial<UploadOptions>) => onChange({ ...options, ...by });
  const plain = { contentType: null, compress: 'none', keepAttributes: false, sha256: false } as const;
  const ofStore = optionsWords({ ...options, ...NONE, ...plain });
  const marks = optionsWords({ ...options, ...plain, encryption: { kind: 'bucket' }, storageClass: null });
  const ofFile = optionsWords({ ...options, ...NONE, encryption: { kind: 'bucket' }, storageClass: null });
  return (
    <div className="options-fields">
      <Disclosure title="Encryption and storage class" summary={ofStore}>
        <EncryptionField encryption={options.encryption} onChange={(encryption) => change({ encryption })} />
        <NativeSelect
          label="Storage class"
          value={options.storageClass ?? ''}
          data={[
            { value: '', label: 'As the bucket has it' },
            ...storageClass.options.map((value) => ({ value, label: CLASS_WORDS[value] })),
          ]}
          onChange={(event) => {
            const chosen = storageClass.safeParse(event.currentTarget.value);
            change({ storageClass: chosen.success ? chosen.data : null });
          }}
        />
      </Disclosure>
      <Disclosure title="Metadata and tags" summary={marks}>
        <fieldset className="options-set">
          <legend>Metadata</legend>
          <PairsField
            what="metadata entry"
            pairs={options.metadata}
            most={50}
            onChange={(metadata) => change({ metadata: { ...metadata } })}
          />
        </fieldset>
        <fieldset className="options-set">
          <legend>Tags</legend>
          <PairsField
            what="tag"
            pairs={options.tags}
            most={10}
            onChange={(tags) => change({ tags: { ...tags } })}
          />
        </fieldset>
      </Disclosure>
      <Disclosure title="File" summary={ofFile}>
        <TextInput
          label="Content type"
          placeholder="by name and content"
          value={options.contentType ?? ''}
          spellCheck={false}
          onChange={(event) => {
            const { value } = event.currentTarget;
            change({ contentType: value.trim() === '' ? null : value });
          }}
        />
        {byPage ? (
          <p className="dim">
            Files that this page sends itself go as they are: compressing and keeping attributes needs files
            of the computer Sluice runs on.
          </p>
        ) : (
          <TouchedFields options={options} onChange={change} />
        )}
      </Disclosure>
    </div>
  );
}

function EncryptionField({
  encryption,
  onChange,
}: {
  readonly encryption: Encryption;
  readonly onChange: (encryption: Encryption) => void;
}) {
  return (
    <div className="options-pair">
      <NativeSelect
        label="Encryption"
        value={encryption.kind}
        data={[
          { value: 'bucket', label: 'As the bucket has it' },
          { value: 's3', label: 'Keys of S3 (SSE-S3)' },
          { value: 'kms', label: 'A key of KMS (SSE-KMS)' },
        ]}
        onChange={({ currentTarget: { value } }) =>
          onChange(
            value === 'kms' ? { kind: 'kms', keyId: null } : { kind: value === 's3' ? 's3' : 'bucket' },
          )
        }
      />
      {encryption.kind === 'kms' && (
        <TextInput
          label="Key"
          placeholder="the account's own for S3"
          value={encryption.keyId ?? ''}
          spellCheck={false}
          onChange={({ currentTarget: { value } }) =>
            onChange({ kind: 'kms', keyId: value.trim() === '' ? null : value })
          }
        />
      )}
    </div>
  );
}

const COMPRESS_WORDS = { none: 'No', gzip: 'gzip (.gz)', zstd: 'zstd (.zst), quicker and smaller' } as const;

/** What Sluice does to a file, or reads of it, before it is sent. */
function TouchedFields({
  options,
  onChange,
}: {
  readonly options: UploadOptions;
  readonly onChange: (change: Partial<UploadOptions>) => void;
}) {
  const { keepsExtendedAttributes } = useInfo();
  return (
    <>
      <NativeSelect
        label="Compress before it is sent"
        description="What is compressed already is sent as it is."
        value={options.compress}
        data={compression.options.map((value) => ({ value, label: COMPRESS_WORDS[value] }))}
        onChange={(event) => onChange({ compress: compression.parse(event.currentTarget.value) })}
      />
      <Checkbox
        label="Keep time, rights and extended attributes as metadata"
        description={
          keepsExtendedAttributes
            ? undefined
            : 'Extended attributes cannot be read on this computer; time and rights are kept.'
        }
        checked={options.keepAttributes}
        onChange={(event) => onChange({ keepAttributes: event.currentTarget.checked })}
      />
      <Checkbox
        label="Compute the SHA-256 for the receipt"
        checked={options.sha256}
        onChange={(event) => onChange({ sha256: event.currentTarget.checked })}
      />
    </>
  );
}

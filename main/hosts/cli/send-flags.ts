import { Option, type Command } from 'commander';
import {
  uploadOptionsChange,
  whyRefused,
  type Connection,
  type Encryption,
  type UploadOptionsChange,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { nextTimeOfDay } from '#shared/lib';
import { invalid, sizeOf } from './values.ts';

/** What `put` was told of how files are to be sent. */
export interface SendFlags {
  readonly options: UploadOptionsChange;
  /** Over those of the connection, name by name. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly notBefore: number | null;
  readonly priority: number;
  /** Bytes per second, for this command; null as it is set. */
  readonly limit: number | null;
}

const CLASSES = uploadOptionsChange.shape.storageClass.unwrap().unwrap().options;

export function withSendFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--sse <kind>', 'encrypt by the store: s3, kms, or kms:KEY').argParser(parseEncryption),
    )
    .addOption(new Option('--storage-class <class>', 'e.g. STANDARD_IA').choices(CLASSES))
    .addOption(new Option('--meta <name=value>', 'metadata; may come again').argParser(collect('--meta')))
    .addOption(new Option('--tag <name=value>', 'a tag; may come again').argParser(collect('--tag')))
    .option('--content-type <type>', 'instead of what name and content tell')
    .addOption(new Option('--compress <how>', 'before it is sent').choices(['gzip', 'zstd']))
    .option('--keep-attributes', 'keep times, rights and extended attributes as metadata')
    .addOption(new Option('--after <HH:MM>', 'do not start before, e.g. 20:00').argParser(parseAfter))
    .addOption(new Option('--priority <n>', 'larger goes first').argParser(parsePriority))
    .addOption(new Option('--limit <size>', 'a second, e.g. 10MB').argParser(sizeOf('--limit')));
}

/** @throws COMMAND_INVALID */
export function readSendFlags(given: Readonly<Record<string, unknown>>): SendFlags {
  const metadata = (given['meta'] ?? {}) as Record<string, string>;
  const tags = (given['tag'] ?? {}) as Record<string, string>;
  const wanted = {
    encryption: given['sse'],
    storageClass: given['storageClass'],
    contentType: given['contentType'],
    compress: given['compress'],
    keepAttributes: given['keepAttributes'],
    sha256: given['sha256'],
  };
  const said = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  checked({ metadata, tags }); // said before anything is opened
  return {
    options: checked(said),
    metadata,
    tags,
    notBefore: (given['after'] as number | undefined) ?? null,
    priority: (given['priority'] as number | undefined) ?? 0,
    limit: (given['limit'] as number | undefined) ?? null,
  };
}

/** @returns the options of the drop: metadata and tags beside those that the connection has. @throws COMMAND_INVALID */
export function optionsOver({ settings }: Connection, flags: SendFlags): UploadOptionsChange {
  const { options, metadata, tags } = flags;
  const { upload } = settings;
  return checked({
    ...options,
    ...(Object.keys(metadata).length === 0 ? {} : { metadata: { ...upload.metadata, ...metadata } }),
    ...(Object.keys(tags).length === 0 ? {} : { tags: { ...upload.tags, ...tags } }),
  });
}

const FLAGS: Readonly<Record<string, string>> = {
  metadata: '--meta',
  tags: '--tag',
  contentType: '--content-type',
  encryption: '--sse',
  storageClass: '--storage-class',
};

function checked(options: unknown): UploadOptionsChange {
  const parsed = uploadOptionsChange.safeParse(options);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const field = String(issue?.path[0] ?? '');
  const reason = `${FLAGS[field] ?? field}: ${whyRefused(parsed.error)}`;
  throw sluiceError('COMMAND_INVALID', { reason });
}

function parseEncryption(text: string): Encryption {
  if (text === 's3') return { kind: 's3' };
  if (text === 'kms') return { kind: 'kms', keyId: null };
  const [, keyId] = /^kms:(.+)$/.exec(text) ?? [];
  if (keyId === undefined) throw invalid('--sse takes s3, kms, or kms: with the id of a key behind it');
  return { kind: 'kms', keyId };
}

const collect =
  (flag: string) =>
  (text: string, before: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> => {
    const at = text.indexOf('=');
    if (at < 1) throw invalid(`${flag} takes name=value, such as project=kelp`);
    return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
  };

function parseAfter(text: string): number {
  const at = nextTimeOfDay(text, Date.now());
  if (at === null) throw invalid('--after takes a time such as 20:00');
  return at;
}

function parsePriority(text: string): number {
  const value = Number(text);
  if (!/^-?\d{1,6}$/.test(text)) throw invalid('--priority takes a whole number');
  return value;
}

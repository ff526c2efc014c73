import { basename } from 'node:path';
import type { SessionRecord, TransferRecord } from '#main/journal';
import type { Clock } from '#main/ports';
import { contentTypeOf, joinKey, limitsOf, objectKey, safePath } from '#main/storage';
import { PACKED_TYPE, packerFor, planUpload, SUFFIX, type FoundFile, type Refused } from '#main/transfers';
import type { Connection, TransferSource, UploadOptions } from '#shared/domain';
import { toSluiceError } from '#shared/errors';
import { timeOrderedId } from './ids.ts';
import type { KeyRing } from './key-ring.ts';

/** How a file becomes a key: in the session's own folder, or right under a prefix that the person named. */
export type KeyStyle = 'session' | 'plain';

export interface Intake {
  readonly records: readonly TransferRecord[];
  readonly refused: readonly Refused[];
}

interface Place {
  readonly session: SessionRecord;
  readonly connection: Connection;
  readonly keys: KeyStyle;
  readonly partSize: number | null;
  readonly clock: Clock;
  /** What objects are made with; left out, as the connection says. */
  readonly options?: UploadOptions;
  readonly existing?: 'replace' | 'protect';
  readonly notBefore?: number | null;
  readonly priority?: number;
  readonly dropId?: string;
  /** Where it goes, for a caller that chose. */
  readonly key?: string;
  /** The keys that are taken; left out for one whose key is its own by its id. */
  readonly ring?: KeyRing;
}

/** Turns found files into planned transfers. One that cannot be planned is refused, and the rest goes on. */
export function planFiles(files: readonly FoundFile[], place: Place): Intake {
  const refused: Refused[] = [];
  const records = files.flatMap((file) => {
    try {
      return [planFile(file, { kind: 'path', path: file.path }, 'original', place)];
    } catch (error) {
      refused.push({ name: file.path, error: toSluiceError(error).report() });
      return [];
    }
  });
  return { records, refused };
}

/** @throws PLAN_IMPOSSIBLE, NAME_TOO_LONG */
export function planFile(
  file: {
    readonly name: string;
    readonly relativePath: string;
    readonly size: number;
    readonly contentType?: string;
  },
  source: TransferSource,
  folder: 'original' | 'processed',
  place: Place,
): TransferRecord {
  const { session, connection, keys, partSize, clock } = place;
  const asked = optionsFor(source, place.options ?? connection.settings.upload);
  const notBefore = place.notBefore ?? null;
  const createdAt = clock.now();
  const id = timeOrderedId(createdAt);
  const plan = planUpload(file.size, partSize, limitsOf(connection));
  // A key that was chosen for it, and does not say that it is compressed, is that of the file as it is.
  const compress = packerFor(file.name, asked.compress);
  const isNamed = compress === null || place.key === undefined || place.key.endsWith(SUFFIX[compress]);
  const packer = isNamed ? compress : null;
  const options = isNamed ? asked : { ...asked, compress: 'none' as const };
  const path = packer === null ? file.relativePath : `${file.relativePath}${SUFFIX[packer]}`;
  const key =
    place.key ??
    (keys === 'plain'
      ? joinKey(file.relativePath, session.prefix, safePath(path))
      : objectKey(session.prefix, folder, { id, relativePath: path, at: createdAt }));
  return {
    id,
    sessionId: session.id,
    connectionId: connection.id,
    direction: 'upload',
    name: file.name,
    relativePath: file.relativePath,
    source,
    identity: null,
    size: file.size,
    bucket: session.bucket,
    key: place.ring?.take(key, file.relativePath) ?? key,
    contentType:
      packer === null
        ? (options.contentType ?? file.contentType ?? contentTypeOf(file.name))
        : PACKED_TYPE[packer],
    options,
    prepared: null,
    existing: place.existing ?? 'replace',
    notBefore,
    priority: place.priority ?? 0,
    partSize: plan.partSize,
    partCount: plan.partCount,
    state:
      notBefore !== null && notBefore > createdAt ? { kind: 'scheduled', at: notBefore } : { kind: 'queued' },
    step: 'planned',
    uploadId: null,
    adopted: false,
    etag: null,
    sha256: null,
    notice: null,
    receipt: null,
    dropId: place.dropId ?? null,
    createdAt,
    startedAt: null,
    finishedAt: null,
  };
}

/** The same transfer, going on with an upload that somebody else began and that was cut so. */
export function adopting(
  record: TransferRecord,
  uploadId: string,
  { partSize, partCount }: { readonly partSize: number; readonly partCount: number },
): TransferRecord {
  return { ...record, uploadId, step: 'uploading', adopted: true, partSize, partCount };
}

/** Of what Sluice does to a file, a page that sends it straight to the bucket can do nothing; outputs are sent as they were made. */
function optionsFor({ kind }: TransferSource, options: UploadOptions): UploadOptions {
  return kind === 'path' ? options : { ...options, compress: 'none', keepAttributes: false };
}

/** What a drop is called until somebody names it. */
export function titleOf(paths: readonly string[]): string {
  const [first = 'Files', ...rest] = paths.map((path) => basename(path));
  return rest.length === 0 ? first : `${first} and ${rest.length} more`;
}

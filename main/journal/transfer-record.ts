import type { Receipt, TransferSource, TransferState, UploadOptions } from '#shared/domain';
import type { ErrorReport } from '#shared/errors';

/** How far the effects of an upload went. Written before the effect it names. */
export type UploadStep = 'planned' | 'creating' | 'uploading' | 'completing' | 'stored';

/** What tells one state of a file from another. Times in ns since the epoch, as decimal strings. */
export interface SourceIdentity {
  readonly size: number;
  readonly modifiedNs: string;
  readonly changedNs: string;
  readonly fileId: string;
}

/** What was found of a file before it was sent. Holds for every later try. */
export interface Prepared {
  /** Beside what the options say. */
  readonly metadata: Readonly<Record<string, string>>;
  /** What a person should know of how it is sent. */
  readonly notes: readonly string[];
  /** null where nobody asked for it, or it was not done yet. */
  readonly packing:
    | null
    /** It is compressed already. */
    | { readonly kind: 'skipped' }
    /** What is sent was made of the file as it was then; its CRC-32. */
    | {
        readonly kind: 'packed';
        readonly packer: 'gzip' | 'zstd';
        readonly source: SourceIdentity;
        readonly crc32: number;
      };
}

/**
 * What becomes of an object at the key, or of a file at the path: `protect` fails rather than write over it. Of
 * downloads alone, `skip` is content with a file that is the same, and `rename` takes the next free name.
 */
export type OnExisting = 'replace' | 'protect' | 'skip' | 'rename';

export interface TransferRecord {
  readonly id: string;
  readonly sessionId: string;
  readonly connectionId: string;
  readonly direction: 'upload' | 'download';
  readonly name: string;
  readonly relativePath: string;
  readonly source: TransferSource;
  /** Of what is sent: of a compressed file, what it was compressed to. */
  readonly identity: SourceIdentity | null;
  readonly size: number;
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  readonly options: UploadOptions;
  readonly prepared: Prepared | null;
  /** What becomes of what stands where it goes. */
  readonly existing: OnExisting;
  /** Does not start before, ms since the epoch. */
  readonly notBefore: number | null;
  /** Larger goes first. */
  readonly priority: number;
  readonly partSize: number;
  readonly partCount: number;
  readonly state: TransferState;
  readonly step: UploadStep;
  readonly uploadId: string | null;
  /** The upload id was begun by another program: the object will not carry the mark of this transfer. */
  readonly adopted: boolean;
  /** Of a download: the version of the object that is fetched. */
  readonly etag: string | null;
  /** Of the source, in hex. */
  readonly sha256: string | null;
  readonly notice: ErrorReport | null;
  readonly receipt: Receipt | null;
  /** The drop that found it; null where it came otherwise. */
  readonly dropId: string | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
}

/** A part the store acknowledged. */
export interface PartRecord {
  readonly number: number;
  readonly crc32: number;
  readonly etag: string | null;
}

/** Of the file itself, whatever is sent of it. */
export function fileIdentity({ prepared, identity }: TransferRecord): SourceIdentity | null {
  return prepared?.packing?.kind === 'packed' ? prepared.packing.source : identity;
}

import type { SessionRecord, TransferRecord } from '#main/journal';
import type { LeftOut, Manifest, ManifestContent, ManifestFile } from '#shared/domain';
import { seal } from './seal.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

export interface ManifestFacts {
  readonly session: SessionRecord;
  /** Where the bucket is, as a client of it would say. */
  readonly endpoint: string;
  /** Of the session; what runs made of them is left out. */
  readonly transfers: readonly TransferRecord[];
  readonly refused: ManifestContent['refused'];
  readonly leftOut: LeftOut;
  /** Of Sluice. */
  readonly version: string;
  /** ms since the epoch. */
  readonly now: number;
}

/** What a session brought into the bucket, sealed. */
export function makeManifest(facts: ManifestFacts): Manifest {
  const { session } = facts;
  return seal({
    version: 1,
    writtenAt: iso(facts.now),
    writtenBy: `Sluice ${facts.version}`,
    session: {
      id: session.id,
      title: session.title,
      endpoint: facts.endpoint,
      bucket: session.bucket,
      prefix: session.prefix,
      createdAt: iso(session.createdAt),
    },
    custody: session.custody,
    files: facts.transfers.filter(isBrought).map(fileOf),
    refused: facts.refused,
    leftOut: facts.leftOut,
  });
}

/** Whether it is a file that a person brought. */
const isBrought = ({ direction, source }: TransferRecord): boolean =>
  direction === 'upload' && source.kind !== 'output';

function fileOf(record: TransferRecord): ManifestFile {
  const { receipt, state } = record;
  const ended = state.kind === 'done' || state.kind === 'failed' || state.kind === 'cancelled';
  return {
    path: record.relativePath,
    key: record.key,
    size: receipt?.object.size ?? record.size,
    state: ended ? state.kind : 'unfinished',
    crc32: receipt?.crc32 ?? null,
    sha256: receipt?.sha256 ?? null,
    etag: receipt?.object.etag ?? null,
    versionId: receipt?.object.versionId ?? null,
    modified: receipt?.source.modified ?? null,
    proven: receipt?.proven ?? [],
    finishedAt: receipt?.finishedAt ?? null,
    receiptId: receipt === null ? null : record.id,
  };
}

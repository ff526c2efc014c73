/** Where an upload goes on, decided from what the journal has and the store says. Nothing here asks anybody. */
import type { PartRecord, SourceIdentity, TransferRecord } from '#main/journal';
import type { CompletedPart, StoredPart } from '#main/storage';
import { assertNever } from '#shared/lib';
import type { UploadPlan } from '../plan.ts';
import { partsToKeep } from '../reconcile.ts';
import { sameIdentity } from '../source/index.ts';

export type Start =
  /** Nothing was caused yet, or nothing that has to be looked for. */
  | { readonly kind: 'begin' }
  /** The store was asked for an upload, and its answer is not known. */
  | { readonly kind: 'find-lost-create' }
  /** The file has another size: no part of the old upload can be used. */
  | { readonly kind: 'begin-anew'; readonly uploadId: string }
  /** touched: the file is not certainly the one whose parts were sent. */
  | { readonly kind: 'ask-for-parts'; readonly uploadId: string; readonly touched: boolean };

export function startOf(record: TransferRecord, now: SourceIdentity): Start {
  const touched = record.identity === null || !sameIdentity(record.identity, now);
  switch (record.step) {
    case 'planned':
    case 'stored':
      return { kind: 'begin' };
    case 'creating':
      return { kind: 'find-lost-create' };
    case 'uploading':
    case 'completing':
      if (record.uploadId === null) return { kind: 'begin' }; // one PUT: it is made again, whole
      if (record.size !== now.size) return { kind: 'begin-anew', uploadId: record.uploadId };
      return { kind: 'ask-for-parts', uploadId: record.uploadId, touched };
    default:
      return assertNever(record.step);
  }
}

export type GoOn =
  /** The store does not know the upload: either it was completed and the answer lost, or it is gone. */
  | {
      readonly kind: 'prove-or-anew';
      readonly parts: ReadonlyMap<number, CompletedPart>;
      readonly compare: boolean;
    }
  | { readonly kind: 'gone' }
  /** These need not be sent again, once their bytes were compared where the file was touched. */
  | { readonly kind: 'keep'; readonly parts: ReadonlyMap<number, CompletedPart>; readonly compare: boolean };

/** @param listed every part the store lists, or null where it knows no such upload */
export function goOn(
  plan: UploadPlan,
  seen: readonly PartRecord[],
  listed: readonly StoredPart[] | null,
  touched: boolean,
): GoOn {
  if (listed !== null) {
    const kept = partsToKeep(plan, seen, listed).map((part) => [part.number, part] as const);
    return { kind: 'keep', parts: new Map(kept), compare: touched };
  }
  const all = new Map(seen.map((part) => [part.number, { ...part, etag: part.etag ?? '' }] as const));
  return all.size === plan.partCount
    ? { kind: 'prove-or-anew', parts: all, compare: touched }
    : { kind: 'gone' };
}

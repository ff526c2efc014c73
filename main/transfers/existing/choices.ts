import type { SurveyedObject, Yardstick } from '#main/storage';
import type { Choice, Conflict, ConflictKind } from '#shared/domain';
import { assertNever } from '#shared/lib';

/** How the content of a file compares with that of an object. */
export type Likeness = 'identical' | 'unknown' | 'different';

/**
 * @param digest of the file, by the object's yardstick; null where it was not computed, since the size says enough or
 *   there is nothing to compare with
 * @param bySize whether the person said that the same size is proof enough
 */
export function likeness(
  local: { readonly size: number; readonly digest: string | null },
  there: Pick<SurveyedObject, 'size' | 'yardstick'>,
  bySize: boolean,
): Likeness {
  if (local.size !== there.size) return 'different';
  if (bySize) return 'identical';
  if (there.yardstick.kind === 'none' || local.digest === null) return 'unknown';
  return local.digest === there.yardstick.value ? 'identical' : 'different';
}

/** What the two were compared by, for a sentence. */
export function yardstickWords({ kind }: Yardstick): string {
  switch (kind) {
    case 'crc32':
      return 'CRC-32 of the whole';
    case 'crc32-of-parts':
      return 'CRC-32 of every part';
    case 'md5':
      return 'MD5';
    case 'md5-of-parts':
      return 'MD5 of every part';
    case 'none':
      return 'size';
    default:
      return assertNever(kind);
  }
}

/** What can be done about each kind, the gentlest first; the first is what a careful person would do. */
export const CHOICES: Readonly<Record<ConflictKind, readonly Choice[]>> = {
  identical: ['skip', 'rename', 'replace'],
  unknown: ['rename', 'skip', 'replace'],
  different: ['rename', 'skip', 'replace'],
  uploaded: ['skip', 'anew'],
  changed: ['continue', 'anew', 'skip'],
  leftover: ['leave', 'continue', 'discard'],
};

/** What a command was told to do with objects that are there. */
export type ExistingPolicy = 'skip' | 'replace' | 'rename' | 'fail';
/** With uploads that were begun, of files that changed since. */
export type ChangedPolicy = 'continue' | 'anew' | 'fail';
/** With unfinished uploads at the same key that this machine knows nothing of. */
export type LeftoverPolicy = 'resume' | 'delete' | 'leave';

export interface Policies {
  readonly existing: ExistingPolicy;
  readonly changed: ChangedPolicy;
  readonly leftover: LeftoverPolicy;
}

/** What a command does about a conflict without asking. */
export function choiceBy(
  { kind, choices }: Pick<Conflict, 'kind' | 'choices'>,
  policies: Policies,
): Choice | 'fail' {
  const { existing, changed, leftover } = policies;
  switch (kind) {
    case 'identical':
      return existing === 'replace' ? 'replace' : 'skip';
    case 'unknown':
    case 'different':
      return existing;
    case 'uploaded':
      return existing === 'skip' ? 'skip' : 'anew';
    case 'changed':
      if (changed === 'continue') return choices.includes('continue') ? 'continue' : 'anew';
      return changed;
    case 'leftover':
      if (leftover === 'resume') return choices.includes('continue') ? 'continue' : 'leave';
      return leftover === 'delete' ? 'discard' : 'leave';
    default:
      return assertNever(kind);
  }
}

/** What becomes of one file of a drop. */
export type Decision =
  /** @property over whether an object at the key may be replaced */
  | {
      readonly kind: 'send';
      readonly over: boolean;
      readonly renamed: boolean;
      /** Goes on with this upload, which this machine knows nothing of. */
      readonly adopt: string | null;
      /** Uploads to delete first. */
      readonly discard: readonly string[];
    }
  | { readonly kind: 'skip'; readonly why: ConflictKind }
  /** An upload of this machine goes on. */
  | { readonly kind: 'continue'; readonly transferId: string }
  /** An upload of this machine is given up, and the file sent from the start. */
  | { readonly kind: 'anew'; readonly transferId: string };

/** A conflict with what it is about: the upload of this machine, or the id of one that it knows nothing of. */
export type Met = Pick<Conflict, 'kind'> & { readonly about: string | null };

/** From all that one file met, and what was chosen about each. What is there decides before what was begun. */
export function decide(met: readonly { readonly met: Met; readonly chosen: Choice }[]): Decision {
  const discard = met.flatMap(({ met: { about }, chosen }) =>
    chosen === 'discard' && about !== null ? [about] : [],
  );
  let over = false;
  let renamed = false;
  let adopt: string | null = null;
  for (const { met: one, chosen } of met) {
    if (chosen === 'skip') return { kind: 'skip', why: one.kind };
    if (one.kind === 'changed' && one.about !== null)
      return { kind: chosen === 'continue' ? 'continue' : 'anew', transferId: one.about };
    if (chosen === 'replace') over = true;
    if (chosen === 'rename') renamed = true;
    if (one.kind === 'leftover' && chosen === 'continue') adopt = one.about;
  }
  // An unfinished upload can only become the object of the key it was begun for.
  return { kind: 'send', over, renamed, adopt: renamed ? null : adopt, discard };
}

/** @returns `folder/name~2.csv` for `folder/name.csv` and 2 */
export function renamedKey(key: string, number: number): string {
  const name = key.slice(key.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 ? name.slice(dot) : '';
  return `${key.slice(0, key.length - ending.length)}~${number}${ending}`;
}

/** @returns the first name beside the key that is taken by nobody, counting from 2 */
export function freeKey(key: string, isTaken: (key: string) => boolean): string {
  for (let number = 2; ; number += 1) {
    const candidate = renamedKey(key, number);
    if (!isTaken(candidate)) return candidate;
  }
}

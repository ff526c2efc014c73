import { type Choice, type Conflict, type ConflictKind } from '#shared/domain';
import { assertNever } from '#shared/lib';

/** In the order they are shown: what could lose something first. */
export const KINDS: readonly ConflictKind[] = [
  'different',
  'unknown',
  'changed',
  'leftover',
  'identical',
  'uploaded',
];

/** What a row says of itself, short. */
export const KIND_WORDS: Readonly<Record<ConflictKind, string>> = {
  different: 'Other content there',
  unknown: 'Same size there',
  changed: 'Changed since begun',
  leftover: 'Begun elsewhere',
  identical: 'Already there',
  uploaded: 'Uploaded before',
};

/** @returns what a group of them is called, e.g. `3 meet other content` */
export function groupWords(kind: ConflictKind, count: number): string {
  const many = count.toLocaleString('en-US');
  switch (kind) {
    case 'different':
      return `${many} ${count === 1 ? 'meets' : 'meet'} other content`;
    case 'unknown':
      return `${many} of the same size, not compared`;
    case 'changed':
      return `${many} changed since begun`;
    case 'leftover':
      return `${many} begun elsewhere, unfinished`;
    case 'identical':
      return `${many} there already, the same`;
    case 'uploaded':
      return `${many} uploaded before, proven`;
    default:
      return assertNever(kind);
  }
}

const COMMON: Readonly<Record<Choice, string>> = {
  skip: 'Leave out',
  replace: 'Replace',
  rename: 'Keep both',
  anew: 'Send anew',
  continue: 'Go on',
  discard: 'Delete and send',
  leave: 'Send, leave it there',
};

export function choiceWord({ kind }: Pick<Conflict, 'kind'>, choice: Choice): string {
  if (kind === 'uploaded' && choice === 'anew') return 'Send again';
  if (kind === 'changed' && choice === 'continue') return 'Go on if the same';
  if (kind === 'changed' && choice === 'skip') return 'Leave it as it is';
  return COMMON[choice];
}

/** What a choice comes to, for whoever hovers or hears it. */
export const CHOICE_MEANS: Readonly<Record<Choice, string>> = {
  skip: 'The file is not sent; what is there stays.',
  replace: 'The file is put in place of what is there.',
  rename: 'The file is put beside what is there, as name~2.',
  anew: 'The file is sent from its start.',
  continue: 'What was sent is kept, as far as it is proven to be of this file.',
  discard: 'What was sent is deleted; the file is sent from its start.',
  leave: 'The file is sent from its start; what was sent stays in the bucket.',
};

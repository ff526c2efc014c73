import { type Choice, type Conflict, type ConflictKind } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { counted } from '#renderer/components';

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

/** @returns what a group of them is called, e.g. `3 files meet other content` */
export function groupWords(kind: ConflictKind, count: number): string {
  switch (kind) {
    case 'different':
      return `${counted(count, 'file')} ${count === 1 ? 'meets' : 'meet'} other content`;
    case 'unknown':
      return `${counted(count, 'file')} of the same size as there; content not compared`;
    case 'changed':
      return `${counted(count, 'unfinished upload')} whose file changed`;
    case 'leftover':
      return `${counted(count, 'unfinished upload')} there that nobody here knows`;
    case 'identical':
      return `${counted(count, 'file is', 'files are')} there with the same content`;
    case 'uploaded':
      return `${counted(count, 'file was', 'files were')} uploaded before, and proven`;
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

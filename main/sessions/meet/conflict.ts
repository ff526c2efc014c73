import type { Choice, Conflict, ConflictKind } from '#shared/domain';
import type { DropFile, Sight } from './types.ts';

let made = 0;

export function conflictOf(
  kind: ConflictKind,
  file: DropFile,
  key: string,
  facts: {
    readonly there: Sight;
    readonly says: string;
    readonly choices: readonly Choice[];
    readonly preset?: Choice;
  },
): Conflict {
  made += 1;
  const [first = 'skip'] = facts.choices;
  const at = file.source.kind === 'page' ? file.source.lastModified : null;
  return {
    id: `c${made}`,
    kind,
    name: file.relativePath,
    key,
    here: { size: file.size, at },
    there: { size: facts.there.size, at: facts.there.modified },
    says: facts.says,
    choices: [...facts.choices],
    preset: facts.preset ?? first,
  };
}

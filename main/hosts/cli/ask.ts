import { createInterface } from 'node:readline/promises';
import type { Choice, Conflict, ConflictKind } from '#shared/domain';
import { sluiceError } from '#shared/errors';

const WORDS: Readonly<Record<Choice, { readonly key: string; readonly text: string }>> = {
  skip: { key: 's', text: 'skip it' },
  replace: { key: 'r', text: 'replace what is there' },
  rename: { key: 'k', text: 'keep both' },
  anew: { key: 'a', text: 'send it anew' },
  continue: { key: 'c', text: 'go on with it' },
  discard: { key: 'd', text: 'delete what was sent' },
  leave: { key: 'l', text: 'leave it there' },
};

/**
 * Asks about each conflict in turn; a capital letter answers for all others of its kind.
 * @throws COMMAND_INVALID where nobody is there to answer
 */
export async function askFor(
  conflicts: readonly Conflict[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Choice>> {
  const chosen = new Map<string, Choice>();
  if (conflicts.length === 0) return chosen;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw sluiceError('COMMAND_INVALID', {
      reason: 'ask needs somebody at a terminal; use --existing skip, replace, rename or fail',
    });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const forAll = new Map<ConflictKind, Choice>();
  try {
    for (const conflict of conflicts) {
      const known = forAll.get(conflict.kind);
      if (known !== undefined && conflict.choices.includes(known)) {
        chosen.set(conflict.id, known);
        continue;
      }
      process.stderr.write(`\n${conflict.name}\n  ${conflict.says}\n`);
      const { choice, all } = await answer(conflict, (text) => lines.question(text, { signal }));
      chosen.set(conflict.id, choice);
      if (all) forAll.set(conflict.kind, choice);
    }
  } finally {
    lines.close();
  }
  return chosen;
}

async function answer(
  { choices, preset }: Conflict,
  ask: (text: string) => Promise<string>,
): Promise<{ readonly choice: Choice; readonly all: boolean }> {
  const offered = choices.map((choice) => `${WORDS[choice].key} ${WORDS[choice].text}`).join(', ');
  for (;;) {
    const said = (await ask(`  ${offered} [${WORDS[preset].key}; a capital for all of this kind] `)).trim();
    if (said === '') return { choice: preset, all: false };
    const choice = choices.find((each) => WORDS[each].key === said.toLowerCase());
    if (choice !== undefined) return { choice, all: said !== said.toLowerCase() };
  }
}

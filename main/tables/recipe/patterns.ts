import type { StepContext } from './step-context.ts';

/** Regular expressions are those of RE2, which never take long; the engine that will use one says whether it can be read. */
export function checkPattern(at: StepContext, pattern: string): void {
  const known = at.facts({ ask: 'pattern', pattern });
  if (known !== null && known.problem !== null)
    throw at.refused(`the pattern ${pattern} cannot be read: ${known.problem}`);
}

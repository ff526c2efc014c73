import type { Terms } from '../bench.ts';
import { alternate, measure, type Medians } from '../measure.ts';
import type { ContenderName, Errand, Present } from './contenders.ts';

export interface Comparison {
  /** Medians of a contender; null where it did not take part. */
  readonly of: (name: ContenderName) => Medians | null;
}

/**
 * Has all contenders run the same errand by turns, each to a place of its own that was never used.
 * @param after what is made sure of and taken away once a run has ended, off the clock
 */
export async function compare(
  terms: Terms,
  what: string,
  present: readonly Present[],
  errandTo: (to: string) => Errand,
  after: (to: string) => Promise<void>,
): Promise<Comparison> {
  terms.tell(`${what}: ${present.map(({ name }) => name).join(', ')}`);
  const medians = await alternate(
    present.map(({ name, command }) => ({
      name,
      async run(round: number) {
        const to = `${what}/${name}-${round}`;
        const measured = await measure(await command(errandTo(to), round));
        await after(to);
        return measured;
      },
    })),
    terms.rounds,
    (line) => terms.tell(line),
  );
  return { of: (name) => medians.get(name) ?? null };
}

/** @returns what each contender but Sluice came to, named so */
export function beside(
  present: readonly Present[],
  unit: string,
  value: (name: ContenderName) => number | null,
): Readonly<Record<string, number | null>> {
  return Object.fromEntries(present.map(({ name }) => [`${name} ${unit}`, value(name)]));
}

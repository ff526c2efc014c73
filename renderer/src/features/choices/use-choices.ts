import { useMemo, useState } from 'react';
import { type Choice, type Choices, type Conflict, type ConflictKind, type DropPlan } from '#shared/domain';
import { KINDS } from './words.ts';

/** Conflicts of one kind, and what is chosen for them. */
export interface Group {
  readonly kind: ConflictKind;
  /** Also those that are too many to be shown. */
  readonly count: number;
  readonly offered: readonly Choice[];
  /** Null where they differ. */
  readonly chosen: Choice | null;
}

export interface Choosing {
  readonly rows: readonly Conflict[];
  readonly groups: readonly Group[];
  readonly chosen: (conflict: Conflict) => Choice;
  readonly choose: (conflict: Conflict, choice: Choice) => void;
  readonly chooseAll: (kind: ConflictKind, choice: Choice) => void;
  /** The next or the one before, of those that are offered. */
  readonly step: (conflict: Conflict, by: 1 | -1) => void;
  readonly result: Choices;
}

const NONE: Choices = { one: {}, all: {} };

export function useChoices(plan: DropPlan): Choosing {
  const [result, setResult] = useState(NONE);
  const rows = useMemo(
    () => plan.conflicts.toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind)),
    [plan],
  );
  const chosen = ({ id, kind, choices, preset }: Conflict): Choice => {
    const wanted = result.one[id] ?? result.all[kind] ?? preset;
    return choices.includes(wanted) ? wanted : preset;
  };
  const choose = ({ id }: Conflict, choice: Choice) =>
    setResult((now) => ({ ...now, one: { ...now.one, [id]: choice } }));
  return {
    rows,
    groups: KINDS.flatMap((kind) => {
      const mine = rows.filter((row) => row.kind === kind);
      const count = plan.counts[kind] ?? 0;
      if (count === 0) return [];
      const offered = [...new Set(mine.flatMap(({ choices }) => choices))];
      const [first, ...others] = new Set(mine.map(chosen));
      return [{ kind, count, offered, chosen: others.length > 0 ? null : (first ?? null) }];
    }),
    chosen,
    choose,
    chooseAll: (kind, choice) => {
      const ofKind = new Set(rows.filter((row) => row.kind === kind).map(({ id }) => id));
      setResult(({ one, all }) => ({
        one: Object.fromEntries(Object.entries(one).filter(([id]) => !ofKind.has(id))),
        all: { ...all, [kind]: choice },
      }));
    },
    step: (conflict, by) => {
      const { choices } = conflict;
      const at = choices.indexOf(chosen(conflict));
      const next = choices[(at + by + choices.length) % choices.length];
      if (next !== undefined) choose(conflict, next);
    },
    result,
  };
}

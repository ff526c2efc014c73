import { groupOf, type TransferState, type WaitReason } from '#shared/domain';
import { committedOf, type Live, type Share } from '../live.ts';

type Kind = TransferState['kind'];
export type KindCounts = Readonly<Partial<Record<Kind, number>>>;

/** Sums over the files of a session, kept up to date by what changes: a session may hold a hundred thousand. */
export class Tally {
  readonly #counts = new Map<Kind, number>();
  /** Bytes that are still to be sent, by state. */
  readonly #left = new Map<Kind, number>();
  readonly #moving = new Set<Live>();
  readonly #waits = new Map<WaitReason, Set<Live>>();
  /** Of all but what was cancelled. */
  #total = 0;
  #committed = 0;

  /** @returns whether it is in another state than before */
  count(live: Live): boolean {
    const before = live.share;
    const { state } = live.record;
    const reason = state.kind === 'waiting' ? state.reason : null;
    const now: Share = { kind: state.kind, reason, size: live.record.size, committed: committedOf(live) };
    if (before !== null) this.#add(live, before, -1);
    this.#add(live, now, 1);
    live.share = now;
    return before === null || before.kind !== now.kind || before.reason !== now.reason;
  }

  #add(live: Live, share: Share, times: 1 | -1): void {
    const { kind, reason, size, committed } = share;
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + times);
    this.#left.set(kind, (this.#left.get(kind) ?? 0) + (size - committed) * times);
    if (kind !== 'cancelled') {
      this.#total += size * times;
      this.#committed += committed * times;
    }
    if (groupOf(kind) === 'moving') toggle(this.#moving, live, times);
    if (reason !== null) {
      const waiting = this.#waits.get(reason) ?? new Set();
      this.#waits.set(reason, waiting);
      toggle(waiting, live, times);
    }
  }

  get counts(): KindCounts {
    return Object.fromEntries([...this.#counts].filter(([, count]) => count > 0));
  }

  /** How many there are without those that were cancelled. */
  get kept(): number {
    let kept = 0;
    for (const [kind, count] of this.#counts) if (kind !== 'cancelled') kept += count;
    return kept;
  }

  get bytes(): { readonly total: number; readonly committed: number; readonly paused: number } {
    return { total: this.#total, committed: this.#committed, paused: this.#left.get('paused') ?? 0 };
  }

  /** Those that have bytes on their way, or could at any moment. */
  get moving(): ReadonlySet<Live> {
    return this.#moving;
  }

  /** By reason: how many, and what one of them is told. */
  get waits(): readonly { readonly reason: WaitReason; readonly count: number; readonly message: string }[] {
    return [...this.#waits].flatMap(([reason, waiting]) => {
      const [first] = waiting;
      const state = first?.record.state;
      return state?.kind === 'waiting' ? [{ reason, count: waiting.size, message: state.error.message }] : [];
    });
  }
}

function toggle<T>(set: Set<T>, value: T, times: 1 | -1): void {
  if (times === 1) set.add(value);
  else set.delete(value);
}

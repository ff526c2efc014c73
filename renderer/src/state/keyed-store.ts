interface Keyed {
  readonly id: string;
}

/** Records by id. Whoever reads one record is woken for that record only; whoever reads lists, once a batch. */
export class KeyedStore<T extends Keyed> {
  readonly #records = new Map<string, T>();
  readonly #byId = new Map<string, Set<() => void>>();
  readonly #all = new Set<() => void>();
  #list: readonly T[] | null = null;

  readonly get = (id: string): T | undefined => this.#records.get(id);
  readonly values = (): IterableIterator<T> => this.#records.values();
  /** All records; the same array until something changes. */
  readonly all = (): readonly T[] => (this.#list ??= [...this.#records.values()]);

  /** @returns the records that were not known before */
  apply(records: readonly T[], removed: readonly string[] = []): readonly T[] {
    const woken = new Set<string>();
    const fresh: T[] = [];
    for (const record of records) {
      if (!this.#records.has(record.id)) fresh.push(record);
      this.#records.set(record.id, record);
      woken.add(record.id);
    }
    for (const id of removed) if (this.#records.delete(id)) woken.add(id);
    this.#wake(woken);
    return fresh;
  }

  /** What the engine lists is all there is: what it does not list is gone. */
  replace(records: readonly T[]): void {
    const listed = new Set(records.map(({ id }) => id));
    this.apply(
      records,
      [...this.#records.keys()].filter((id) => !listed.has(id)),
    );
  }

  /** Forgets the oldest that nobody reads, once there are more than so many. */
  prune(most: number): void {
    if (this.#records.size <= most) return;
    for (const id of this.#records.keys()) {
      if (this.#records.size <= most / 2) break;
      if (!this.#byId.has(id)) this.#records.delete(id);
    }
    this.#list = null;
  }

  subscribe(id: string, listener: () => void): () => void {
    const listeners = this.#byId.get(id) ?? new Set();
    listeners.add(listener);
    this.#byId.set(id, listeners);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#byId.delete(id);
    };
  }

  readonly subscribeAll = (listener: () => void): (() => void) => {
    this.#all.add(listener);
    return () => this.#all.delete(listener);
  };

  #wake(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    this.#list = null;
    for (const id of ids) for (const listener of this.#byId.get(id) ?? []) listener();
    for (const listener of this.#all) listener();
  }
}

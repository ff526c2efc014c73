import {
  DEFAULT_TABLES_SETTINGS,
  type Flow,
  type FlowDraft,
  type Recipe,
  type SavedRecipe,
} from '#shared/domain';

/** Kept as long as the fake engine runs. */
export class Kept<T extends { readonly id: string }> {
  #all: readonly T[] = [];
  readonly #missing: () => never;

  constructor(missing: () => never) {
    this.#missing = missing;
  }

  list(): T[] {
    return [...this.#all];
  }

  save(id: string | null, make: (id: string, createdAt: number) => T): T {
    if (id !== null) this.#known(id);
    const made = make(id ?? `kept-${this.#all.length + 1}`, Date.now());
    this.#all = [...this.#all.filter((one) => one.id !== made.id), made];
    return made;
  }

  remove(id: string): void {
    this.#known(id);
    this.#all = this.#all.filter((one) => one.id !== id);
  }

  #known(id: string): void {
    if (!this.#all.some((one) => one.id === id)) this.#missing();
  }
}

export function keptThings(missing: () => never) {
  const flows = new Kept<Flow>(missing);
  const recipes = new Kept<SavedRecipe>(missing);
  return {
    flows,
    recipes,
    tables: { settings: DEFAULT_TABLES_SETTINGS },
    saveFlow: (id: string | null, draft: FlowDraft) =>
      flows.save(id, (of, createdAt) => ({ ...draft, id: of, createdAt })),
    saveRecipe: (id: string | null, recipe: Recipe) =>
      recipes.save(id, (of, createdAt) => ({ id: of, recipe, createdAt })),
  };
}

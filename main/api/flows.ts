import { randomUUID } from 'node:crypto';
import { sluiceError } from '#shared/errors';
import type { Services } from './services.ts';
import type { Implementer } from './transfers.ts';

/** Recipes that were kept, and what is done by itself with uploads. */
export function flowHandlers(os: Implementer, { flows }: Services) {
  return {
    list: os.flows.list.handler(() => [...flows.list()]),
    save: os.flows.save.handler(({ input }) => flows.save(input.id, input.flow)),
    remove: os.flows.remove.handler(({ input }) => flows.remove(input.id)),
  };
}

export function savedRecipeHandlers(os: Implementer, { journal, clock }: Services) {
  const known = (id: string) => {
    const found = journal.recipes.list().find((saved) => saved.id === id);
    if (found === undefined) throw sluiceError('NOT_FOUND', { what: 'such recipe' });
    return found;
  };
  return {
    list: os.recipes.list.handler(() => [...journal.recipes.list()]),
    save: os.recipes.save.handler(({ input }) => {
      const before = input.id === null ? { id: randomUUID(), createdAt: clock.now() } : known(input.id);
      const saved = { id: before.id, recipe: input.recipe, createdAt: before.createdAt };
      journal.recipes.save(saved);
      return saved;
    }),
    remove: os.recipes.remove.handler(({ input }) => journal.recipes.remove(known(input.id).id)),
  };
}

/** How much of this machine tables may take. */
export function tableSettingsHandlers(os: Implementer, { journal, tables, runs, limitsOfTables }: Services) {
  return {
    settings: os.tables.settings.handler(() => journal.settings.tables()),
    setSettings: os.tables.setSettings.handler(({ input }) => {
      journal.settings.saveTables(input);
      tables.configure(limitsOfTables(input));
      runs.look();
      return input;
    }),
  };
}

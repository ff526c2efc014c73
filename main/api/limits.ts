import type { Limits } from '#shared/domain';
import type { Services } from './services.ts';
import type { implementer } from './transfers.ts';

/** How much of the line transfers may take: kept in the journal, and in force at once. */
export function limitHandlers(os: ReturnType<typeof implementer>, { journal, limits, transfers }: Services) {
  const get = (): Limits => ({ settings: limits.settings, now: limits.now });
  const apply = (settings: Limits['settings']): Limits => {
    journal.settings.saveTransfers(settings);
    transfers.applySettings(settings);
    limits.apply(settings);
    return get();
  };
  return {
    get: os.limits.get.handler(get),
    set: os.limits.set.handler(({ input }) => apply({ ...input, override: limits.settings.override })),
    override: os.limits.override.handler(({ input }) => apply({ ...limits.settings, override: input })),
  };
}

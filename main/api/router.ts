import { browse } from './browse.ts';
import { flowHandlers, savedRecipeHandlers, tableSettingsHandlers } from './flows.ts';
import { limitHandlers } from './limits.ts';
import { downloadHandlers, fetchOutput } from './downloads.ts';
import { dropHandlers, leftoverHandlers } from './drops.ts';
import { recipeHandlers } from './recipes.ts';
import { sample, withoutUndefined } from './sample.ts';
import type { Services } from './services.ts';
import { tableHandlers } from './tables.ts';
import { implementer, pageUploadHandlers, transferHandlers } from './transfers.ts';

/** One handler for each procedure of the contract: validated input in, one call, mapped output. */
export function createRouter(services: Services) {
  const os = implementer(services.log);
  const {
    journal,
    picker,
    preferences,
    connections,
    custody,
    manifests,
    sessions,
    runs,
    outputs,
    copies,
    changes,
    deliveries,
  } = services;

  return os.router({
    system: {
      info: os.system.info.handler(() => services.info),
      changes: os.system.changes.handler(({ signal }) =>
        changes.batches(signal ?? new AbortController().signal),
      ),
      preferences: os.system.preferences.handler(() => preferences.get()),
      setPreferences: os.system.setPreferences.handler(({ input }) => {
        const saved = preferences.set(withoutUndefined(input));
        changes.preferences(saved);
        return saved;
      }),
      sample: os.system.sample.handler(() => sample(services.sampleFile)),
    },
    files: {
      pick: os.files.pick.handler(async ({ input }) => [...(await picker.pick(input.what))]),
      browse: os.files.browse.handler(({ input }) => browse(input.path, services.info)),
    },
    connections: {
      list: os.connections.list.handler(() => [...connections.list()]),
      add: os.connections.add.handler(async ({ input }) => {
        const added = await connections.add(input);
        changes.connections();
        return added;
      }),
      update: os.connections.update.handler(async ({ input }) => {
        const before = connections.get(input.id).settings;
        const updated = await connections.update(input.id, input.change, input.settings);
        const { id, settings } = updated;
        const { transfers, limits } = services;
        transfers.bandwidth.setConnectionLimit(id, settings.bytesPerSecond);
        if (input.change !== null || settings.accelerate !== before.accelerate) transfers.reconnect(id);
        else transfers.applySettings(limits.settings); // it asks each connection how many streams it may have
        changes.connections();
        return updated;
      }),
      remove: os.connections.remove.handler(async ({ input }) => {
        await connections.remove(input.id);
        changes.connections();
      }),
      doctor: os.connections.doctor.handler(async ({ input }) => {
        const findings = await connections.doctor(input.id);
        changes.connections();
        return [...findings];
      }),
      allowPages: os.connections.allowPages.handler(({ input }) => connections.allowPages(input.id)),
    },
    sessions: {
      list: os.sessions.list.handler(() => [...sessions.list()]),
      rename: os.sessions.rename.handler(({ input }) => {
        const renamed = sessions.rename(input.id, input.title);
        changes.session(input.id);
        return renamed;
      }),
      setRetention: os.sessions.setRetention.handler(({ input }) => {
        const changed = sessions.setRetention(input.id, input.days);
        changes.session(input.id);
        return changed;
      }),
      setCustody: os.sessions.setCustody.handler(({ input }) => {
        const changed = sessions.setCustody(input.id, input.custody);
        manifests.touched(input.id);
        changes.session(input.id);
        return changed;
      }),
      manifest: os.sessions.manifest.handler(async ({ input }) => {
        const { name, text } = await custody.manifest(input.id);
        return { name, text };
      }),
      verify: os.sessions.verify.handler(async ({ input, signal = never() }) => {
        const { verification, checks } = await custody.verify(input.id, signal);
        return { verification, checks: [...checks] };
      }),
      remove: os.sessions.remove.handler(async ({ input }) => {
        const copied = [...services.transfers.records(input.id), ...outputs.list(input.id)].map(
          ({ id }) => id,
        );
        await runs.cancelAll(input.id);
        await services.drops.stop(input.id);
        await services.manifests.forget(input.id);
        await sessions.remove(input.id);
        await copies.forget(copied);
        changes.sessionRemoved(input.id);
      }),
      refused: os.sessions.refused.handler(({ input }) => {
        sessions.record(input.id);
        return services.drops.refused(input.id, input.offset, input.limit);
      }),
      activity: os.sessions.activity.handler(({ input }) => [...sessions.activity(input.id)]),
    },
    transfers: transferHandlers(os, services),
    limits: limitHandlers(os, services),
    downloads: downloadHandlers(os, services),
    pageUploads: pageUploadHandlers(os, services),
    drops: dropHandlers(os, services),
    leftovers: leftoverHandlers(os, services),
    tables: { ...tableHandlers(os, services), ...tableSettingsHandlers(os, services) },
    flows: flowHandlers(os, services),
    recipes: savedRecipeHandlers(os, services),
    runs: {
      start: os.runs.start.handler(({ input }) => runs.start(input)),
      list: os.runs.list.handler(({ input }) => [...runs.list(input.sessionId)]),
      cancel: os.runs.cancel.handler(({ input }) => runs.cancel(input.id)),
      ...recipeHandlers(os, services),
    },
    outputs: {
      list: os.outputs.list.handler(({ input }) => [...outputs.list(input.sessionId)]),
      preview: os.outputs.preview.handler(async ({ input, signal = never() }) => {
        const { columns, rows } = await outputs.preview(input.id, signal);
        return { columns: [...columns], rows: rows.map((row) => [...row]) };
      }),
      columns: os.outputs.columns.handler(async ({ input, signal = never() }) => [
        ...(await outputs.columns(input.id, signal)),
      ]),
      chart: os.outputs.chart.handler(({ input, signal = never() }) =>
        outputs.chart(input.id, input.chart, signal),
      ),
      link: os.outputs.link.handler(({ input }) => outputs.link(input.id, input.seconds, input.attachment)),
      download: os.outputs.download.handler(async ({ input }) => {
        const folder = picker.resolve(input.folder);
        const path = await fetchOutput(services, input.id, folder);
        changes.preferences(preferences.set({ downloadFolder: folder }));
        return { path };
      }),
      open: os.outputs.open.handler(({ input, signal = never() }) => outputs.open(input.id, signal)),
      reveal: os.outputs.reveal.handler(({ input, signal = never() }) => outputs.reveal(input.id, signal)),
    },
    targets: {
      deliver: os.targets.deliver.handler(({ input, signal = never() }) =>
        deliveries.deliver(outputs.get(input.outputId), picker.resolve(input.file), signal),
      ),
      deliveries: os.targets.deliveries.handler(({ input }) => [...journal.deliveries.list(input.sessionId)]),
    },
  });

  function never(): AbortSignal {
    return new AbortController().signal;
  }
}

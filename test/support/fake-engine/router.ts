import { implement, ORPCError } from '@orpc/server';
import { type Change, contract } from '#shared/contract';
import {
  AS_FOUND,
  cleanRecipe,
  type Fix,
  MOST_COPIED,
  NO_SETTINGS,
  type PartState,
  type Reading,
  type ShownRow,
  type TableView,
  type Transfer,
} from '#shared/domain';
import { type ErrorCode, type DetailsOf, sluiceError } from '#shared/errors';
import { crc32, encodeCrc32 } from '#shared/lib';
import { chartOf, factsOf, relationsOf } from './charts.ts';
import { planOf } from './choices.ts';
import { downloadsOf, NOW, outputOf, runOf, transferOf } from './data.ts';
import { find, watch } from './files.ts';
import { keptThings } from './flows.ts';
import { loading, rejectsOf, viewOf } from './rows.ts';
import { pretendedPreview } from './recipes.ts';
import { previewOf, profileOf, widePreview } from './table.ts';
import { decode, encode, script } from './uploads.ts';
import { type World } from './world.ts';

function fail<C extends ErrorCode>(code: C, details: DetailsOf<C>): never {
  const { message, hint, retry, details: facts } = sluiceError(code, details);
  throw new ORPCError(code, { defined: true, message, data: { hint, retry, details: facts } });
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
  });

/** The contract, played: enough of an engine that every view has something to show and every button an effect. */
export function routerOf(world: World, origin: () => string) {
  const os = implement(contract);
  const known = (id: string): Transfer => world.transfer(id) ?? fail('NOT_FOUND', { what: 'transfer' });
  const session = (id: string) => world.sessions.get(id) ?? fail('NOT_FOUND', { what: 'session' });
  const become = (id: string, state: Transfer['state']) => {
    const transfer = known(id);
    const progress = { ...transfer.progress, inFlight: 0, bytesPerSecond: null, secondsLeft: null };
    const parts = encode(decode(transfer.parts).map((part) => (part === 'flying' ? 'waiting' : part)));
    return world.put(transfer.sessionId, { ...transfer, state, progress, parts });
  };
  const start = (sessionId: string, name: string, size: number, page: boolean): Transfer => {
    const parts = encode(Array.from({ length: Math.max(1, Math.ceil(size / 8_388_608)) }, () => 'waiting'));
    return world.put(
      sessionId,
      transferOf(
        sessionId,
        world.id('f'),
        { name, size, page, state: { kind: 'transferring' }, parts },
        Date.now(),
      ),
    );
  };

  const system = {
    info: os.system.info.handler(() => world.info),
    changes: os.system.changes.handler(async function* changes({ signal }) {
      yield [];
      let waiting: Change[] = [];
      let wake = () => {};
      const hear = (change: Change) => {
        waiting.push(change);
        wake();
      };
      world.changes.on('change', hear);
      signal?.addEventListener('abort', () => wake());
      try {
        // oxlint-disable-next-line no-unmodified-loop-condition -- it is aborted from outside
        while (signal?.aborted !== true) {
          if (waiting.length === 0) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          await pause(100);
          const batch = waiting;
          waiting = [];
          if (batch.length > 0) yield batch;
        }
      } finally {
        world.changes.off('change', hear);
      }
    }),
    preferences: os.system.preferences.handler(() => world.preferences),
    setPreferences: os.system.setPreferences.handler(({ input }) => {
      const set = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
      world.preferences = { ...world.preferences, ...set };
      world.tell({ kind: 'preferences', preferences: world.preferences });
      return world.preferences;
    }),
    sample: os.system.sample.handler(() => ({
      file: { kind: 'path' as const, path: '/opt/sluice/sample.csv' },
      name: 'sample.csv',
      size: 184_220,
    })),
  };

  const files = {
    pick: os.files.pick.handler(() => [
      { file: { kind: 'handle' as const, handle: 'h1' }, name: 'picked.csv', path: '/home/ana/picked.csv' },
    ]),
    browse: os.files.browse.handler(({ input }) => {
      const path = input.path ?? '/home/ana';
      if (path === '/root') fail('SOURCE_UNREADABLE', { path });
      if (!/^\/(home|data)/.test(path)) fail('SOURCE_MISSING', { path });
      const names = ['Desktop', 'Documents', 'Downloads', 'plant-7'];
      const folders = names.map((name) => entry(path, name, 'folder'));
      const found = Array.from({ length: 400 }, (_, index) => entry(path, `export-${index}.csv`, 'file'));
      return {
        path,
        parent: path === '/home/ana' ? '/home' : path.split('/').slice(0, -1).join('/') || null,
        entries: [
          ...folders,
          ...found,
          { ...entry(path, 'secret.csv', 'file'), readable: false },
          entry(path, 'pipe', 'other'),
        ],
        omitted: 0,
      };
    }),
  };
  const entry = (folder: string, name: string, kind: 'file' | 'folder' | 'other') => ({
    name,
    path: `${folder}/${name}`,
    kind,
    size: kind === 'file' ? 1_234_567 : 0,
    modified: NOW - 86_400_000,
    readable: true,
  });

  const connections = {
    list: os.connections.list.handler(() => world.connections),
    add: os.connections.add.handler(({ input }) => {
      const { credentials, ...rest } = input;
      const kept =
        credentials.kind === 'keys'
          ? { kind: 'keys' as const, accessKeyId: credentials.accessKeyId }
          : credentials;
      const added = {
        ...rest,
        id: world.id('c'),
        kind: 's3' as const,
        origin: 'user' as const,
        credentials: kept,
        capabilities: null,
        settings: NO_SETTINGS,
      };
      world.connections = [...world.connections, added];
      world.tell({ kind: 'connections' });
      return added;
    }),
    update: os.connections.update.handler(({ input: { id, change, settings } }) => {
      const now =
        world.connections.find((one) => one.id === id) ?? fail('NOT_FOUND', { what: 'such connection' });
      const { credentials, ...rest } = change ?? { credentials: null };
      const updated = {
        ...now,
        ...rest,
        settings,
        ...(credentials === null || credentials.kind === 'keys' ? {} : { credentials }),
      };
      world.connections = world.connections.map((one) => (one.id === id ? updated : one));
      world.tell({ kind: 'connections' });
      return updated;
    }),
    remove: os.connections.remove.handler(({ input }) => {
      world.connections = world.connections.filter(({ id }) => id !== input.id);
      world.tell({ kind: 'connections' });
    }),
    doctor: os.connections.doctor.handler(async ({ input }) => {
      await pause(150);
      const ok = input.id === 'builtin';
      return [
        { check: 'reach' as const, outcome: 'ok' as const, sentence: 'The store answers in 2 ms.', hint: '' },
        {
          check: 'credentials' as const,
          outcome: ok ? ('ok' as const) : ('failed' as const),
          sentence: ok ? 'The keys are taken.' : 'The profile research has no keys any more.',
          hint: ok ? '' : 'Run aws sso login --profile research, then run the doctor again.',
        },
        {
          check: 'clock' as const,
          outcome: 'warning' as const,
          sentence: 'This clock is 41 s behind that of the store.',
          hint: 'It works up to 15 minutes; set it by the network.',
        },
        {
          check: 'cors' as const,
          outcome: 'skipped' as const,
          sentence: 'Not asked: keys failed.',
          hint: '',
        },
      ];
    }),
    allowPages: os.connections.allowPages.handler(() => undefined),
  };

  const sessions = {
    list: os.sessions.list.handler(() => [...world.sessions.values()]),
    rename: os.sessions.rename.handler(({ input }) => world.rename(input.id, input.title)),
    setRetention: os.sessions.setRetention.handler(({ input }) => session(input.id)),
    setCustody: os.sessions.setCustody.handler(({ input }) => world.setCustody(input.id, input.custody)),
    manifest: os.sessions.manifest.handler(({ input }) => ({
      name: `${session(input.id).title}.manifest.json`,
      text: '{}\n',
    })),
    verify: os.sessions.verify.handler(async ({ input }) => {
      await pause(150);
      const files = (world.transfers.get(input.id) ?? []).filter(({ state }) => state.kind === 'done');
      const checks = files.slice(0, 2).map(({ relativePath, key }, index) =>
        index === 0
          ? {
              outcome: 'differs' as const,
              path: relativePath,
              key,
              differences: [{ what: 'size' as const, expected: '184220', found: '184000' }],
            }
          : {
              outcome: 'unchecked' as const,
              path: relativePath,
              key,
              error: sluiceError('ACCESS_DENIED', { action: 'read', resource: key }).report(),
            },
      );
      const differ = checks.filter(({ outcome }) => outcome === 'differs').length;
      const unchecked = checks.length - differ;
      return {
        verification: {
          files: files.length,
          agree: files.length - checks.length,
          differ,
          unchecked,
          neverArrived: 0,
          bytesRead: 0,
        },
        checks,
      };
    }),
    remove: os.sessions.remove.handler(({ input }) => {
      world.sessions.delete(input.id);
      world.transfers.delete(input.id);
      world.tell({ kind: 'sessions', sessions: [], removed: [input.id] });
    }),
    refused: os.sessions.refused.handler(() => ({ total: 0, refused: [] })),
    activity: os.sessions.activity.handler(({ input }) =>
      (world.transfers.get(input.id) ?? []).slice(0, 20).map((transfer, index) => ({
        id: index,
        at: NOW - index * 61_000,
        sessionId: input.id,
        action: index % 3 === 0 ? 'upload' : index % 3 === 1 ? 'run' : 'share',
        subject: transfer.key,
        outcome: index % 4 === 3 ? ('failed' as const) : ('ok' as const),
        detail: index % 4 === 3 ? 'STORE_UNREACHABLE' : 'CRC-32 y/U6HA==',
      })),
    ),
  };

  const transfers = {
    add: os.transfers.add.handler(({ input }) => {
      const paths = input.files.map((file) => (file.kind === 'path' ? file.path : '/home/ana/picked.csv'));
      const bad = paths.filter((path) => path.includes('secret'));
      const good = paths.filter((path) => !path.includes('secret'));
      const name = (path: string) => path.split('/').at(-1) ?? path;
      const sessionId = input.sessionId ?? world.addSession(name(paths[0] ?? ''), Date.now());
      for (const path of good) script(world, start(sessionId, name(path), 184_220 * 400, false).id);
      return {
        session: session(sessionId),
        added: good.length,
        scanning: false,
        refused: bad.map((path) => ({
          name: name(path),
          error: sluiceError('SOURCE_UNREADABLE', { path }).report(),
        })),
      };
    }),
    list: os.transfers.list.handler(({ input }) => {
      const list = world.transfers.get(input.sessionId) ?? fail('NOT_FOUND', { what: 'session' });
      const files = find(list, input);
      return { total: files.length, transfers: files.slice(input.offset, input.offset + input.limit) };
    }),
    watch: os.transfers.watch.handler(({ input, signal = new AbortController().signal }) => {
      session(input.sessionId);
      return watch(world, input, signal);
    }),
    seek: os.transfers.seek.handler(({ input }) => {
      const files = find(world.transfers.get(input.sessionId) ?? [], input);
      const fits = (index: number) =>
        files[index % files.length]?.relativePath.toLowerCase().startsWith(input.prefix) === true;
      const step = files.findIndex((_, index) => fits(input.from + index));
      return step < 0 ? null : (input.from + step) % files.length;
    }),
    get: os.transfers.get.handler(({ input }) => input.ids.flatMap((id) => world.transfer(id) ?? [])),
    pause: os.transfers.pause.handler(({ input }) => become(input.id, { kind: 'paused' })),
    resume: os.transfers.resume.handler(({ input }) => {
      const transfer = become(input.id, { kind: 'transferring' });
      if (transfer.source.kind !== 'page') script(world, input.id);
      return transfer;
    }),
    replace: os.transfers.replace.handler(({ input }) => {
      const transfer = become(input.id, { kind: 'transferring' });
      script(world, input.id);
      return transfer;
    }),
    cancel: os.transfers.cancel.handler(({ input }) => become(input.id, { kind: 'cancelled' })),
    prioritise: os.transfers.prioritise.handler(({ input }) => {
      const priority = input.to === 'first' ? 1 : input.to === 'last' ? -1 : input.to;
      for (const id of input.ids) {
        const transfer = known(id);
        world.put(transfer.sessionId, { ...transfer, priority });
      }
    }),
    schedule: os.transfers.schedule.handler(({ input: { id, at } }) =>
      become(id, at === null ? { kind: 'queued' } : { kind: 'scheduled', at }),
    ),
    pauseAll: os.transfers.pauseAll.handler(() => {
      for (const list of world.transfers.values()) {
        for (const { id, state } of list) {
          if (state.kind === 'transferring' || state.kind === 'queued') become(id, { kind: 'paused' });
        }
      }
    }),
    resumeAll: os.transfers.resumeAll.handler(() => {
      for (const list of world.transfers.values()) {
        for (const { id, state } of list) {
          if (state.kind !== 'paused') continue;
          become(id, { kind: 'transferring' });
          script(world, id);
        }
      }
    }),
    receiptPage: os.transfers.receiptPage.handler(({ input }) => ({
      name: `${known(input.id).name}.receipt.html`,
      html: '<!doctype html><title>Receipt</title>',
    })),
    receipt: os.transfers.receipt.handler(({ input }) => {
      const { name, size, bucket, key, parts, partSize } = known(input.id);
      return {
        version: 1 as const,
        transferId: input.id,
        source: { name, path: `/data/exports/${name}`, size, modified: new Date(NOW).toISOString() },
        object: {
          endpoint: 'http://127.0.0.1:41873',
          bucket,
          key,
          etag: '"9b2cf535f27731c974343645a3985328-12"',
          versionId: null,
          size,
        },
        crc32: 'y/U6HA==',
        parts: { count: decode(parts).length, size: partSize, kept: 2, resent: 1 },
        proven: [
          `size: ${size.toLocaleString('en-US')} bytes here and there`,
          'CRC-32 of the whole object: the same here and there',
          'every part: its checksum was taken by the store',
        ],
        startedAt: new Date(NOW).toISOString(),
        finishedAt: new Date(NOW + 42_000).toISOString(),
      };
    }),
  };

  const setLimits = (settings: World['limits']['settings']): World['limits'] => {
    const { override, bytesPerSecond } = settings;
    world.limits = {
      settings,
      now:
        override === null
          ? { bytesPerSecond, by: 'setting', until: null }
          : { bytesPerSecond: override.bytesPerSecond, by: 'hand', until: override.until },
    };
    world.tell({ kind: 'limits', limits: world.limits });
    return world.limits;
  };
  const limits = {
    get: os.limits.get.handler(() => world.limits),
    set: os.limits.set.handler(({ input }) =>
      setLimits({ ...input, override: world.limits.settings.override }),
    ),
    override: os.limits.override.handler(({ input }) =>
      setLimits({ ...world.limits.settings, override: input }),
    ),
  };

  const pageUploads = {
    begin: os.pageUploads.begin.handler(({ input }) => {
      if (input.size === 0) fail('SOURCE_EMPTY', { path: input.name });
      const sessionId = input.sessionId ?? world.addSession(input.name, Date.now());
      const earlier = world.transfers
        .get(sessionId)
        ?.find(
          ({ name, size, state }) => name === input.name && size === input.size && state.kind !== 'done',
        );
      const transfer = earlier ?? start(sessionId, input.name, input.size, true);
      return { session: session(sessionId), transfer, parts: transfer.parts };
    }),
    sign: os.pageUploads.sign.handler(({ input }) =>
      input.parts.map(({ number, crc32: sum }) => ({
        number,
        url: `${origin()}/put/${input.id}/${number}`,
        headers: { 'x-amz-checksum-crc32': sum },
      })),
    ),
    report: os.pageUploads.report.handler(({ input }) => {
      const transfer = known(input.id);
      if (transfer.state.kind === 'paused') return { state: 'paused' as const };
      if (transfer.state.kind === 'cancelled') return { state: 'stopped' as const };
      const states = decode(transfer.parts).map((state): PartState =>
        state === 'flying' ? 'waiting' : state,
      );
      for (const number of input.flying) states[number - 1] = 'flying';
      for (const { number } of input.sent) states[number - 1] = 'sent';
      const there = states.filter((state) => state === 'sent' || state === 'kept').length;
      const committed = Math.min(transfer.size, there * transfer.partSize);
      world.put(transfer.sessionId, {
        ...transfer,
        parts: encode(states),
        progress: { ...transfer.progress, committed, inFlight: input.inFlight, bytesPerSecond: 9_000_000 },
      });
      return { state: 'go-on' as const };
    }),
    complete: os.pageUploads.complete.handler(({ input }) => {
      const transfer = known(input.id);
      const parts = encode(decode(transfer.parts).map(() => 'verified' as const));
      const progress = { ...transfer.progress, committed: transfer.size, inFlight: 0, bytesPerSecond: null };
      const state = { kind: 'done' as const };
      return world.put(transfer.sessionId, { ...transfer, parts, state, progress, finishedAt: Date.now() });
    }),
  };

  const drops = {
    prepare: os.drops.prepare.handler(({ input }) => {
      if (input.folder === null) return { plan: null, refused: [] };
      world.dropped = input.pageFiles.length;
      return { plan: planOf(input.files.length + input.pageFiles.length, input.folder), refused: [] };
    }),
    start: os.drops.start.handler(() => ({
      session: null,
      sent: 0,
      skipped: 3,
      already: null,
      refused: [],
      page: Array.from({ length: world.dropped }, () => null),
    })),
    forget: os.drops.forget.handler(() => undefined),
    folders: os.drops.folders.handler(({ input }) =>
      input.below === '' ? ['reports', 'surveys'] : ['2026'],
    ),
  };

  const leftovers = {
    list: os.leftovers.list.handler(() => ({
      total: world.leftovers.length,
      bytes: world.leftovers.reduce((sum, { bytes }) => sum + bytes, 0),
      leftovers: world.leftovers,
      pricePerGbMonth: 0.023,
    })),
    countOld: os.leftovers.countOld.handler(
      () => world.leftovers.filter(({ mayBeInUse }) => !mayBeInUse).length,
    ),
    resume: os.leftovers.resume.handler(({ input }) =>
      input.file === null
        ? fail('LEFTOVER_UNFIT', { key: input.key, reason: 'nobody here knows of which file it is' })
        : known('f-00'),
    ),
    remove: os.leftovers.remove.handler(({ input }) => {
      const gone = new Set(input.uploads.map(({ uploadId }) => uploadId));
      world.leftovers = world.leftovers.filter(({ uploadId }) => !gone.has(uploadId));
    }),
  };

  const readings = new Map<string, Reading>();
  const fixes = new Map<string, readonly Fix[]>();
  const fixesOf = (id: string): readonly Fix[] => fixes.get(id) ?? [];
  const kept = keptThings(() => fail('NOT_FOUND', { what: 'such a one' }));
  const flows = {
    list: os.flows.list.handler(() => kept.flows.list()),
    save: os.flows.save.handler(({ input }) => kept.saveFlow(input.id, input.flow)),
    remove: os.flows.remove.handler(({ input }) => kept.flows.remove(input.id)),
  };
  const recipes = {
    list: os.recipes.list.handler(() => kept.recipes.list()),
    save: os.recipes.save.handler(({ input }) => kept.saveRecipe(input.id, input.recipe)),
    remove: os.recipes.remove.handler(({ input }) => kept.recipes.remove(input.id)),
  };

  const tables = {
    settings: os.tables.settings.handler(() => kept.tables.settings),
    setSettings: os.tables.setSettings.handler(({ input }) => (kept.tables.settings = input)),
    reading: os.tables.reading.handler(({ input }) => readings.get(input.transferId) ?? AS_FOUND),
    setReading: os.tables.setReading.handler(
      ({ input }) => void readings.set(input.transferId, input.reading),
    ),
    preview: os.tables.preview.handler(async ({ input }) => {
      const { name, size } = known(input.transferId);
      await pause(50);
      if (name.endsWith('.zip') || name.endsWith('.parquet'))
        fail('TABLE_NOT_TEXT', { name, kind: 'binary data' });
      return name.startsWith('warehouse') ? widePreview(name) : previewOf(name, size);
    }),
    profile: os.tables.profile.handler(async ({ input }) => {
      await pause(known(input.transferId).name.startsWith('customers') ? 60_000 : 150);
      return profileOf();
    }),
    load: os.tables.load.handler(() => loading(pause)),
    rows: os.tables.rows.handler(async ({ input: { transferId, view, offset, limit, columns } }) => {
      await pause(8);
      const { total, at } = rowsOf(transferId, view);
      const count = Math.max(0, Math.min(limit, total - offset));
      const shown = Array.from({ length: count }, (_, row) => at(offset + row));
      const cut = ({ cells, ...rest }: ShownRow): ShownRow => ({
        ...rest,
        cells: cells.slice(columns.from, columns.from + columns.count),
      });
      return { total, exact: true, rows: shown.map(cut) };
    }),
    find: os.tables.find.handler(({ input: { transferId, view, text, from, backwards } }) => {
      const { total, at } = rowsOf(transferId, view);
      const sought = text.toLowerCase();
      const columnAt = (offset: number): number =>
        at(offset).cells.findIndex((cell) => cell?.toLowerCase().includes(sought) === true);
      const hits = Array.from({ length: Math.min(total, 2000) }, (_, offset) => offset).filter(
        (offset) => columnAt(offset) >= 0,
      );
      const near = backwards
        ? hits.findLastIndex((offset) => offset <= from)
        : hits.findIndex((offset) => offset >= from);
      const index = near === -1 ? (backwards ? hits.length - 1 : 0) : near;
      const offset = hits[index];
      return {
        count: hits.length,
        next: offset === undefined ? null : { index, offset, column: columnAt(offset) },
      };
    }),
    values: os.tables.values.handler(({ input: { transferId, column, text, limit } }) => {
      const counts = new Map<string, number>();
      const { at } = rowsOf(transferId, { sort: [], filters: [] });
      for (let offset = 0; offset < 500; offset += 1) {
        const cell = at(offset).cells[column] ?? null;
        if (cell?.toLowerCase().includes(text.toLowerCase()) !== true) continue;
        counts.set(cell, (counts.get(cell) ?? 0) + 1);
      }
      return [...counts].slice(0, limit).map(([value, count]) => ({ value, count }));
    }),
    copy: os.tables.copy.handler(({ input: { transferId, view, offset, count, columns } }) => {
      if (count * columns.length > MOST_COPIED) fail('INPUT_INVALID', { what: 'these are too many cells' });
      const { at } = rowsOf(transferId, view);
      const lines = Array.from({ length: count }, (_, row) =>
        columns.map((index) => at(offset + row).cells[index] ?? '').join('\t'),
      );
      return { text: lines.join('\n') };
    }),
    facts: os.tables.facts.handler(async ({ input }) => {
      await pause(80);
      return factsOf(shownOf(input.transferId), input.column);
    }),
    relations: os.tables.relations.handler(({ input }) =>
      relationsOf(shownOf(input.transferId), input.target),
    ),
    report: os.tables.report.handler(({ input }) => ({
      name: `${known(input.transferId).name}.report.${input.as}`,
      text: input.as === 'html' ? '<!doctype html><title>Report</title>' : '{}',
    })),
    chart: os.tables.chart.handler(async ({ input }) => {
      await pause(80);
      return chartOf(shownOf(input.transferId), input.chart);
    }),
    rejects: os.tables.rejects.handler(({ input: { transferId, offset, limit } }) =>
      rejectsOf(fixesOf(transferId), offset, limit),
    ),
    exportRejects: os.tables.exportRejects.handler(() => ({ name: 'rejected.csv', text: 'line\r\n' })),
    cut: os.tables.cut.handler(({ input }) => ({ cells: input.raw.split(';') })),
    fix: os.tables.fix.handler(({ input: { transferId, fix } }) => {
      fixes.set(transferId, [...fixesOf(transferId).filter(({ byte }) => byte !== fix.byte), fix]);
    }),
    unfix: os.tables.unfix.handler(({ input: { transferId, byte: at } }) => {
      fixes.set(
        transferId,
        fixesOf(transferId).filter(({ byte }) => byte !== at),
      );
    }),
  };
  const shownOf = (id: string) => {
    const { name, size } = known(id);
    return name.startsWith('warehouse') ? widePreview(name) : previewOf(name, size);
  };
  const rowsOf = (id: string, view: TableView) => viewOf(shownOf(id), view, fixesOf(id));

  const runs = {
    previewSteps: os.runs.previewSteps.handler(({ input }) =>
      pretendedPreview(input.recipe, shownOf(input.transferId)),
    ),
    suggest: os.runs.suggest.handler(({ input }) => {
      known(input.transferId);
      return { ...cleanRecipe(input.target), name: 'Prepare for modelling' };
    }),
    start: os.runs.start.handler(({ input }) => {
      const transfer = known(input.transferId);
      const { recipe, formats, options, inputs } = input;
      const made = {
        ...runOf(world.id('run'), transfer.sessionId, transfer, { kind: 'queued' }, Date.now()),
        recipe,
        formats,
        options,
        inputs,
      };
      world.runs.unshift(made);
      void play(made.id);
      return made;
    }),
    list: os.runs.list.handler(({ input }) =>
      world.runs.filter(({ sessionId }) => sessionId === input.sessionId),
    ),
    cancel: os.runs.cancel.handler(({ input }) => change(input.id, { state: { kind: 'cancelled' } })),
  };
  const change = (id: string, by: Partial<(typeof world.runs)[number]>) => {
    const at = world.runs.findIndex((run) => run.id === id);
    const now = world.runs[at] ?? fail('NOT_FOUND', { what: 'run' });
    const next = { ...now, ...by };
    world.runs[at] = next;
    world.tell({ kind: 'runs', runs: [next] });
    return next;
  };
  const play = async (id: string) => {
    for (const kind of ['loading', 'transforming', 'writing', 'checking', 'uploading'] as const) {
      await pause(120);
      change(id, { state: { kind } });
    }
    await pause(120);
    const template = runOf(
      id,
      '',
      known(world.runs.find((run) => run.id === id)!.transferId),
      { kind: 'done' },
      0,
    );
    const run = change(id, {
      state: { kind: 'done' },
      progress: null,
      counts: template.counts,
      sql: template.sql,
      finishedAt: Date.now(),
    });
    for (const format of run.formats) {
      const output = outputOf(world.id('out'), run, `${run.sourceName}.clean.${format}`, format, 4_200_000);
      world.outputs.push(output);
      world.tell({ kind: 'outputs', outputs: [output], removed: [] });
    }
    world.touch(run.sessionId);
  };

  const outputs = {
    list: os.outputs.list.handler(({ input }) =>
      world.outputs.filter(({ sessionId }) => sessionId === input.sessionId),
    ),
    columns: os.outputs.columns.handler(() => previewOf('', 0).columns),
    chart: os.outputs.chart.handler(({ input }) => chartOf(previewOf('', 0), input.chart)),
    preview: os.outputs.preview.handler(() => ({
      columns: ['id', 'name', 'ordered_at', 'amount'],
      rows: Array.from({ length: 12 }, (_, row) => [
        String(100_234 + row),
        'Müller GmbH',
        '2026-03-11',
        null,
      ]),
    })),
    link: os.outputs.link.handler(({ input }) => ({
      url: `${origin()}/object/${input.id}`,
      expiresAt: Date.now() + input.seconds * 1000,
    })),
    download: os.outputs.download.handler(({ input }) => {
      if (input.folder.kind === 'path' && input.folder.path.endsWith('Desktop')) {
        fail('TARGET_EXISTS', { path: '/home/ana/Desktop/orders-2026-q1.clean.csv' });
      }
      return { path: '/home/ana/Downloads/orders-2026-q1.clean.csv' };
    }),
    open: os.outputs.open.handler(() => undefined),
    reveal: os.outputs.reveal.handler(() => undefined),
  };

  const downloads = {
    add: os.downloads.add.handler(({ input }) => {
      const names = input.of.kind === 'keys' ? input.of.keys : input.of.ids;
      if (input.existing === 'ask' && input.folder.kind === 'path' && input.folder.path.endsWith('Desktop')) {
        return {
          transfers: [],
          refused: [],
          inTheWay: { count: names.length, names: ['orders-2026-q1.clean.csv'] },
        };
      }
      const [like] = downloadsOf('s4');
      const begun = names.map(() => ({ ...(like as Transfer), id: world.id('d') }));
      world.downloads.unshift(...begun);
      world.tell({ kind: 'transfers', transfers: begun });
      return { transfers: begun, refused: [], inTheWay: null };
    }),
    list: os.downloads.list.handler(({ input }) => world.downloads.slice(0, input.limit)),
    reveal: os.downloads.reveal.handler(() => undefined),
  };

  const targets = {
    deliver: os.targets.deliver.handler(({ input }) => {
      const output =
        world.outputs.find(({ id }) => id === input.outputId) ?? fail('NOT_FOUND', { what: 'output' });
      const path = input.file.kind === 'path' ? input.file.path : '/home/ana/collected.csv';
      const delivery = {
        id: world.id('d'),
        sessionId: output.sessionId,
        outputId: output.id,
        target: { kind: 'csv-file' as const, path },
        state: { kind: 'done' as const, rows: output.rows },
        createdAt: Date.now(),
        finishedAt: Date.now(),
      };
      world.deliveries.push(delivery);
      return delivery;
    }),
    deliveries: os.targets.deliveries.handler(({ input }) =>
      world.deliveries.filter(({ sessionId }) => sessionId === input.sessionId),
    ),
  };

  return os.router({
    system,
    files,
    connections,
    sessions,
    transfers,
    limits,
    downloads,
    pageUploads,
    drops,
    leftovers,
    tables,
    runs,
    recipes,
    flows,
    outputs,
    targets,
  });
}

/** What the pretended bucket answers to a part, after it looked at its checksum as a store does. */
export function takePart(body: Buffer, declared: string | undefined): { status: number; body: string } {
  return encodeCrc32(crc32(body)) === declared
    ? { status: 200, body: '' }
    : { status: 400, body: '<Error><Code>BadDigest</Code></Error>' };
}

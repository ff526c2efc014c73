import { howToSend } from './how-to-send.ts';
import { DropPlans, pathOf, styleOf, type Drop, type DropFile, type Outcome } from '#main/sessions';
import { foldersBelow } from '#main/storage';
import { scan, type Refused } from '#main/transfers';
import { NOTHING_LEFT_OUT, type ScanRules } from '#shared/domain';
import { connectionFor } from './add-paths.ts';
import type { Implementer } from './transfers.ts';
import type { Services } from './services.ts';

/** What a drop is made of, from paths: scanned, with what cannot be taken. */
export async function dropFiles(
  paths: readonly string[],
  rules: ScanRules,
  signal: AbortSignal,
): Promise<{ readonly files: readonly DropFile[]; readonly looked: Drop['looked'] }> {
  const files: DropFile[] = [];
  const refused: Refused[] = [];
  let leftOut = NOTHING_LEFT_OUT;
  for await (const batch of scan(paths, rules, signal)) {
    for (const { path, name, relativePath, size } of batch.files)
      files.push({ name, relativePath, size, source: { kind: 'path', path } });
    refused.push(...batch.refused);
    ({ leftOut } = batch);
  }
  return { files, looked: { roots: paths, rules, refused, leftOut } };
}

export function dropHandlers(os: Implementer, services: Services) {
  const { connections, dropPlans, picker, sessions, changes } = services;
  return {
    prepare: os.drops.prepare.handler(async ({ input, signal = never() }) => {
      const connection = connectionFor(services, input);
      const paths = input.files.map((file) => picker.resolve(file));
      const prefix = prefixOf(services, input);
      const names = input.pageFiles.map(({ name }) => name);
      if (prefix === null && !dropPlans.isWorthLooking(paths, names, connection.id))
        return { plan: null, refused: [] };
      const { files: found, looked } = await dropFiles(paths, input.scan, signal);
      const refused = [...looked.refused];
      const page: DropFile[] = input.pageFiles.map(({ name, relativePath, size, lastModified, crc32 }) => ({
        name,
        relativePath,
        size,
        source: { kind: 'page', lastModified, crc32 },
      }));
      const files = [...found, ...page];
      if (files.length === 0) return { plan: null, refused };
      const plan = await dropPlans.prepare(
        {
          files,
          connection,
          sessionId: input.sessionId,
          prefix,
          partSize: null,
          bySize: false,
          ...howToSend(connection, input),
          looked,
        },
        signal,
      );
      if (prefix !== null || plan.conflicts.length > 0) return { plan, refused };
      dropPlans.forget(plan.id);
      return { plan: null, refused: [] };
    }),
    start: os.drops.start.handler(async ({ input, signal = never() }) => {
      const { session, outcomes } = await dropPlans.start(
        input.planId,
        DropPlans.chooser(input.choices),
        signal,
      );
      if (session !== null) changes.session(session.id);
      const ofEngine = outcomes.filter(({ file }) => file.source.kind === 'path');
      const skipped = outcomes.filter(({ decision }) => decision === 'skip');
      return {
        session: session === null ? null : sessions.view(session.id),
        sent: ofEngine.filter(({ transferId }) => transferId !== null).length,
        skipped: skipped.length,
        already: skipped.find(({ sessionId }) => sessionId !== null)?.sessionId ?? null,
        refused: outcomes.flatMap(({ error, file }) =>
          error === null ? [] : [{ name: pathOf(file), error }],
        ),
        page: outcomes.filter(({ file }) => file.source.kind === 'page').map(pageOutcome),
      };
    }),
    forget: os.drops.forget.handler(({ input }) => dropPlans.forget(input.planId)),
    folders: os.drops.folders.handler(async ({ input, signal = never() }) => {
      const store = await connections.store(input.connectionId);
      return [...(await foldersBelow(store, input.below === '' ? '' : `${input.below}/`, signal))];
    }),
  };
}

/** Where names are kept: in the folder that was named, or that of a session which keeps them. */
function prefixOf(
  { sessions }: Services,
  { sessionId, folder }: { readonly sessionId: string | null; readonly folder: string | null },
): string | null {
  if (sessionId === null) return folder;
  const session = sessions.record(sessionId);
  return styleOf(session) === 'plain' ? session.prefix : null;
}

function pageOutcome({ decision, key, over }: Outcome): { key: string | null; over: boolean } | null {
  return decision === 'send' ? { key, over } : null;
}

/** List price of S3 Standard in us-east-1, US dollars for a GB and month. Other regions and classes differ. */
const AWS_STANDARD_PRICE = 0.023;
const SHOWN = 1000;

export function leftoverHandlers(os: Implementer, services: Services) {
  const { leftovers, connections, picker, transfers, changes } = services;
  return {
    list: os.leftovers.list.handler(async ({ input, signal = never() }) => {
      const all = await leftovers.list(input.connectionId, input.prefix, signal);
      return {
        total: all.length,
        bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
        leftovers: all.slice(0, SHOWN),
        pricePerGbMonth: pricePerGbMonth(connections.get(input.connectionId).endpoint),
      };
    }),
    countOld: os.leftovers.countOld.handler(({ input, signal = never() }) =>
      leftovers.countOld(input.connectionId, signal),
    ),
    resume: os.leftovers.resume.handler(async ({ input, signal = never() }) => {
      const { connectionId, file } = input;
      const path = file === null ? null : picker.resolve(file);
      const record = await leftovers.resume(connectionId, input, path, signal);
      changes.session(record.sessionId);
      return transfers.view(record.id);
    }),
    remove: os.leftovers.remove.handler(({ input }) => leftovers.remove(input.connectionId, input.uploads)),
  };
}

/** @param endpoint null for AWS itself, whose price is known; others are not. */
export const pricePerGbMonth = (endpoint: string | null): number | null =>
  endpoint === null ? AWS_STANDARD_PRICE : null;

const never = (): AbortSignal => new AbortController().signal;

import { implement } from '@orpc/server';
import { planFile, styleOf } from '#main/sessions';
import type { SessionRecord, TransferRecord } from '#main/journal';
import type { Log } from '#main/ports';
import { isAtRest } from '#main/transfers';
import type { Connection } from '#shared/domain';
import { contract } from '#shared/contract';
import { isSluiceError, sluiceError } from '#shared/errors';
import { addPaths, connectionFor, dropOf } from './add-paths.ts';
import { reportsErrors } from './errors.ts';
import { howToSend } from './how-to-send.ts';
import type { CallContext, Services } from './services.ts';
import { findTransfer, watchFiles } from './watch.ts';

/** The contract, with what every call of it has. */
export const implementer = (log: Log) => implement(contract).$context<CallContext>().use(reportsErrors(log));
export type Implementer = ReturnType<typeof implementer>;

/** What is found that soon is told in the answer; the rest of a large drop by its session. */
const FOUND_SOON_MS = 300;

function tellBroken({ log }: Services, error: unknown): void {
  if (!isSluiceError(error, 'CANCELLED')) log.error('a drop was not looked through', error);
}

export function transferHandlers(os: Implementer, services: Services) {
  const { transfers, picker, sessions } = services;
  return {
    add: os.transfers.add.handler(async ({ input }) => {
      const paths = input.files.map((file) => picker.resolve(file));
      const { sessionId, end } = await addPaths(services, paths, {
        sessionId: input.sessionId,
        connectionId: input.connectionId,
        ...howToSend(connectionFor(services, input), input),
        rules: input.scan,
        prefix: null,
        partSize: null,
      });
      end.catch((error: unknown) => tellBroken(services, error));
      const soon = await Promise.race([end, services.clock.sleep(FOUND_SOON_MS).then(() => null)]);
      const session = sessions.view(sessionId);
      const added = soon?.transferIds.length ?? session.files.total;
      return { session, added, refused: [...(soon?.refused ?? [])], scanning: soon === null };
    }),
    list: os.transfers.list.handler(({ input }) => {
      sessions.record(input.sessionId);
      return transfers.list(input, input.offset, input.limit);
    }),
    watch: os.transfers.watch.handler(({ input, signal = new AbortController().signal }) => {
      sessions.record(input.sessionId);
      return watchFiles(transfers, services.clock, input, signal);
    }),
    seek: os.transfers.seek.handler(({ input }) => {
      sessions.record(input.sessionId);
      return transfers.session(input.sessionId).seek(input, input.prefix, input.from);
    }),
    get: os.transfers.get.handler(({ input }) => input.ids.flatMap((id) => findTransfer(transfers, id))),
    pause: os.transfers.pause.handler(({ input }) => transfers.pause(input.id)),
    resume: os.transfers.resume.handler(({ input }) => transfers.resume(input.id)),
    cancel: os.transfers.cancel.handler(({ input }) => transfers.cancel(input.id)),
    replace: os.transfers.replace.handler(({ input }) => transfers.replace(input.id)),
    prioritise: os.transfers.prioritise.handler(({ input }) => {
      transfers.prioritise(input.ids, priorityOf(input.to, transfers.records()));
    }),
    schedule: os.transfers.schedule.handler(({ input }) => transfers.schedule(input.id, input.at)),
    pauseAll: os.transfers.pauseAll.handler(() => {
      services.drops.hold();
      transfers.pauseAll();
    }),
    resumeAll: os.transfers.resumeAll.handler(() => {
      services.drops.release();
      transfers.resumeAll();
    }),
    receipt: os.transfers.receipt.handler(({ input }) => transfers.receipt(input.id)),
    receiptPage: os.transfers.receiptPage.handler(({ input }) => services.custody.receiptPage(input.id)),
  };
}

/** Before or behind all that have not come to rest. */
export function priorityOf(to: number | 'first' | 'last', records: readonly TransferRecord[]): number {
  if (typeof to === 'number') return to;
  let [lowest, highest] = [0, 0];
  for (const { state, priority } of records) {
    if (isAtRest(state) && state.kind !== 'paused') continue;
    lowest = Math.min(lowest, priority);
    highest = Math.max(highest, priority);
  }
  return to === 'first' ? highest + 1 : lowest - 1;
}

export function pageUploadHandlers(os: Implementer, services: Services) {
  const { transfers, sessions, clock, changes } = services;
  return {
    begin: os.pageUploads.begin.handler(async ({ input, context: { gone } }) => {
      if (input.size === 0) throw sluiceError('SOURCE_EMPTY', { path: input.name });
      const connection = connectionFor(services, input);
      const unfinished = transfers.page.find(transfers.ofPage(input.relativePath, input.transferId), {
        ...input,
        connectionId: connection.id,
        key: input.place?.key ?? null,
      });
      if (unfinished !== null) {
        const parts = await transfers.page.open(unfinished.id, gone);
        return {
          session: sessions.view(unfinished.sessionId),
          transfer: transfers.view(unfinished.id),
          parts,
        };
      }
      const session = pageSession(services, connection, input);
      const record = planFile(
        { name: input.name, relativePath: input.relativePath, size: input.size },
        { kind: 'page', lastModified: input.lastModified },
        'original',
        {
          session,
          connection,
          keys: styleOf(session),
          partSize: null,
          clock,
          ...placed(input.place),
          ...howToSend(connection, input),
        },
      );
      transfers.add([record]);
      changes.session(session.id);
      const parts = await transfers.page.open(record.id, gone);
      return { session: sessions.view(session.id), transfer: transfers.view(record.id), parts };
    }),
    sign: os.pageUploads.sign.handler(async ({ input, context: { gone } }) =>
      (await transfers.page.sign(input.id, input.parts, gone)).map((part) => ({
        ...part,
        headers: { ...part.headers },
      })),
    ),
    report: os.pageUploads.report.handler(({ input, context: { gone } }) => ({
      state: transfers.page.report(input.id, input, gone),
    })),
    complete: os.pageUploads.complete.handler(async ({ input }) => {
      await transfers.page.complete(input.id);
      return transfers.view(input.id);
    }),
  };
}

/** Where a page was told to send a file; else its session says. */
function placed(place: { readonly key: string | null; readonly over: boolean } | null): {
  readonly key?: string;
  readonly existing?: 'replace' | 'protect';
} {
  if (place === null || place.key === null) return {};
  return { key: place.key, existing: place.over ? 'replace' : 'protect' };
}

function pageSession(
  { sessions }: Services,
  connection: Connection,
  input: {
    readonly sessionId: string | null;
    readonly relativePath: string;
    readonly name: string;
    readonly place: { readonly folder: string | null } | null;
  },
): SessionRecord {
  if (input.sessionId !== null) return dropOf(sessions, input.sessionId);
  const title = input.relativePath.split('/')[0] ?? input.name;
  return sessions.create(connection, title, input.place?.folder ?? null);
}

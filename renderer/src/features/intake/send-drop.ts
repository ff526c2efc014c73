import { type FileRef, type Refusal } from '#shared/contract';
import { type Choices, DEFAULT_SCAN_RULES, type DropPlan } from '#shared/domain';
import { counted, tell } from '#renderer/components';
import { readNextDrop } from '#renderer/features/options';
import { goSession, overlay, toReport } from '#renderer/lib';
import { type Workbench } from '#renderer/state';
import {
  crcOfFile,
  foundAll,
  type Found,
  type PageDrop,
  type PageSource,
  type SendPlace,
} from '#renderer/uploads';
import { folderOf } from './place.ts';

/** What is dropped or chosen: things the engine reads, or files this page holds. */
export interface Drop {
  readonly refs: readonly FileRef[];
  readonly page: PageDrop | null;
  /** Null: a new session. */
  readonly into: string | null;
}

/** What became of a drop that was looked through. */
export type Looked =
  /** There is nothing to choose, and nothing was sent yet. */
  | { readonly kind: 'nothing-to-choose'; readonly found: PageDrop['found'] }
  /** The person thought better of it. */
  | { readonly kind: 'dismissed' }
  /** The engine sends what it reads; these of the page are still to be sent, and where. */
  | {
      readonly kind: 'started';
      readonly sessionId: string | null;
      readonly sent: number;
      readonly refused: readonly Refusal[];
      readonly found: PageDrop['found'];
      readonly places: ReadonlyMap<PageSource, SendPlace>;
    };

/** A file of the page, opened to be compared. */
interface Opened {
  readonly source: PageSource;
  readonly file: File;
}

/** Where every file gets a key of its own, more than that go up without being looked at first. */
const LOOKED_AT = 1000;

/** Before a wait is shown as one. */
const QUICK_MS = 400;

/** Compares a drop with what is where it is to go, asks what is to be chosen, and starts. */
export async function lookThrough(workbench: Workbench, drop: Drop): Promise<Looked> {
  const { client, state } = workbench;
  const preferences = state.preferences.get();
  const connectionId = drop.into === null ? (preferences?.connectionId ?? null) : null;
  const folder = drop.into === null ? folderOf(preferences, connectionId ?? '') : keptIn(state, drop.into);
  const gathered = await gather(drop.page, folder === null ? LOOKED_AT : Infinity);
  if (gathered.rest !== null) return { kind: 'nothing-to-choose', found: gathered.rest };
  const { opened, refused: unread } = gathered;
  const all = (): PageDrop['found'] =>
    foundAll(
      opened.map(({ source }) => source),
      unread,
    );
  const { plan, refused } = await prepare(workbench, { drop, connectionId, folder, opened });
  if (plan === null) return { kind: 'nothing-to-choose', found: all() };
  const chosen =
    plan.conflicts.length === 0 ? { one: {}, all: {} } : await choose(state, plan, drop.into, folder);
  if (chosen === null) {
    await client.drops.forget({ planId: plan.id });
    return { kind: 'dismissed' };
  }
  const started = await client.drops.start({ planId: plan.id, choices: chosen });
  if (started.session !== null) state.sessions.apply([started.session]);
  const places = new Map<PageSource, SendPlace>();
  for (const [index, { source }] of opened.entries()) {
    const told = started.page[index] ?? null;
    if (told !== null) places.set(source, { ...told, folder });
  }
  tellSkipped(started.skipped, started.sent + places.size, started.already);
  return {
    kind: 'started',
    sessionId: started.session?.id ?? null,
    sent: started.sent,
    refused: [...refused, ...started.refused, ...unread],
    found: foundAll([...places.keys()], unread),
    places,
  };
}

/** Where it will go: a session keeps the connection it was begun with. */
export function connectionOf(state: Workbench['state'], into: string | null): string | null {
  if (into !== null) return state.sessions.get(into)?.connectionId ?? null;
  const chosen = state.preferences.get()?.connectionId;
  const all = state.connections.get();
  return (all.find(({ id }) => id === chosen) ?? all[0])?.id ?? null;
}

/** A session whose folder was chosen keeps names, also those that are added later. */
function keptIn(state: Workbench['state'], sessionId: string): string | null {
  const session = state.sessions.get(sessionId);
  return session === undefined || session.prefix.endsWith(session.id) ? null : session.prefix;
}

type Gathered =
  | { readonly rest: null; readonly opened: readonly Opened[]; readonly refused: Found['refused'] }
  /** They are too many to be looked at: all of them, as they are found. */
  | { readonly rest: PageDrop['found'] };

async function gather(page: PageDrop | null, most: number): Promise<Gathered> {
  const sources: PageSource[] = [];
  const refused: Refusal[] = [];
  if (page === null) return { rest: null, opened: [], refused };
  const found = page.found[Symbol.asyncIterator]();
  for (let next = await found.next(); next.done !== true; next = await found.next()) {
    sources.push(...next.value.files);
    refused.push(...next.value.refused);
    if (sources.length > most) return { rest: chained(foundAll(sources, refused), found) };
  }
  const opened: Opened[] = [];
  for (const source of sources) {
    try {
      opened.push({ source, file: await source.open() });
    } catch (error) {
      refused.push({ name: source.relativePath, error: toReport(error) });
    }
  }
  return { rest: null, opened, refused };
}

async function* chained(first: AsyncIterable<Found>, rest: AsyncIterator<Found>): AsyncGenerator<Found> {
  yield* first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Asks the engine; once more with the checksums of this page's files where only they can tell. */
async function prepare(
  { client, state }: Workbench,
  asked: {
    readonly drop: Drop;
    readonly connectionId: string | null;
    readonly folder: string | null;
    readonly opened: readonly Opened[];
  },
): Promise<{ readonly plan: DropPlan | null; readonly refused: readonly Refusal[] }> {
  const { drop, connectionId, folder, opened } = asked;
  const control = new AbortController();
  const { signal } = control;
  const waiting = setTimeout(
    () => overlay.set({ kind: 'looking', onCancel: () => control.abort() }),
    QUICK_MS,
  );
  const ask = (sums: ReadonlyMap<PageSource, string>) =>
    client.drops.prepare(
      {
        sessionId: drop.into,
        connectionId,
        folder: drop.into === null ? folder : null,
        scan: state.preferences.get()?.scan ?? DEFAULT_SCAN_RULES,
        ...readNextDrop(connectionOf(state, drop.into)),
        files: [...drop.refs],
        pageFiles: opened.map(({ source, file }) => ({
          name: file.name,
          relativePath: source.relativePath,
          size: file.size,
          lastModified: file.lastModified,
          crc32: sums.get(source) ?? null,
        })),
      },
      { signal },
    );
  try {
    const answer = await ask(new Map());
    const sums = await sumsFor(answer.plan, opened, signal);
    return sums.size === 0 ? answer : await ask(sums);
  } finally {
    clearTimeout(waiting);
    if (overlay.get()?.kind === 'looking') overlay.set(null);
  }
}

/** Most bytes of this page's files that are read only to compare them. */
const READ_LIMIT = 2e9;

/** Of files whose size is that of the object, and whose content only this page can read. */
async function sumsFor(
  plan: DropPlan | null,
  opened: readonly Opened[],
  signal: AbortSignal,
): Promise<ReadonlyMap<PageSource, string>> {
  const sums = new Map<PageSource, string>();
  const unknown = new Set(plan?.conflicts.flatMap(({ kind, name }) => (kind === 'unknown' ? [name] : [])));
  let bytes = 0;
  for (const { source, file } of opened) {
    if (!unknown.has(source.relativePath)) continue;
    bytes += file.size;
    if (bytes > READ_LIMIT) break;
    sums.set(source, await crcOfFile(file, signal));
  }
  return sums;
}

function choose(
  state: Workbench['state'],
  plan: DropPlan,
  into: string | null,
  folder: string | null,
): Promise<Choices | null> {
  const session = into === null ? undefined : state.sessions.get(into);
  const connection = state.connections.get().find(({ id }) => id === state.preferences.get()?.connectionId);
  const bucket = session?.bucket ?? connection?.bucket ?? '';
  const below = session?.prefix ?? folder;
  const where = below === null || below === '' ? `s3://${bucket}` : `s3://${bucket}/${below}`;
  return new Promise((resolve) => {
    overlay.set({
      kind: 'choices',
      plan,
      into: where,
      onChosen: (choices) => {
        overlay.set(null);
        resolve(choices);
      },
    });
  });
}

function tellSkipped(skipped: number, sent: number, already: string | null): void {
  if (skipped === 0) return;
  const rest = sent === 0 ? 'Nothing was sent.' : `${counted(sent, 'file')} sent.`;
  tell(
    `${counted(skipped, 'file was', 'files were')} left out. ${rest}`,
    already === null ? undefined : { label: 'Show where', run: () => goSession(already) },
  );
}

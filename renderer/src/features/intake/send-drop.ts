import { type FileRef, type Refusal } from '#shared/contract';
import { type Choices, type DropPlan } from '#shared/domain';
import { counted, tell } from '#renderer/components';
import { goSession, overlay } from '#renderer/lib';
import { type Workbench } from '#renderer/state';
import { crcOfFile, type PageFile, type SendPlace } from '#renderer/uploads';
import { folderOf } from './place.ts';

/** What is dropped or chosen: things the engine reads, or files this page holds. */
export interface Drop {
  readonly refs: readonly FileRef[];
  readonly files: readonly PageFile[];
  /** Null: a new session. */
  readonly into: string | null;
}

/** What became of a drop that was looked through. */
export type Looked =
  /** There is nothing to choose, and nothing was sent yet. */
  | { readonly kind: 'nothing-to-choose' }
  /** The person thought better of it. */
  | { readonly kind: 'dismissed' }
  /** The engine sends what it reads; these of the page are still to be sent, and where. */
  | {
      readonly kind: 'started';
      readonly sessionId: string | null;
      readonly sent: number;
      readonly refused: readonly Refusal[];
      readonly files: readonly PageFile[];
      readonly places: ReadonlyMap<PageFile, SendPlace>;
    };

/** Before a wait is shown as one. */
const QUICK_MS = 400;

/** Compares a drop with what is where it is to go, asks what is to be chosen, and starts. */
export async function lookThrough(workbench: Workbench, drop: Drop): Promise<Looked> {
  const { client, state } = workbench;
  const preferences = state.preferences.get();
  const connectionId = drop.into === null ? (preferences?.connectionId ?? null) : null;
  const folder = drop.into === null ? folderOf(preferences, connectionId ?? '') : null;
  const control = new AbortController();
  const waiting = setTimeout(
    () => overlay.set({ kind: 'looking', onCancel: () => control.abort() }),
    QUICK_MS,
  );
  let plan: DropPlan | null;
  let refused: readonly Refusal[];
  try {
    const ask = (sums: ReadonlyMap<PageFile, string>) =>
      client.drops.prepare(
        {
          sessionId: drop.into,
          connectionId,
          folder,
          files: [...drop.refs],
          pageFiles: drop.files.map((source) => ({
            name: source.file.name,
            relativePath: source.relativePath,
            size: source.file.size,
            lastModified: source.file.lastModified,
            crc32: sums.get(source) ?? null,
          })),
        },
        { signal: control.signal },
      );
    let answer = await ask(new Map());
    const sums = await sumsFor(answer.plan, drop.files, control.signal);
    if (sums.size > 0) answer = await ask(sums);
    ({ plan, refused } = answer);
  } finally {
    clearTimeout(waiting);
    if (overlay.get()?.kind === 'looking') overlay.set(null);
  }
  if (plan === null) return { kind: 'nothing-to-choose' };
  const chosen =
    plan.conflicts.length === 0 ? { one: {}, all: {} } : await choose(state, plan, drop.into, folder);
  if (chosen === null) {
    await client.drops.forget({ planId: plan.id });
    return { kind: 'dismissed' };
  }
  const started = await client.drops.start({ planId: plan.id, choices: chosen });
  if (started.session !== null) state.sessions.apply([started.session]);
  const places = new Map<PageFile, SendPlace>();
  const files = drop.files.filter((source, index) => {
    const told = started.page[index] ?? null;
    if (told === null) return false;
    if (told.key !== null) places.set(source, { ...told, folder });
    return true;
  });
  tellSkipped(started.skipped, started.sent + files.length, started.already);
  return {
    kind: 'started',
    sessionId: started.session?.id ?? null,
    sent: started.sent,
    refused: [...refused, ...started.refused],
    files,
    places,
  };
}

/** Most bytes of this page's files that are read only to compare them. */
const READ_LIMIT = 2e9;

/** Of files whose size is that of the object, and whose content only this page can read. */
async function sumsFor(
  plan: DropPlan | null,
  files: readonly PageFile[],
  signal: AbortSignal,
): Promise<ReadonlyMap<PageFile, string>> {
  const sums = new Map<PageFile, string>();
  const unknown = new Set(plan?.conflicts.flatMap(({ kind, name }) => (kind === 'unknown' ? [name] : [])));
  let bytes = 0;
  for (const source of files) {
    if (!unknown.has(source.relativePath)) continue;
    bytes += source.file.size;
    if (bytes > READ_LIMIT) break;
    sums.set(source, await crcOfFile(source.file, signal));
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

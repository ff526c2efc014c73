import { useMemo } from 'react';
import { type FileRef, type Refusal } from '#shared/contract';
import { DEFAULT_SCAN_RULES, type ScanRules } from '#shared/domain';
import { assertNever, shortenMiddle } from '#shared/lib';
import { attempt, counted, tell } from '#renderer/components';
import { takeNextDrop } from '#renderer/features/options';
import { ahead, goSession, overlay } from '#renderer/lib';
import { useCapabilities, useWorkbench, type Workbench } from '#renderer/state';
import {
  chosenFiles,
  droppedFiles,
  type Found,
  type PageDrop,
  type PageSource,
  type SendPlace,
} from '#renderer/uploads';
import { openFileInput } from './file-input.ts';
import { connectionOf, lookThrough } from './send-drop.ts';

const TITLE_LENGTH = 120;

/** Null: a new session. */
type Into = string | null;

export interface Intake {
  readonly chooseFiles: (into: Into) => void;
  readonly chooseFolder: (into: Into) => void;
  /** A picker in the page for files of the engine's machine; null where there is none, or a better one. */
  readonly chooseOnHost: ((into: Into) => void) | null;
  readonly drop: (data: DataTransfer, into: Into) => void;
  readonly addSample: () => void;
  /** Whether this page itself sends what is dropped on it. */
  readonly sendsItself: boolean;
}

/** All the ways files come in. */
export function useIntake(): Intake {
  const workbench = useWorkbench();
  const { nativePicker, hostPaths, droppedPaths } = useCapabilities();
  return useMemo(() => {
    const { client, state, registerDroppedFiles } = workbench;
    const native = (what: 'files' | 'folder', into: Into) =>
      attempt(async () => {
        const picked = await client.files.pick({ what });
        await addRefs(
          workbench,
          picked.map(({ file }) => file),
          into,
        );
      });
    const inPage = (folder: boolean, into: Into) =>
      openFileInput(folder, (files) =>
        attempt(() => addFiles(workbench, chosenFiles(files, rulesOf(workbench)), into)),
      );
    return {
      chooseFiles: (into) => (nativePicker ? native('files', into) : inPage(false, into)),
      chooseFolder: (into) => (nativePicker ? native('folder', into) : inPage(true, into)),
      chooseOnHost:
        nativePicker || !hostPaths
          ? null
          : (into) =>
              overlay.set({
                kind: 'picker',
                wanted: 'sources',
                newSession: into === null,
                connectionId: connectionOf(state, into) ?? undefined,
                onChosen: (refs) => attempt(() => addRefs(workbench, refs, into)),
              }),
      drop: (data, into) => {
        if (droppedPaths && registerDroppedFiles !== null) {
          const files = [...data.files];
          attempt(async () => addRefs(workbench, await registerDroppedFiles(files), into));
          return;
        }
        // Asked for now: what was dropped is gone once the event is over.
        const dropped = droppedFiles(data, rulesOf(workbench));
        attempt(() => addFiles(workbench, dropped, into));
      },
      addSample: () =>
        attempt(async () => {
          const { file } = await client.system.sample();
          await addAtOnce(workbench, [file], null);
        }),
      sendsItself: !droppedPaths,
    };
  }, [workbench, nativePicker, hostPaths, droppedPaths]);
}

const rulesOf = ({ state }: Workbench): ScanRules => state.preferences.get()?.scan ?? DEFAULT_SCAN_RULES;

async function addRefs(workbench: Workbench, refs: readonly FileRef[], into: Into): Promise<void> {
  if (refs.length === 0) return;
  const looked = await lookThrough(workbench, { refs, page: null, into });
  switch (looked.kind) {
    case 'nothing-to-choose':
      return addAtOnce(workbench, refs, into);
    case 'dismissed':
      return;
    case 'started':
      takeNextDrop(connectionOf(workbench.state, into));
      if (looked.sessionId !== null) goSession(looked.sessionId);
      tellRefused(looked.refused, looked.sent);
      return;
    default:
      assertNever(looked);
  }
}

/** Without looking at what is there: every file gets a key of its own. */
async function addAtOnce(workbench: Workbench, refs: readonly FileRef[], into: Into): Promise<void> {
  const { client, state } = workbench;
  const connectionId = state.preferences.get()?.connectionId ?? null;
  const { session, added, refused, scanning } = await client.transfers.add({
    sessionId: into,
    connectionId: into === null ? connectionId : null,
    files: [...refs],
    scan: rulesOf(workbench),
    ...takeNextDrop(connectionOf(state, into)),
  });
  state.sessions.apply([session]);
  if (added > 0 || scanning) goSession(session.id);
  tellRefused(refused, added);
}

async function addFiles(workbench: Workbench, page: PageDrop, into: Into): Promise<void> {
  if (page.names.length === 0) {
    tell('There was no file in what was dropped.');
    return;
  }
  const looked = await lookThrough(workbench, { refs: [], page, into });
  switch (looked.kind) {
    case 'nothing-to-choose':
      sendFiles(workbench, { names: page.names, found: looked.found }, new Map(), into);
      return;
    case 'dismissed':
      return;
    case 'started':
      if (looked.places.size > 0)
        sendFiles(workbench, { names: page.names, found: looked.found }, looked.places, into);
      else tellRefused(looked.refused, 0);
      return;
    default:
      assertNever(looked);
  }
}

function sendFiles(
  { client, uploads, state }: Workbench,
  { names, found }: PageDrop,
  places: ReadonlyMap<PageSource, SendPlace>,
  into: Into,
): void {
  const connectionId = into === null ? (state.preferences.get()?.connectionId ?? null) : null;
  if (into !== null) goSession(into);
  let taken = 0;
  attempt(async () => {
    const how = takeNextDrop(connectionOf(state, into));
    if (how.notBefore !== undefined)
      tell(`They start at ${ahead(how.notBefore)}; keep this page open until they are up.`);
    await uploads.add({
      sessionId: into,
      connectionId,
      found: counting(found, (count) => (taken += count)),
      places,
      ...how,
      onSession: (id) => {
        goSession(id);
        // The engine knows only the first of them yet.
        const title = titleOf(names);
        if (title !== null) attempt(() => client.sessions.rename({ id, title }));
      },
      onBegun: (refused) => {
        if (taken === 0 && refused.length === 0) tell('There was no file in what was dropped.');
        tellRefused(refused, Math.max(0, taken - refused.length));
      },
    });
  });
}

async function* counting(found: PageDrop['found'], onFound: (count: number) => void): AsyncGenerator<Found> {
  for await (const some of found) {
    onFound(some.files.length);
    yield some;
  }
}

/** @returns what a drop of several things is called; null where the first says it all */
function titleOf([first, ...rest]: readonly string[]): string | null {
  if (first === undefined || rest.length === 0) return null;
  return `${shortenMiddle(first, TITLE_LENGTH)} and ${rest.length} more`;
}

/** One that was refused is told in full; of many, how many, and the list. */
function tellRefused(refused: readonly Refusal[], added: number): void {
  if (refused.length === 0) return;
  if (added === 0 || refused.length === 1) {
    overlay.set({ kind: 'refused', refused, total: refused.length, added });
    return;
  }
  tell(`${counted(refused.length, 'file')} could not be taken.`, {
    label: 'Show which',
    run: () => overlay.set({ kind: 'refused', refused, total: refused.length, added }),
  });
}

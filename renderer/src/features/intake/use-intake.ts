import { useMemo } from 'react';
import { type FileRef, type Refusal } from '#shared/contract';
import { assertNever, shortenMiddle } from '#shared/lib';
import { attempt, counted, tell } from '#renderer/components';
import { goSession, overlay } from '#renderer/lib';
import { useCapabilities, useWorkbench, type Workbench } from '#renderer/state';
import { chosenFiles, droppedFiles, type PageFile, type SendPlace } from '#renderer/uploads';
import { openFileInput } from './file-input.ts';
import { lookThrough } from './send-drop.ts';

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
    const { client, registerDroppedFiles } = workbench;
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
      openFileInput(folder, (files) => attempt(() => addFiles(workbench, chosenFiles(files), into)));
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
                onChosen: (refs) => attempt(() => addRefs(workbench, refs, into)),
              }),
      drop: (data, into) => {
        if (droppedPaths && registerDroppedFiles !== null) {
          const files = [...data.files];
          attempt(async () => addRefs(workbench, await registerDroppedFiles(files), into));
          return;
        }
        // Asked for now: what was dropped is gone once the event is over.
        const found = droppedFiles(data);
        attempt(async () => addFiles(workbench, await found, into));
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

async function addRefs(workbench: Workbench, refs: readonly FileRef[], into: Into): Promise<void> {
  if (refs.length === 0) return;
  const looked = await lookThrough(workbench, { refs, files: [], into });
  switch (looked.kind) {
    case 'nothing-to-choose':
      return addAtOnce(workbench, refs, into);
    case 'dismissed':
      return;
    case 'started':
      if (looked.sessionId !== null) goSession(looked.sessionId);
      tellRefused(looked.refused, looked.sent);
      return;
    default:
      assertNever(looked);
  }
}

/** Without looking at what is there: every file gets a key of its own. */
async function addAtOnce({ client, state }: Workbench, refs: readonly FileRef[], into: Into): Promise<void> {
  const connectionId = state.preferences.get()?.connectionId ?? null;
  const { session, added, refused } = await client.transfers.add({
    sessionId: into,
    connectionId: into === null ? connectionId : null,
    files: [...refs],
  });
  state.sessions.apply([session]);
  if (added > 0) goSession(session.id);
  tellRefused(refused, added);
}

async function addFiles(workbench: Workbench, files: readonly PageFile[], into: Into): Promise<void> {
  if (files.length === 0) {
    tell('There was no file in what was dropped.');
    return;
  }
  const looked = await lookThrough(workbench, { refs: [], files, into });
  switch (looked.kind) {
    case 'nothing-to-choose':
      sendFiles(workbench, files, new Map(), into);
      return;
    case 'dismissed':
      return;
    case 'started':
      tellRefused(looked.refused, looked.files.length);
      if (looked.files.length > 0) sendFiles(workbench, looked.files, looked.places, into);
      return;
    default:
      assertNever(looked);
  }
}

function sendFiles(
  { client, uploads, state }: Workbench,
  files: readonly PageFile[],
  places: ReadonlyMap<PageFile, SendPlace>,
  into: Into,
): void {
  const connectionId = into === null ? (state.preferences.get()?.connectionId ?? null) : null;
  if (into !== null) goSession(into);
  attempt(() =>
    uploads.add({
      sessionId: into,
      connectionId,
      files,
      places,
      onSession: (id) => {
        goSession(id);
        // The engine knows only the first of them yet.
        const title = titleOf(files);
        if (title !== null) attempt(() => client.sessions.rename({ id, title }));
      },
      onBegun: (refused) => tellRefused(refused, files.length - refused.length),
    }),
  );
}

/** @returns what a drop of several things is called; null where the first says it all */
function titleOf(files: readonly PageFile[]): string | null {
  const [first, ...rest] = new Set(files.map(({ relativePath }) => relativePath.split('/')[0] ?? ''));
  if (first === undefined || rest.length === 0) return null;
  return `${shortenMiddle(first, TITLE_LENGTH)} and ${rest.length} more`;
}

/** One that was refused is told in full; of many, how many, and the list. */
function tellRefused(refused: readonly Refusal[], added: number): void {
  if (refused.length === 0) return;
  if (added === 0 || refused.length === 1) {
    overlay.set({ kind: 'refused', refused, added });
    return;
  }
  tell(`${counted(refused.length, 'file')} could not be taken.`, {
    label: 'Show which',
    run: () => overlay.set({ kind: 'refused', refused, added }),
  });
}

import { useMemo, useSyncExternalStore } from 'react';
import { attempt } from '#renderer/components';
import { useIntake } from '#renderer/features/intake';
import { goHome, goSession, overlay, route, TABS, useExternal } from '#renderer/lib';
import { useSessionIds, useWorkbench } from '#renderer/state';

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly keys?: string;
  readonly run: () => void;
}

const THEMES = [
  { theme: 'system', title: 'Theme: as the system' },
  { theme: 'light', title: 'Theme: light' },
  { theme: 'dark', title: 'Theme: dark' },
] as const;

const SPEEDS = [
  { bytesPerSecond: null, title: 'Speed: full' },
  { bytesPerSecond: 50e6, title: 'Speed: 50 MB/s' },
  { bytesPerSecond: 10e6, title: 'Speed: 10 MB/s' },
  { bytesPerSecond: 5e6, title: 'Speed: 5 MB/s' },
  { bytesPerSecond: 1e6, title: 'Speed: 1 MB/s' },
] as const;

/** All that can be done from anywhere, and where one can go. */
export function useCommands(): readonly Command[] {
  const { client, state, uploads } = useWorkbench();
  const intake = useIntake();
  const here = useExternal(route);
  const sessionIds = useSessionIds();
  const sessions = useSyncExternalStore(state.sessions.subscribeAll, state.sessions.all);
  return useMemo(() => {
    const titles = new Map(sessions.map(({ id, title }) => [id, title]));
    const commands: Command[] = [];
    const add = (group: string, title: string, run: () => void, keys?: string) =>
      commands.push({ id: `${group}:${title}`, group, title, run, ...(keys === undefined ? {} : { keys }) });
    if (here.kind === 'session') {
      const { id } = here;
      for (const tab of TABS) add('This session', `Go to ${tab}`, () => goSession(id, tab));
      add('This session', 'Add files to this session', () => intake.chooseFiles(id), 'mod O');
      add('This session', 'Add a folder to this session', () => intake.chooseFolder(id));
      add('This session', 'Delete this session…', () => overlay.set({ kind: 'remove-session', id }));
    }
    add(
      'Upload',
      'Upload files in a new session',
      () => intake.chooseFiles(null),
      here.kind === 'home' ? 'mod O' : undefined,
    );
    add('Upload', 'Upload a folder in a new session', () => intake.chooseFolder(null));
    const { chooseOnHost } = intake;
    if (chooseOnHost !== null)
      add('Upload', 'Upload from the computer Sluice runs on', () => chooseOnHost(null));
    add('Upload', 'Upload the sample file', intake.addSample);
    add('Transfers', 'Pause all transfers', () => {
      uploads.pause();
      attempt(() => client.transfers.pauseAll());
    });
    add('Transfers', 'Resume all transfers', () => {
      uploads.resume();
      attempt(() => client.transfers.resumeAll());
    });
    add('Transfers', 'Unfinished uploads in the bucket…', () =>
      overlay.set({ kind: 'leftovers', connectionId: state.preferences.get()?.connectionId ?? 'builtin' }),
    );
    for (const { title, bytesPerSecond } of SPEEDS) {
      add('Transfers', title, () =>
        attempt(async () => state.limits.set(await client.limits.override({ bytesPerSecond, until: null }))),
      );
    }
    add('Transfers', 'Speed: as it is set', () =>
      attempt(async () => state.limits.set(await client.limits.override(null))),
    );
    add('Transfers', 'Speed and timetable…', () => overlay.set({ kind: 'limits' }));
    add('Sluice', 'New session', goHome);
    add('Sluice', 'Connections…', () => overlay.set({ kind: 'connections' }));
    add('Sluice', 'Keyboard shortcuts', () => overlay.set({ kind: 'keys' }), '?');
    for (const { theme, title } of THEMES) {
      add('Sluice', title, () => attempt(() => client.system.setPreferences({ theme })));
    }
    for (const id of sessionIds) {
      const title = titles.get(id);
      if (title !== undefined) commands.push({ id, group: 'Sessions', title, run: () => goSession(id) });
    }
    return commands;
  }, [client, state, uploads, intake, here, sessionIds, sessions]);
}

/** Every word must be found; those found at the start of a word come first. */
export function search(commands: readonly Command[], text: string): readonly Command[] {
  const words = text
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return commands;
  const scored: { readonly command: Command; readonly score: number }[] = [];
  for (const command of commands) {
    const title = command.title.toLocaleLowerCase();
    const places = words.map((word) => title.indexOf(word));
    if (places.includes(-1)) continue;
    const starts = places.filter((place) => place === 0 || /[\s_./-]/.test(title.charAt(place - 1))).length;
    scored.push({ command, score: starts * 100 - Math.min(...places) });
  }
  return scored.sort((a, b) => b.score - a.score).map(({ command }) => command);
}

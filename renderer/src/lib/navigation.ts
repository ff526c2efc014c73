import { type FileRef, type Refusal } from '#shared/contract';
import { type Choices, type DropPlan, type OnExistingFile } from '#shared/domain';
import { external } from './external.ts';

export const TABS = ['files', 'data', 'process', 'results'] as const;
export type Tab = (typeof TABS)[number];

export type Route =
  | { readonly kind: 'home' }
  | { readonly kind: 'session'; readonly id: string; readonly tab: Tab };

/** What the picker is to find: things to upload, one file, a folder to save into, or a CSV file that may not exist yet. */
export type Wanted = 'sources' | 'file' | 'folder' | 'csv-file';

/** What is open over the page. */
export type Overlay =
  | { readonly kind: 'palette' }
  | { readonly kind: 'connections' }
  | { readonly kind: 'limits' }
  | { readonly kind: 'keys' }
  | { readonly kind: 'leftovers'; readonly connectionId: string }
  /** Files are being compared with what is where they are to go. */
  | { readonly kind: 'looking'; readonly onCancel: () => void }
  | {
      readonly kind: 'choices';
      readonly plan: DropPlan;
      readonly into: string;
      /** Null where it was dismissed: nothing is sent. */
      readonly onChosen: (choices: Choices | null) => void;
    }
  | { readonly kind: 'remove-session'; readonly id: string }
  | {
      readonly kind: 'refused';
      /** The first of them. */
      readonly refused: readonly Refusal[];
      readonly total: number;
      readonly added: number;
    }
  | {
      readonly kind: 'in-the-way';
      /** Files that stand where downloads would go; some of their names. */
      readonly count: number;
      readonly names: readonly string[];
      readonly onChosen: (existing: OnExistingFile) => void;
    }
  | {
      readonly kind: 'picker';
      readonly wanted: Wanted;
      /** For files of a new session: where they go is chosen along with them. */
      readonly newSession?: boolean;
      /** Where sources go. */
      readonly connectionId?: string | undefined;
      /** An empty list where it was dismissed. */
      readonly onChosen: (files: readonly FileRef[]) => void;
    };

const routes = external<Route>({ kind: 'home' });
export const overlay = external<Overlay | null>(null);

function parse(hash: string): Route {
  const [, area, id, tab] = hash.slice(1).split('/');
  if (area !== 's' || id === undefined || id === '') return { kind: 'home' };
  return { kind: 'session', id: decodeURIComponent(id), tab: TABS.find((known) => known === tab) ?? 'files' };
}

function format(route: Route): string {
  return route.kind === 'home' ? '#/' : `#/s/${encodeURIComponent(route.id)}/${route.tab}`;
}

/** The address of the page says where one is, so that Back, Reload and bookmarks work. */
export const route = { get: routes.get, subscribe: routes.subscribe };

/** From now on the address of the page is followed. */
export function followAddress(): void {
  const follow = () => routes.set(parse(location.hash));
  window.addEventListener('hashchange', follow);
  follow();
}

export function go(to: Route): void {
  if (format(to) === format(routes.get())) return;
  history.pushState(null, '', format(to));
  routes.set(to);
}

export const goHome = (): void => go({ kind: 'home' });
export const goSession = (id: string, tab: Tab = 'files'): void => go({ kind: 'session', id, tab });

import { external, type External } from '#renderer/lib';
import {
  cleanDraft,
  type Draft,
  insertStep,
  readDraft,
  sameDraft,
  type StepDraft,
  writeDraft,
} from './draft.ts';
import { begin, change, type History, redo, undo } from './history.ts';

/** Drafts are kept in the page's own storage, one for each file. */
const PREFIX = 'sluice.recipe-draft.';
const MOST_KEPT = 100;
/** Between the time a draft was kept, ms, and the draft. */
const AFTER_TIME = ' ';

/** The draft for one file, and what was chosen in it. */
export interface DraftStore extends Pick<External<History>, 'get' | 'subscribe'> {
  /** @param to names what is changed, where writing on is the same change */
  readonly change: (make: (draft: Draft) => Draft, to?: string) => void;
  readonly undo: () => void;
  readonly redo: () => void;
  /** The step that is open, by its id. */
  readonly chosen: External<string | null>;
  /** The step that was just added, whose form takes the focus. */
  readonly fresh: External<string | null>;
  /** Whether the page's storage took the draft. */
  readonly kept: External<boolean>;
}

const stores = new Map<string, DraftStore>();

/** @returns always the same for the same file */
export function draftStore(transferId: string): DraftStore {
  const known = stores.get(transferId);
  if (known !== undefined) return known;
  const made = createStore(transferId);
  stores.set(transferId, made);
  return made;
}

function createStore(transferId: string): DraftStore {
  const key = PREFIX + transferId;
  const kept = external(true);
  const history = external(begin(load(key) ?? cleanDraft()));
  const keep = () => {
    kept.set(store(key, history.get().now));
  };
  const chosen = external<string | null>(null);
  const fresh = external<string | null>(null);
  return {
    get: history.get,
    subscribe: history.subscribe,
    chosen,
    fresh,
    kept,
    change: (make, to) => {
      history.set((now) => change(now, make(now.now), to ?? null, Date.now()));
      keep();
    },
    undo: () => {
      history.set(undo);
      keep();
    },
    redo: () => {
      history.set(redo);
      keep();
    },
  };
}

/** Adds a step at the end of the draft for a file, and opens it. @returns its id */
export function addStep(transferId: string, step: StepDraft): string {
  const drafts = draftStore(transferId);
  let id = '';
  drafts.change((draft) => {
    const made = insertStep(draft, draft.steps.length, step);
    ({ id } = made);
    return made.draft;
  });
  drafts.chosen.set(id);
  drafts.fresh.set(id);
  return id;
}

function load(key: string): Draft | null {
  const kept = localStorage.getItem(key);
  return kept === null ? null : readDraft(kept.slice(kept.indexOf(AFTER_TIME)));
}

/** @returns whether the storage took it: it may be full, or closed to this page */
function store(key: string, draft: Draft): boolean {
  try {
    if (sameDraft(draft, cleanDraft())) localStorage.removeItem(key);
    else localStorage.setItem(key, `${Date.now()}${AFTER_TIME}${writeDraft(draft)}`);
    sweep();
    return true;
  } catch (error) {
    if (error instanceof DOMException) return false;
    throw error;
  }
}

/** Files come and go; their drafts must not pile up. */
function sweep(): void {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  if (keys.length <= MOST_KEPT) return;
  const age = (key: string) => Number.parseInt(localStorage.getItem(key) ?? '0', 10);
  const oldest = keys.toSorted((a, b) => age(a) - age(b)).slice(0, keys.length - MOST_KEPT);
  for (const key of oldest) localStorage.removeItem(key);
}

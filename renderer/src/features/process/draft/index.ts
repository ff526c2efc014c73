export * from './draft.ts';
export { addStep, draftStore, type DraftStore } from './drafts.ts';
export { begin, change, redo, undo, type History } from './history.ts';

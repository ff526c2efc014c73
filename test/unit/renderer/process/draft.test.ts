import { expect, test } from 'vitest';
import { cleanRecipe, recipe } from '#shared/domain';
import * as draft from '#internal/renderer/src/features/process/draft/draft';
import { begin, change, redo, undo } from '#internal/renderer/src/features/process/draft/history';

const kinds = ({ steps }: draft.Draft) => steps.map(({ step }) => step.kind);

test('a recipe becomes a draft, and the same recipe again', () => {
  const { recipe: made, unfinished } = draft.readyDraft(draft.draftOf(cleanRecipe('paid')));
  expect(made).toEqual(cleanRecipe('paid'));
  expect(recipe.parse(made)).toEqual(made);
  expect(unfinished).toBeNull();
});

test('steps that are off are left out; from an unfinished one on nothing is tried', () => {
  let now = draft.cleanDraft();
  const [first] = now.steps;
  now = draft.changeStep(now, first?.id ?? '', { off: true });
  const added = draft.insertStep(now, 2, { kind: 'drop-columns', columns: [] });
  const ready = draft.readyDraft(added.draft);
  expect(ready.recipe.steps.map(({ kind }) => kind)).toEqual(['empty-to-null']);
  expect(ready.ids).toEqual([now.steps[1]?.id]);
  expect(ready.unfinished).toBe(added.id);
  const off = draft.readyDraft(draft.changeStep(added.draft, added.id, { off: true }));
  expect(off.recipe.steps).toHaveLength(3);
  expect(off.unfinished).toBeNull();
});

test('up to a step, with it or without it', () => {
  const now = draft.cleanDraft();
  const id = now.steps[2]?.id ?? '';
  expect(draft.readyDraft(now, { id, without: false }).ids).toHaveLength(3);
  expect(draft.readyDraft(now, { id, without: true }).ids).toHaveLength(2);
});

test('steps are moved, doubled and taken out by what they are, not by where', () => {
  const now = draft.cleanDraft();
  const [first, second] = now.steps;
  const moved = draft.moveStep(now, first?.id ?? '', 99);
  expect(kinds(moved)).toEqual(['empty-to-null', 'real-types', 'drop-exact-duplicates', 'trim']);
  expect(draft.moveStep(now, first?.id ?? '', -1)).toBe(now);
  const doubled = draft.duplicateStep(now, second?.id ?? '');
  expect(kinds(doubled.draft).slice(1, 3)).toEqual(['empty-to-null', 'empty-to-null']);
  expect(doubled.id).not.toBe(second?.id);
  expect(kinds(draft.removeStep(doubled.draft, doubled.id))).toEqual(kinds(now));
});

test('a draft survives being written, unfinished steps and those that are off too', () => {
  let now = draft.insertStep(draft.emptyDraft(), 0, { kind: 'filter', where: { all: [] } }).draft;
  now = draft.changeStep(now, now.steps[0]?.id ?? '', { off: true });
  const read = draft.readDraft(draft.writeDraft(now));
  expect(read).not.toBeNull();
  expect(read !== null && draft.sameDraft(read, now)).toBe(true);
  for (const bad of ['', '{', '[]', '{"name":"x","target":null,"steps":[{"step":{"kind":"explode"}}]}'])
    expect(draft.readDraft(bad)).toBeNull();
});

test('every change can be taken back and done again; writing on is one change', () => {
  const first = draft.emptyDraft();
  let history = begin(first);
  history = change(history, { ...first, name: 'a' }, 'name', 0);
  history = change(history, { ...first, name: 'ab' }, 'name', 500);
  history = change(history, { ...first, name: 'abc' }, 'name', 5000);
  expect(history.past.map(({ name }) => name)).toEqual([first.name, 'ab']);
  history = undo(undo(undo(history)));
  expect(history.now).toBe(first);
  history = redo(history);
  expect(history.now.name).toBe('ab');
  history = change(history, { ...first, name: 'x' }, null, 5001);
  expect(redo(history)).toBe(history);
});

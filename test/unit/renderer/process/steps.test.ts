import { expect, test } from 'vitest';
import { recipeStep } from '#shared/domain';
import { findForms, formOf, STEP_FORMS } from '#internal/renderer/src/features/process/steps/catalogue';
import { stepsForColumn } from '#internal/renderer/src/features/process/steps/for-column';
import { stepTitle, unfinishedReason } from '#internal/renderer/src/features/process/steps/words';

const SCHEMAS = recipeStep.options.map(({ shape }) => shape);

test('there is one form for every kind of step, and it asks for all that the kind has', () => {
  expect(STEP_FORMS.map(({ kind }) => kind).toSorted()).toEqual(
    SCHEMAS.map(({ kind }) => kind.value).toSorted(),
  );
  for (const shape of SCHEMAS) {
    const asked = new Set(formOf(shape.kind.value).fields.map(({ key }) => key));
    const wanted = Object.keys(shape).filter((key) => key !== 'kind' && key !== 'note');
    expect([...asked].toSorted(), shape.kind.value).toEqual(wanted.toSorted());
  }
});

test('what a blank step lacks is said; nothing in it is of the wrong form', () => {
  for (const { blank, title, kind } of STEP_FORMS) {
    const read = recipeStep.safeParse(blank);
    const reason = unfinishedReason(blank);
    expect(reason === null, kind).toBe(read.success);
    if (!read.success) {
      expect(stepTitle(blank)).toBe(title);
      expect(reason).not.toMatch(/not as it must be/);
      expect(read.error.issues.map(({ code }) => code)).not.toContain('unrecognized_keys');
    }
  }
});

test('what a column is offered is what its forms ask for, and names the column', () => {
  for (const type of [{ kind: 'text' }, { kind: 'integer', thousands: null }] as const) {
    const steps = stepsForColumn({ name: 'a', type, note: null }).map(({ step }) => step);
    expect(steps.length).toBeGreaterThan(3);
    for (const step of steps) {
      const read = recipeStep.safeParse(step);
      const issues = read.success ? [] : read.error.issues.map(({ code }) => code);
      // Only what somebody has to write is not there yet.
      expect(
        issues.every((code) => code === 'too_small'),
        step.kind,
      ).toBe(true);
      expect(JSON.stringify(step)).toContain('"a"');
    }
  }
  expect(stepsForColumn({ name: '', type: { kind: 'text' }, note: null })).toEqual([]);
});

test('steps are found by other words for them', () => {
  const found = (text: string) => findForms(text).flatMap(({ forms }) => forms.map(({ kind }) => kind));
  expect(found('regex')).toEqual(['replace-text']);
  expect(found('vlookup')).toEqual(['join']);
  expect(found('dedup')).toEqual(['drop-exact-duplicates', 'drop-duplicates']);
  expect(found('impute')).toEqual(['fill-missing']);
  expect(found('scale')).toEqual(['scale']);
  expect(found('outliers')).toEqual(['outliers']);
  expect(found('no such thing')).toEqual([]);
  expect(found('')).toHaveLength(STEP_FORMS.length);
});

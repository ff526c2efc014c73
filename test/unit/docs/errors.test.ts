import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '#shared/errors';
import { ERRORS_DOC, errorsDoc } from '../../../scripts/errors-doc.mjs';

const ROOT = join(import.meta.dirname, '../../..');

it('docs/errors.md is what the catalogue says', () => {
  expect(readFileSync(ERRORS_DOC, 'utf8')).toBe(errorsDoc(catalogue));
});

it('docs/cli.md gives every code exactly one exit code', () => {
  const section = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8').split('## Exit codes')[1] ?? '';
  const mapped = [...section.matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, code]) => code ?? '');
  expect(mapped.toSorted()).toEqual(Object.keys(catalogue).toSorted());
});

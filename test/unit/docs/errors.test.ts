import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exitCodeOf } from '#internal/main/hosts/cli/exit-codes';
import { catalogue, type ErrorCode } from '#shared/errors';
import { ERRORS_DOC, errorsDoc } from '../../../scripts/errors-doc.mjs';

const ROOT = join(import.meta.dirname, '../../..');

it('docs/errors.md is what the catalogue says', () => {
  expect(readFileSync(ERRORS_DOC, 'utf8')).toBe(errorsDoc(catalogue));
});

it('docs/cli.md gives every code the exit code the command line ends with', () => {
  const section = readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8').split('## Exit codes')[1] ?? '';
  const documented = section.split('\n').flatMap((line) => {
    const exit = /^\| (\d+) \|/.exec(line)?.[1];
    return exit === undefined
      ? []
      : [...line.matchAll(/`([A-Z_]+)`/g)].map(([, code]) => [code, Number(exit)]);
  });
  const codes = Object.keys(catalogue) as ErrorCode[];
  expect(documented).toHaveLength(codes.length);
  expect(Object.fromEntries(documented)).toEqual(
    Object.fromEntries(codes.map((code) => [code, exitCodeOf(code)])),
  );
});

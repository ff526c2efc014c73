import { expect, test } from 'vitest';
import { contract, procedurePaths } from '#shared/contract';
import { catalogue } from '#shared/errors';
import { compareWithContract } from './completeness.ts';
import { createProbe, probe } from './probe.ts';

test('the paths of the contract are found', () => {
  const paths = procedurePaths(contract);
  expect(paths).toContain('transfers.add');
  expect(paths).toContain('system.changes');
  expect(new Set(paths).size).toBe(paths.length);
});

test('a router that keeps its contract lacks nothing', () => {
  expect(compareWithContract(probe, createProbe().router)).toEqual({ missing: [], extra: [] });
});

test('a procedure without a handler is named, and so is a handler without a procedure', () => {
  const { router } = createProbe();
  const { echo, ...plain } = router.plain;
  expect(compareWithContract(probe, { ...router, plain })).toEqual({ missing: ['plain.echo'], extra: [] });
  expect(compareWithContract(probe, { ...router, more: { echo } })).toEqual({
    missing: [],
    extra: ['more.echo'],
  });
});

test('the contract declares only codes of the catalogue', () => {
  const codes = JSON.stringify(Object.keys(catalogue));
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const declared = (node as { '~orpc'?: { errorMap?: object } })['~orpc']?.errorMap;
    if (declared === undefined) return Object.values(node).forEach(walk);
    for (const code of Object.keys(declared)) expect(codes).toContain(`"${code}"`);
  };
  walk(contract);
});

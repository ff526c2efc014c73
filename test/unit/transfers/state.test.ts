import { expect, test } from 'vitest';
import type { TransferState } from '#shared/domain';
import { assertMayFollow, isAtRest, mayFollow } from '#internal/main/transfers/state';

type Kind = TransferState['kind'];
const KINDS: readonly Kind[] = [
  'queued',
  'preparing',
  'transferring',
  'waiting',
  'verifying',
  'paused',
  'done',
  'failed',
  'cancelled',
];

test('what is done or cancelled stays so', () => {
  for (const kind of KINDS) {
    expect(mayFollow('done', kind)).toBe(kind === 'done');
    expect(mayFollow('cancelled', kind)).toBe(kind === 'cancelled');
  }
});

test('everything that is not over can be cancelled, and what moves can be paused', () => {
  for (const kind of KINDS) {
    if (kind === 'done') continue;
    expect(mayFollow(kind, 'cancelled')).toBe(true);
  }
  for (const kind of ['queued', 'preparing', 'transferring', 'waiting', 'verifying'] as const) {
    expect(mayFollow(kind, 'paused')).toBe(true);
  }
});

test('only what was verified becomes done', () => {
  const before = KINDS.filter((kind) => kind !== 'done' && mayFollow(kind, 'done'));
  expect(before).toEqual(['verifying']);
});

test('a person who asks for what cannot be is told', () => {
  expect(() => assertMayFollow('done', 'paused', 'be paused')).toThrow(
    expect.objectContaining({ code: 'UPLOAD_STATE', message: 'A transfer that is done cannot be paused.' }),
  );
});

test('at rest means that nothing happens by itself', () => {
  expect(KINDS.filter((kind) => isAtRest({ kind } as TransferState))).toEqual([
    'paused',
    'done',
    'failed',
    'cancelled',
  ]);
});

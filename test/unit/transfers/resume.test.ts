import { expect, test } from 'vitest';
import { goOn, startOf } from '#internal/main/transfers/upload/resume';
import type { SourceIdentity, TransferRecord, UploadStep } from '#main/journal';
import { planUpload } from '#main/transfers';

const MiB = 1024 * 1024;
const identity: SourceIdentity = { size: 12 * MiB, modifiedNs: '1', changedNs: '1', fileId: '1:1' };
const touched: SourceIdentity = { ...identity, modifiedNs: '2', changedNs: '2' };
const longer: SourceIdentity = { ...touched, size: 13 * MiB };
const record = (step: UploadStep, uploadId: string | null): TransferRecord =>
  ({ step, uploadId, identity, size: identity.size }) as TransferRecord;

test.each<[UploadStep, string | null, SourceIdentity, ReturnType<typeof startOf>]>([
  ['planned', null, identity, { kind: 'begin' }],
  ['creating', null, identity, { kind: 'find-lost-create' }],
  ['creating', null, longer, { kind: 'find-lost-create' }],
  ['uploading', 'u', identity, { kind: 'ask-for-parts', uploadId: 'u', touched: false }],
  ['uploading', 'u', touched, { kind: 'ask-for-parts', uploadId: 'u', touched: true }],
  ['uploading', 'u', longer, { kind: 'begin-anew', uploadId: 'u' }],
  ['completing', 'u', identity, { kind: 'ask-for-parts', uploadId: 'u', touched: false }],
  ['completing', 'u', longer, { kind: 'begin-anew', uploadId: 'u' }],
  ['completing', null, identity, { kind: 'begin' }],
  ['stored', 'u', identity, { kind: 'begin' }],
])('in step %s with upload %s', (step, uploadId, now, expected) => {
  expect(startOf(record(step, uploadId), now)).toEqual(expected);
});

const plan = planUpload(12 * MiB, 5 * MiB);
const seen = [1, 2, 3].map((number) => ({ number, crc32: number, etag: `"${number}"` }));
const listed = seen.map(({ number, crc32, etag }) => ({
  number,
  crc32,
  etag,
  size: number === 3 ? 2 * MiB : 5 * MiB,
}));

test('parts that journal and store agree on are kept, and compared where the file was touched', () => {
  const next = goOn(plan, seen, listed.slice(0, 2), true);
  expect(next).toMatchObject({ kind: 'keep', compare: true });
  expect(next.kind === 'keep' && [...next.parts.keys()]).toEqual([1, 2]);
});

test('an upload the store does not know may be complete only if every part had landed', () => {
  expect(goOn(plan, seen, null, false).kind).toBe('prove-or-anew');
  expect(goOn(plan, seen.slice(1), null, false)).toEqual({ kind: 'gone' });
  expect(goOn(plan, seen, null, true)).toMatchObject({ kind: 'prove-or-anew', compare: true });
});

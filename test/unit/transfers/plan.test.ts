import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LIMITS, partRange, planUpload } from '#internal/main/transfers/plan';

const MiB = 1024 * 1024;

test('what fits in one part goes up in one PUT', () => {
  expect(planUpload(1)).toEqual({ kind: 'single', size: 1, partSize: 8 * MiB, partCount: 1 });
  expect(planUpload(8 * MiB).kind).toBe('single');
  expect(planUpload(8 * MiB + 1)).toMatchObject({ kind: 'multipart', partCount: 2 });
  expect(planUpload(6 * MiB, 5 * MiB)).toMatchObject({ kind: 'multipart', partCount: 2 });
});

test('large files have larger parts, and no more of them than S3 takes', () => {
  expect(planUpload(1024 * MiB - 1).partSize).toBe(8 * MiB);
  expect(planUpload(1024 * MiB)).toMatchObject({ partSize: 15 * MiB, partCount: 69 });
  expect(planUpload(1024 ** 2 * MiB)).toMatchObject({ partSize: 117 * MiB, partCount: 8963 });
});

test('every plan keeps the limits of S3, and its parts are the file, once and in order', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, BigInt(LIMITS.maxSize)), (big) => {
      const size = Number(big);
      const plan = planUpload(size);
      expect(plan.partCount).toBeLessThanOrEqual(LIMITS.maxParts);
      expect(plan.partSize).toBeLessThanOrEqual(LIMITS.maxPartSize);
      if (plan.kind === 'multipart') expect(plan.partSize).toBeGreaterThanOrEqual(LIMITS.minPartSize);
      const first = partRange(plan, 1);
      const last = partRange(plan, plan.partCount);
      expect(first.offset).toBe(0);
      expect(last.offset + last.length).toBe(size);
      expect(last.length).toBeGreaterThan(0);
      expect(last.length).toBeLessThanOrEqual(plan.partSize);
    }),
  );
});

test('the largest object has 10,000 parts of 5 GiB; one byte more is refused before anything is sent', () => {
  expect(planUpload(LIMITS.maxSize).partCount).toBeLessThanOrEqual(10_000);
  expect(() => planUpload(LIMITS.maxSize + 1)).toThrow(expect.objectContaining({ code: 'PLAN_IMPOSSIBLE' }));
});

test.each([
  [100 * MiB, 4 * MiB],
  [100 * MiB, 6 * 1024 * MiB],
  [100 * 1024 * MiB, 5 * MiB],
  [100 * MiB, 5.5],
  [100 * MiB, Number.NaN],
])('a part size that cannot be is refused (%d bytes in parts of %d)', (size, partSize) => {
  expect(() => planUpload(size, partSize)).toThrow(expect.objectContaining({ code: 'PLAN_IMPOSSIBLE' }));
});

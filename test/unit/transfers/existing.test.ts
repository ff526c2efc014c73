import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedMultipartEtag, type StoredPart, type SurveyedUpload, type Yardstick } from '#main/storage';
import {
  CHOICES,
  choiceBy,
  decide,
  digestFile,
  freeKey,
  likeness,
  renamedKey,
  type Policies,
} from '#main/transfers';
import { conflictKind, type Choice, type ConflictKind } from '#shared/domain';
import { encodeCrc32 } from '#shared/lib';
import { fitOf } from '#internal/main/transfers/existing/adopt';
import { isProven, prove } from '#internal/main/transfers/verify';

const MiB = 1024 * 1024;
const signal = new AbortController().signal;

test.each<[string, number, number, Yardstick['kind'], string | null, boolean, string]>([
  ['another size', 1, 2, 'crc32', null, false, 'different'],
  ['another size, though only sizes count', 1, 2, 'crc32', null, true, 'different'],
  ['the same size where only sizes count', 2, 2, 'none', null, true, 'identical'],
  ['the same checksum', 2, 2, 'crc32', 'sum', false, 'identical'],
  ['another checksum', 2, 2, 'crc32', 'other', false, 'different'],
  ['the same MD5', 2, 2, 'md5', 'sum', false, 'identical'],
  ['nothing to compare by', 2, 2, 'none', null, false, 'unknown'],
  ['a file that nobody read', 2, 2, 'crc32', null, false, 'unknown'],
])('%s', (_, here, there, kind, digest, bySize, expected) => {
  const yardstick = (kind === 'none' ? { kind } : { kind, value: 'sum', partSize: 1 }) as Yardstick;
  expect(likeness({ size: here, digest }, { size: there, yardstick }, bySize)).toBe(expected);
});

const policies = (over: Partial<Policies>): Policies => ({
  existing: 'fail',
  changed: 'continue',
  leftover: 'leave',
  ...over,
});

test.each<[ConflictKind, Partial<Policies>, Choice | 'fail']>([
  ['identical', {}, 'skip'],
  ['identical', { existing: 'skip' }, 'skip'],
  ['identical', { existing: 'rename' }, 'skip'],
  ['identical', { existing: 'replace' }, 'replace'],
  ['different', {}, 'fail'],
  ['different', { existing: 'skip' }, 'skip'],
  ['different', { existing: 'rename' }, 'rename'],
  ['different', { existing: 'replace' }, 'replace'],
  ['unknown', {}, 'fail'],
  ['unknown', { existing: 'skip' }, 'skip'],
  ['uploaded', {}, 'anew'],
  ['uploaded', { existing: 'skip' }, 'skip'],
  ['changed', {}, 'continue'],
  ['changed', { changed: 'anew' }, 'anew'],
  ['changed', { changed: 'fail' }, 'fail'],
  ['leftover', {}, 'leave'],
  ['leftover', { leftover: 'resume' }, 'continue'],
  ['leftover', { leftover: 'delete' }, 'discard'],
])('a command does about one that is %s, told %o: %s', (kind, told, expected) => {
  expect(choiceBy({ kind, choices: [...CHOICES[kind]] }, policies(told))).toBe(expected);
});

test('what is not offered is not done', () => {
  expect(choiceBy({ kind: 'changed', choices: ['anew', 'skip'] }, policies({}))).toBe('anew');
  expect(
    choiceBy({ kind: 'leftover', choices: ['leave', 'discard'] }, policies({ leftover: 'resume' })),
  ).toBe('leave');
});

describe('a decision', () => {
  const met = (kind: ConflictKind, chosen: Choice, about: string | null = null) => ({
    met: { kind, about },
    chosen,
  });
  test('without anything met is to send, and never over what comes there meanwhile', () => {
    expect(decide([])).toEqual({ kind: 'send', over: false, renamed: false, adopt: null, discard: [] });
  });
  test('to skip wins over what was begun', () => {
    expect(decide([met('different', 'skip'), met('leftover', 'continue', 'u1')])).toEqual({
      kind: 'skip',
      why: 'different',
    });
  });
  test('to stand beside cannot go on with an upload to the key itself', () => {
    expect(decide([met('different', 'rename'), met('leftover', 'continue', 'u1')])).toMatchObject({
      renamed: true,
      adopt: null,
    });
  });
  test('to replace may go on with it', () => {
    expect(decide([met('different', 'replace'), met('leftover', 'continue', 'u1')])).toMatchObject({
      over: true,
      adopt: 'u1',
    });
  });
  test('names the uploads to delete', () => {
    expect(decide([met('leftover', 'discard', 'u1'), met('leftover', 'leave', 'u2')])).toMatchObject({
      discard: ['u1'],
    });
  });
  test('about an upload of this machine goes on or begins anew', () => {
    expect(decide([met('changed', 'continue', 't1')])).toEqual({ kind: 'continue', transferId: 't1' });
    expect(decide([met('changed', 'anew', 't1')])).toEqual({ kind: 'anew', transferId: 't1' });
  });
  test('only a replacement ever writes over an object', () => {
    const anything = fc.array(
      fc
        .constantFrom(...conflictKind.options)
        .chain((kind) => fc.constantFrom(...CHOICES[kind]).map((chosen) => met(kind, chosen, 'x'))),
    );
    fc.assert(
      fc.property(anything, (all) => {
        const decision = decide(all);
        if (decision.kind === 'send' && decision.over)
          expect(all.some(({ chosen }) => chosen === 'replace')).toBe(true);
      }),
    );
  });
});

test('a name beside another keeps its ending, and is the first that is free', () => {
  expect(renamedKey('a/b.csv', 2)).toBe('a/b~2.csv');
  expect(renamedKey('a.b/c', 3)).toBe('a.b/c~3');
  expect(renamedKey('a/.env', 2)).toBe('a/.env~2');
  const taken = new Set(['a/b~2.csv', 'a/b~3.csv']);
  expect(freeKey('a/b.csv', (key) => taken.has(key))).toBe('a/b~4.csv');
});

test('a file is summed up as the store did', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-digest-'));
  try {
    const content = Buffer.from(Array.from({ length: 2_500_001 }, (_, at) => (at * 31) & 255));
    const path = join(folder, 'file');
    writeFileSync(path, content);
    const parts = [
      content.subarray(0, 1_000_000),
      content.subarray(1_000_000, 2_000_000),
      content.subarray(2_000_000),
    ];
    const crcs = Buffer.alloc(12);
    for (const [at, part] of parts.entries()) crcs.writeUInt32BE(crc32(part), at * 4);
    const md5 = (bytes: Uint8Array): Buffer => createHash('md5').update(bytes).digest();
    const sum = (yardstick: Yardstick): Promise<string | null> => digestFile(path, yardstick, signal);
    expect(await sum({ kind: 'none' })).toBeNull();
    expect(await sum({ kind: 'crc32', value: '' })).toBe(encodeCrc32(crc32(content)));
    expect(await sum({ kind: 'md5', value: '' })).toBe(md5(content).toString('hex'));
    expect(await sum({ kind: 'crc32-of-parts', value: '', partSize: 1_000_000 })).toBe(
      `${encodeCrc32(crc32(crcs))}-3`,
    );
    expect(await sum({ kind: 'md5-of-parts', value: '', partSize: 1_000_000 })).toBe(
      `${md5(Buffer.concat(parts.map(md5))).toString('hex')}-3`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe('an upload that somebody else began', () => {
  const part = (number: number, size: number): StoredPart => ({ number, size, etag: '"e"', crc32: 1 });
  const upload = (
    parts: readonly StoredPart[],
    algorithm: string | null = 'CRC32',
    type = 'FULL_OBJECT',
  ): SurveyedUpload => ({
    parts,
    checksum: algorithm === null ? null : { algorithm, type },
  });
  test('fits a file that its parts can be ranges of', () => {
    expect(fitOf(upload([part(1, 5 * MiB), part(3, 17)]), 10 * MiB + 17, 'full-object')).toMatchObject({
      kind: 'fits',
      plan: { partSize: 5 * MiB, partCount: 3 },
    });
  });
  test.each<[string, SurveyedUpload, number, 'full-object' | 'composite' | 'none']>([
    ['nothing stored', upload([]), 10 * MiB, 'full-object'],
    ['a part of another size', upload([part(1, 5 * MiB), part(2, 6 * MiB)]), 20 * MiB, 'full-object'],
    ['a part beyond the file', upload([part(1, 5 * MiB), part(9, 5 * MiB)]), 12 * MiB, 'full-object'],
    ['a last part that is too short', upload([part(1, 5 * MiB), part(2, 3)]), 10 * MiB, 'full-object'],
    ['parts too small to be put together', upload([part(1, MiB)]), 3 * MiB, 'full-object'],
    ['another checksum', upload([part(1, 5 * MiB)], 'CRC64NVME'), 20 * MiB, 'full-object'],
    ['another type of it', upload([part(1, 5 * MiB)], 'CRC32', 'COMPOSITE'), 20 * MiB, 'full-object'],
    ['a checksum where we would send none', upload([part(1, 5 * MiB)]), 20 * MiB, 'none'],
  ])('does not fit with %s', (_, seen, size, proof) => {
    expect(fitOf(seen, size, proof)).toMatchObject({ kind: 'no-fit' });
  });
  test('is proven without our mark: by the checksum of the whole, else by its parts, else not at all', () => {
    const parts = ['a', 'b'].map((letter, at) => ({ crc32: at, etag: `"${letter.repeat(32)}"` }));
    const partsEtag = expectedMultipartEtag(parts.map(({ etag }) => etag));
    expect(partsEtag).toMatch(/^[0-9a-f]{32}-2$/);
    const stored = {
      size: 10,
      etag: `"${partsEtag}"`,
      versionId: null,
      crc32: null,
      composite: null,
      etagIsMd5: false,
      metadata: {},
    };
    const expected = { key: 'k', size: 10, crc32: 7, transferId: 't', adopted: true, parts };
    expect(isProven(stored, expected)).toBe(true);
    expect(isProven({ ...stored, etag: '"other-2"' }, expected)).toBe(false);
    expect(isProven({ ...stored, etag: '"other-2"', crc32: 7 }, expected)).toBe(true);
    expect(isProven({ ...stored, crc32: 8 }, expected)).toBe(false);
    expect(isProven({ ...stored, metadata: { 'sluice-id': 't' } }, { ...expected, parts: [] })).toBe(false);
    expect(() => prove({ ...stored, etag: '"other-2"' }, expected)).toThrow(
      expect.objectContaining({ code: 'VERIFY_FAILED' }),
    );
  });
});

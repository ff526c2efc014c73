import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readManifest } from '#main/custody';
import type { ManifestContent } from '#shared/domain';
import { canonicalJson } from '#shared/lib';
import { testUnless } from '../../support/unless.ts';
import { manifestText, seal } from '../../support/seal.ts';

const CONTENT: ManifestContent = {
  version: 1,
  writtenAt: '2026-07-01T10:00:00.000Z',
  writtenBy: 'Sluice 1.0.0',
  session: {
    id: 's1',
    title: 'Plant 7 “März” 😀\u202E',
    endpoint: 'https://s3.example.org',
    bucket: 'evidence',
    prefix: 'cases/s1',
    createdAt: '2026-07-01T09:00:00.000Z',
  },
  custody: { caseNumber: '2026-114', examiner: 'A. Example', note: 'line\nline' },
  files: [
    {
      path: 'a/b.csv',
      key: 'cases/s1/original/b.csv',
      size: 2 ** 43 + 1,
      state: 'done',
      crc32: 'y/U6HA==',
      original: { size: 2 ** 44, crc32: 'AAAAAA==', compressedBy: 'gzip' },
      sha256: 'ab'.repeat(32),
      etag: '"abc-3"',
      versionId: null,
      modified: null,
      proven: ['the store holds it'],
      finishedAt: '2026-07-01T10:00:00.000Z',
      receiptId: 't1',
    },
  ],
  refused: [],
  leftOut: { hidden: 0, systemFiles: 1, links: 0 },
};

const read = (text: string) => readManifest(text, '/m.json');

describe('canonical JSON', () => {
  test('is the same whatever the order and layout, and comes back as the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const shuffled = JSON.parse(JSON.stringify(value), (_, child: unknown) =>
          typeof child === 'object' && child !== null && !Array.isArray(child)
            ? Object.fromEntries(Object.entries(child).reverse())
            : child,
        ) as unknown;
        expect(canonicalJson(shuffled)).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test('sorts keys at every depth and writes no blanks', () => {
    expect(canonicalJson({ b: [{ z: 1, a: null }], a: 'ü\n' })).toBe('{"a":"ü\\n","b":[{"a":null,"z":1}]}');
  });
});

const JQ_DIGEST = `jq -cSj 'del(.digest)' | sha256sum`;
const withoutJq =
  spawnSync('sh', ['-c', 'jq --version && sha256sum --version']).status === 0 ? null : 'there is no jq';

testUnless(withoutJq)('the digest is what jq and sha256sum make of it', () => {
  const sealed = seal(CONTENT);
  const { stdout } = spawnSync('sh', ['-c', JQ_DIGEST], { input: manifestText(sealed), encoding: 'utf8' });
  expect(stdout.split(' ')[0]).toBe(sealed.digest);
});

describe('a sealed manifest', () => {
  test('is read back as it was, and is intact', () => {
    const sealed = seal(CONTENT);
    expect(read(manifestText(sealed))).toEqual({ manifest: sealed, isIntact: true });
  });

  test('stays intact where only its layout changed', () => {
    const { digest, ...rest } = seal(CONTENT);
    expect(read(JSON.stringify({ digest, ...rest })).isIntact).toBe(true);
  });

  test('any value that is changed is seen', () => {
    const sealed = seal(CONTENT);
    const paths: (readonly (string | number)[])[] = [];
    const walk = (node: unknown, path: readonly (string | number)[]): void => {
      if (typeof node !== 'object' || node === null) paths.push(path);
      else
        for (const [key, child] of Object.entries(node))
          walk(child, [...path, Array.isArray(node) ? Number(key) : key]);
    };
    walk(CONTENT, []);
    expect(paths.length).toBeGreaterThan(25);
    for (const path of paths) {
      const copy = structuredClone(sealed) as unknown as Record<string | number, unknown>;
      let node = copy;
      for (const step of path.slice(0, -1)) node = node[step] as Record<string | number, unknown>;
      const last = path.at(-1) ?? '';
      const before = node[last];
      node[last] = typeof before === 'number' ? before + 1 : before === null ? 'x' : `${before as string} `;
      const text = JSON.stringify(copy);
      let isIntact = false;
      try {
        ({ isIntact } = read(text));
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^MANIFEST_(INVALID|NEWER)$/) });
      }
      expect(isIntact, path.join('.')).toBe(false);
    }
  });

  test('what was added, or taken out of a list, is seen', () => {
    const sealed = seal(CONTENT);
    expect(read(JSON.stringify({ ...sealed, remark: 'harmless' })).isIntact).toBe(false);
    expect(read(JSON.stringify({ ...sealed, files: [] })).isIntact).toBe(false);
  });

  test.each([
    ['{', 'it is not JSON'],
    ['[]', 'it is JSON of another kind'],
    ['null', 'it is JSON of another kind'],
    ['{"version":1}', 'writtenAt'],
    [JSON.stringify({ ...seal(CONTENT), digest: 'x' }), 'digest'],
  ])('%s is no manifest', (text, reason) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({
        code: 'MANIFEST_INVALID',
        details: { path: '/m.json', reason: expect.stringContaining(reason) },
      }),
    );
  });

  test('one of a newer Sluice is not guessed at', () => {
    expect(() => read('{"version":2,"anything":[]}')).toThrow(
      expect.objectContaining({ code: 'MANIFEST_NEWER', details: { path: '/m.json', found: 2, known: 1 } }),
    );
  });
});

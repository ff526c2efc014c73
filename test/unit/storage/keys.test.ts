import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinKey, objectKey, safeName, safePath, sessionPrefix } from '#internal/main/storage/keys';
import { parseS3Uri } from '#internal/main/storage/uri';

test.each([
  ['orders 2024.csv', 'orders 2024.csv'],
  ['größe € 😀.csv', 'größe € 😀.csv'],
  ['..', 'file'],
  ['../../etc/passwd', '__.._etc_passwd'],
  ['a\u0000b\nc.csv', 'a_b_c.csv'],
  ['\u202egnp.exe', '_gnp.exe'],
  ['C:\\x?.csv', 'C__x_.csv'],
  ['   ', 'file'],
])('the name %j is kept readable and made safe', (name, safe) => {
  expect(safeName(name)).toBe(safe);
});

test('a name of 300 characters is cut in the middle and keeps its extension', () => {
  const name = safeName(`${'ä'.repeat(300)}.csv`);
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(180);
  expect(name.endsWith('ä.csv')).toBe(true);
  expect(name).toContain('…');
});

test('whatever a name holds, what comes out is short, printable and no way out', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (name) => {
      const safe = safeName(name);
      expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(180);
      expect(safe).not.toMatch(/[\p{C}/\\]/u);
      expect(safe).not.toMatch(/^\.|^$/);
    }),
  );
});

test('keys of a session', () => {
  const at = Date.UTC(2026, 10, 20, 13, 5, 9);
  const prefix = sessionPrefix('team/a', 'abc', at);
  expect(prefix).toBe('team/a/sessions/2026/11/abc');
  expect(objectKey(prefix, 'original', { id: '0123456789', relativePath: 'in/../x.csv', at })).toBe(
    'team/a/sessions/2026/11/abc/original/in/file/20261120T130509Z_23456789_x.csv',
  );
  expect(safePath('a//b\\c')).toBe('a/b/c');
});

test('a key over 1,024 bytes is refused with its own code', () => {
  expect(() => joinKey('x', 'p'.repeat(1000), 'name'.repeat(10))).toThrow(
    expect.objectContaining({ code: 'NAME_TOO_LONG' }),
  );
});

test('addresses', () => {
  expect(parseS3Uri('s3://bucket/a/b')).toEqual({ bucket: 'bucket', key: 'a/b' });
  expect(parseS3Uri('s3://bucket')).toEqual({ bucket: 'bucket', key: '' });
  for (const bad of ['bucket/a', 'http://x/y', 's3://', 's3://a', 's3:///x']) {
    expect(() => parseS3Uri(bad)).toThrow(expect.objectContaining({ code: 'URI_INVALID' }));
  }
});

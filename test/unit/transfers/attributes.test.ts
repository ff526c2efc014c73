import { expect, test } from 'vitest';
import { packAttributes, parseDump, readsAttributes } from '#internal/main/transfers/source/attributes';

test('what getfattr prints is read back to the byte', () => {
  const dump = [
    '# file: /data/a b.csv',
    'user.comment=0saGVsbG8=',
    'user.empty=0s',
    'user.bin=0sAP8K',
    String.raw`user.gr\303\266\303\237e=0sMQ==`,
    '',
  ].join('\n');
  const found = parseDump(dump);
  expect([...found.keys()]).toEqual(['user.comment', 'user.empty', 'user.bin', 'user.größe']);
  expect(found.get('user.comment')?.toString()).toBe('hello');
  expect(found.get('user.bin')).toEqual(Buffer.from([0, 255, 10]));
  const packed = packAttributes(found) ?? '';
  expect(packed).toMatch(/^[A-Za-z0-9+/=]+$/);
  expect(JSON.parse(Buffer.from(packed, 'base64').toString())).toEqual({
    'user.bin': 'AP8K',
    'user.comment': 'aGVsbG8=',
    'user.empty': '',
    'user.größe': 'MQ==',
  });
});

test('no attributes are no metadata, and a machine without the program says so', () => {
  expect(packAttributes(new Map())).toBeNull();
  expect(readsAttributes('linux', '/nowhere:')).toBe(false);
  expect(readsAttributes('win32', process.env['PATH'])).toBe(false);
});

import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { folded, localName, numbered, partName, placeObjects } from '#internal/main/transfers/download/names';

const bytes = (text: string): number => Buffer.byteLength(text);

/** Keys as somebody who means harm would write them, and as everybody else does. */
const nasty = fc.constantFrom(
  '..',
  '.',
  '',
  'C:',
  'c:evil',
  '\\\\server\\share',
  '..\\..',
  'CON',
  'nul.txt',
  'COM¹',
  'LPT9.tar.gz',
  'aux .c',
  'CONIN$',
  'name.',
  'name ',
  ' . ',
  'a\0b',
  'tab\there',
  'a:stream',
  '\u202egpj.exe',
  '~',
  '$Recycle.Bin',
  'é',
  'e\u0301',
  '\ud800',
);
const step = fc.oneof(
  nasty,
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('a', 'A', 'b', 'a (2)'),
);
const key = fc.array(step, { minLength: 1, maxLength: 5 }).map((steps) => steps.join('/'));

const DEVICES = new Set([
  'CON',
  'PRN',
  'AUX',
  'NUL',
  'CONIN$',
  'CONOUT$',
  ...['COM', 'LPT'].flatMap((name) => Array.from('0123456789¹²³').map((digit) => name + digit)),
]);

/** What Windows, macOS and Linux take as the name of one file, told in other words than the code does. */
function expectTakenEverywhere(name: string, limit = 200): void {
  expect(bytes(name)).toBeGreaterThan(0);
  expect(bytes(name)).toBeLessThanOrEqual(limit);
  expect(name.isWellFormed()).toBe(true);
  expect(Array.from(name).filter((sign) => sign < ' ' || '<>:"/\\|?*\u007f'.includes(sign))).toEqual([]);
  expect(name).not.toMatch(/[. ]$/);
  const stem = (name.split('.')[0] ?? '').replace(/ +$/, '').toUpperCase();
  expect(DEVICES.has(stem)).toBe(false);
}

describe('one step of a path', () => {
  test.each([
    ['orders 2026.csv', 'orders 2026.csv'],
    ['report [final] #2 100% ~ {x}.csv', 'report [final] #2 100% ~ {x}.csv'],
    ['Größen – März 📈👩‍🔬.csv', 'Größen – März 📈👩‍🔬.csv'],
    ['.hidden', '.hidden'],
    ['..', '__'],
    ['.', '_'],
    ['', '_'],
    ['C:', 'C_'],
    ['..\\..\\x', '.._.._x'],
    ['CON', '_CON'],
    ['con.csv', '_con.csv'],
    ['NUL .txt', '_NUL .txt'],
    ['COM¹.log', '_COM¹.log'],
    ['CONSOLE', 'CONSOLE'],
    ['COM10', 'COM10'],
    ['name. ', 'name__'],
    ['a\0b\nc', 'a_b_c'],
  ])('%j becomes %j', (given, made) => expect(localName(given)).toBe(made));

  test('whatever it is, every file system takes the name, and so made it stays', () => {
    fc.assert(
      fc.property(step, (text) => {
        const name = localName(text);
        expectTakenEverywhere(name);
        expect(localName(name)).toBe(name);
      }),
      { numRuns: 2000 },
    );
  });

  test('a name that is too long keeps its extension', () => {
    const name = localName(`${'ü'.repeat(300)}.csv`);
    expect(bytes(name)).toBeLessThanOrEqual(200);
    expect(name).toMatch(/^ü+…\.csv$/);
    expect(bytes(partName(`${name} (2)`, 'ffffffff-ffff'))).toBeLessThanOrEqual(255);
  });
});

describe('all objects below a prefix', () => {
  const objects = (...keys: readonly string[]) => keys.map((each) => ({ key: each, size: 1 }));
  const paths = (keys: readonly string[], prefix = '') =>
    placeObjects(objects(...keys), prefix).files.map(({ relativePath }) => relativePath);

  test('structure is kept below the prefix', () => {
    const keys = ['data/2026/a.csv', 'data/2026/in/b.csv'];
    expect(paths(keys, 'data/2026/')).toEqual(['a.csv', 'in/b.csv']);
    expect(placeObjects(objects(...keys), 'data/').files.map(({ renamed }) => renamed)).toEqual([
      false,
      false,
    ]);
  });

  test('upper and lower case of one name are two files', () => {
    expect(paths(['A.txt', 'a.txt'])).toEqual(['A.txt', 'a (2).txt']);
    expect(paths(['Dir/x', 'dir/X'])).toEqual(['Dir/x', 'dir/X (2)']);
    expect(paths(['é', 'e\u0301'])).toEqual(['é', 'e\u0301 (2)']);
  });

  test('a key that is the folder of another steps aside', () => {
    expect(paths(['a', 'a/b'])).toEqual(['a (2)', 'a/b']);
    expect(paths(['A', 'a/b'])).toEqual(['A (2)', 'a/b']);
  });

  test('an empty object that ends in a slash is a folder; one with bytes is a file', () => {
    const { files, folders } = placeObjects(
      [
        { key: 'p/', size: 0 },
        { key: 'p/x/', size: 0 },
        { key: 'p/y/', size: 3 },
      ],
      'p/',
    );
    expect(folders).toEqual(['x']);
    expect(files.map(({ relativePath, renamed }) => [relativePath, renamed])).toEqual([['y/_', true]]);
  });

  test('whatever the keys: below the folder, no two alike, no file where a folder is, and always the same', () => {
    fc.assert(
      fc.property(fc.uniqueArray(key, { maxLength: 30 }), (keys) => {
        const listed = objects(...keys);
        const { files } = placeObjects(listed, '');
        expect(files).toHaveLength(keys.length);
        const folds = files.map(({ relativePath }) => folded(relativePath));
        expect(new Set(folds).size).toBe(folds.length);
        for (const { relativePath } of files) {
          for (const name of relativePath.split('/')) expectTakenEverywhere(name, 210);
          expect(posix.join('/chosen', relativePath).startsWith('/chosen/')).toBe(true);
          expect(win32.join('D:\\chosen', relativePath).startsWith('D:\\chosen\\')).toBe(true);
          expect(win32.resolve('D:\\chosen', relativePath).startsWith('D:\\chosen\\')).toBe(true);
          const folder = `${folded(relativePath)}/`;
          expect(folds.some((other) => other.startsWith(folder))).toBe(false);
        }
        expect(placeObjects(listed, '')).toEqual(placeObjects(structuredClone(listed), ''));
      }),
      { numRuns: 1000 },
    );
  });
});

test('names are counted up before their extension', () => {
  expect([1, 2, 3].map((attempt) => numbered('in/a.b.csv', attempt))).toEqual([
    'in/a.b.csv',
    'in/a.b (2).csv',
    'in/a.b (3).csv',
  ]);
  expect(numbered('v1.2/.hidden', 2)).toBe('v1.2/.hidden (2)');
});

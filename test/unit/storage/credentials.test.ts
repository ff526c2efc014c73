import { expect, test } from 'vitest';
import { KeysSource, type Keys } from '#internal/main/storage/credentials';

const NOW = 1_000_000;
const keys = (name: string, secondsLeft: number | null = null): Keys => ({
  accessKeyId: name,
  secretAccessKey: 's',
  sessionToken: name,
  ...(secondsLeft === null ? {} : { expiration: new Date(NOW + secondsLeft * 1000) }),
});

/** Gives one after the other; the last again and again. */
function sourceOf(...found: readonly (Keys | Error)[]): { source: KeysSource; asked: () => number } {
  let asked = 0;
  const source = new KeysSource(
    async () => {
      const next = found[Math.min(asked, found.length - 1)];
      asked += 1;
      if (next instanceof Error || next === undefined) throw next ?? new Error('nothing');
      return next;
    },
    () => NOW,
  );
  return { source, asked: () => asked };
}

test('keys are looked for once, however many ask at a time', async () => {
  const { source, asked } = sourceOf(keys('a'), keys('b'));
  await Promise.all([source.current(), source.current()]);
  expect((await source.current()).accessKeyId).toBe('a');
  expect(asked()).toBe(1);
});

test('those that expire soon are renewed, and used while that fails', async () => {
  const { source } = sourceOf(keys('a', 60), new Error('offline'), keys('b', 3600));
  expect((await source.current()).accessKeyId).toBe('a');
  expect((await source.current()).accessKeyId).toBe('a');
  expect((await source.current()).accessKeyId).toBe('b');
});

test('those that have expired are not used', async () => {
  const { source } = sourceOf(keys('a', -1), new Error('offline'));
  await source.current();
  await expect(source.current()).rejects.toThrow('offline');
});

test('what a store calls expired is looked for anew, once for all who used it', async () => {
  const { source, asked } = sourceOf(keys('a'), keys('b'));
  const stale = await source.current();
  const [first, second] = await Promise.all([source.refresh(stale), source.refresh(stale)]);
  expect([first.accessKeyId, second.accessKeyId]).toEqual(['b', 'b']);
  expect((await source.refresh(stale)).accessKeyId).toBe('b');
  expect(asked()).toBe(2);
});

test('where nobody has others, the same come back', async () => {
  const { source } = sourceOf(keys('a'), keys('a'));
  const stale = await source.current();
  expect(await source.refresh(stale)).toBe(stale);
  expect(await source.current()).toBe(stale);
});

test('a failed search is not remembered', async () => {
  const { source } = sourceOf(new Error('offline'), keys('a'));
  await expect(source.current()).rejects.toThrow('offline');
  expect((await source.current()).accessKeyId).toBe('a');
});

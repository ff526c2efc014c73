import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Confirmations, type PageRequest } from '#internal/main/storage/confirmations';
import { parseListing, type ListedEntry, type ListingPage } from '#internal/main/storage/listing-page';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = (key: string, etag = `"${key}"`, size = 1): ListedEntry => ({ key, etag, size });

/** A bucket of these objects, listed as S3 lists. */
function bucketOf(entries: readonly ListedEntry[]): {
  readonly asked: PageRequest[];
  readonly ask: (request: PageRequest) => Promise<ListingPage>;
} {
  const sorted = entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  const asked: PageRequest[] = [];
  return {
    asked,
    ask: async (request) => {
      asked.push(request);
      const { prefix, after, limit, token } = request;
      const from = token ?? after;
      const rest = sorted.filter(
        ({ key }) => key.startsWith(prefix) && Buffer.compare(Buffer.from(key), Buffer.from(from)) > 0,
      );
      const page = rest.slice(0, limit);
      return { entries: page, next: rest.length > limit ? (page.at(-1)?.key ?? null) : null };
    },
  };
}

const names = (count: number, prefix = 'a/f'): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

async function confirmed(
  confirmations: Confirmations,
  objects: readonly ListedEntry[],
): Promise<readonly boolean[]> {
  const first = confirmations.confirm('lonely', '"x"', 1); // begins the burst
  const all = objects.map(({ key, etag, size }) => confirmations.confirm(key, etag, size));
  await vi.advanceTimersByTimeAsync(300);
  expect(await first).toBe(false);
  return Promise.all(all);
}

test('one that comes alone is asked for by itself, at once', async () => {
  const { ask, asked } = bucketOf([entry('a')]);
  expect(await new Confirmations(ask).confirm('a', '"a"', 1)).toBe(false);
  expect(asked).toEqual([]);
});

test('many are confirmed by one page, whatever order they came in', async () => {
  const objects = names(100).map((name) => entry(name));
  const { ask, asked } = bucketOf(objects);
  expect(await confirmed(new Confirmations(ask), objects.toReversed())).toEqual(objects.map(() => true));
  expect(asked).toHaveLength(1);
  expect(asked[0]).toMatchObject({ prefix: 'a/f', token: null });
});

test('another tag, another size or nothing there is not confirmed', async () => {
  const { ask } = bucketOf([entry('a/1'), entry('a/2', '"other"'), entry('a/3', '"a/3"', 2), entry('a/5')]);
  const objects = ['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map((name) => entry(name));
  expect(await confirmed(new Confirmations(ask), objects)).toEqual([true, false, false, false, true]);
});

test('keys are taken in the order of their bytes, and signs of two halves stay whole', async () => {
  const objects = ['k/\u{1F600}a', 'k/\u{1F601}b', 'k/\uFB00', 'k/é', 'k/z'].map((name) => entry(name));
  const { ask } = bucketOf(objects);
  expect(await confirmed(new Confirmations(ask), objects)).toEqual(objects.map(() => true));
});

test('what lies between is passed over for a few pages, then given up', async () => {
  const wanted = ['a/0', 'a/1', 'a/2', 'a/z'].map((name) => entry(name));
  const near = names(30, 'a/f').map((name) => entry(name));
  const far = names(5000, 'a/f').map((name) => entry(name));
  expect(await confirmed(new Confirmations(bucketOf([...wanted, ...near]).ask), wanted)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  const { ask, asked } = bucketOf([...wanted, ...far]);
  expect(await confirmed(new Confirmations(ask), wanted)).toEqual([true, true, true, false]);
  expect(asked.length).toBeLessThan(5);
});

test('a thousand do not wait for more', async () => {
  const objects = names(1500).map((name) => entry(name));
  const { ask, asked } = bucketOf(objects);
  const confirmations = new Confirmations(ask);
  expect(await confirmed(confirmations, objects)).toEqual(objects.map(() => true));
  expect(asked.length).toBeGreaterThan(1);
});

test('a few are quicker asked for one by one', async () => {
  const objects = names(3).map((name) => entry(name));
  const { ask, asked } = bucketOf(objects);
  expect(await confirmed(new Confirmations(ask), objects)).toEqual([false, false, false]);
  expect(asked).toEqual([]);
});

test('where listing fails nobody waits for it again so soon', async () => {
  const objects = names(10).map((name) => entry(name));
  let asked = 0;
  const confirmations = new Confirmations(async () => {
    asked += 1;
    throw new Error('AccessDenied');
  });
  expect(await confirmed(confirmations, objects)).toEqual(objects.map(() => false));
  expect(await confirmed(confirmations, objects)).toEqual(objects.map(() => false));
  expect(asked).toBe(1);
});

test('closed, nobody waits', async () => {
  const confirmations = new Confirmations(bucketOf([]).ask);
  void confirmations.confirm('a', '"a"', 1);
  const second = confirmations.confirm('b', '"b"', 1);
  confirmations.close();
  expect(await second).toBe(false);
});

test('a page is read from its document', () => {
  const document = `<?xml version="1.0"?><ListBucketResult><Name>b</Name><IsTruncated>true</IsTruncated>
    <Contents><Key>a &amp; b&#xD;/&lt;c&gt;</Key><LastModified>2026</LastModified><ETag>&quot;e1&quot;</ETag><Size>12</Size></Contents>
    <Contents><Key>no tag</Key><Size>1</Size></Contents>
    <Contents><Size>3</Size><ETag>"e2"</ETag><Key>d</Key></Contents>
    <NextContinuationToken>t/1+=</NextContinuationToken></ListBucketResult>`;
  expect(parseListing(document)).toEqual({
    entries: [
      { key: 'a & b\r/<c>', etag: '"e1"', size: 12 },
      { key: 'd', etag: '"e2"', size: 3 },
    ],
    next: 't/1+=',
  });
  expect(parseListing('<html>')).toEqual({ entries: [], next: null });
  expect(parseListing('<Contents><Key>a')).toEqual({ entries: [], next: null });
});

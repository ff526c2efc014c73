/** One page of a listing, read from its document. */

export interface ListedEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** As the store writes it, with its quotes. */
  readonly etag: string;
}

export interface ListingPage {
  readonly entries: readonly ListedEntry[];
  /** Where the next page begins; null when this is the last. */
  readonly next: string | null;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
};

const unescaped = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});/g, (entity) => {
        const known = ENTITIES[entity];
        if (known !== undefined) return known;
        const point = entity[2] === 'x' ? parseInt(entity.slice(3), 16) : parseInt(entity.slice(2), 10);
        return point <= 0x10ffff ? String.fromCodePoint(point) : entity;
      })
    : text;

/** What is not understood is left out: whoever looks for it has to ask otherwise. */
export function parseListing(document: string): ListingPage {
  const entries: ListedEntry[] = [];
  for (let at = document.indexOf('<Contents>'); at >= 0; at = document.indexOf('<Contents>', at + 1)) {
    const end = document.indexOf('</Contents>', at);
    if (end < 0) break;
    const key = between(document, 'Key', at, end);
    const etag = between(document, 'ETag', at, end);
    const size = between(document, 'Size', at, end);
    if (key === null || etag === null || size === null) continue;
    entries.push({ key: unescaped(key), etag: unescaped(etag), size: Number(size) });
  }
  const truncated = between(document, 'IsTruncated', 0, document.length) === 'true';
  const token = between(document, 'NextContinuationToken', 0, document.length);
  return { entries, next: truncated && token !== null ? unescaped(token) : null };
}

function between(document: string, name: string, from: number, to: number): string | null {
  const start = document.indexOf(`<${name}>`, from);
  if (start < 0 || start >= to) return null;
  const text = start + name.length + 2;
  const end = document.indexOf(`</${name}>`, text);
  return end < 0 || end > to ? null : document.slice(text, end);
}

import { bareEtag } from './composite.ts';
import type { ListingPage } from './listing-page.ts';

export interface PageRequest {
  readonly prefix: string;
  readonly after: string;
  readonly limit: number;
  readonly token: string | null;
}

type AskPage = (request: PageRequest) => Promise<ListingPage>;

interface Waiting {
  readonly key: string;
  readonly etag: string;
  readonly size: number;
  readonly tell: (shown: boolean) => void;
}

const WINDOW_MS = 200;
/** Who comes after so long a lull is alone, and asked for by itself at once. */
const LULL_MS = 100;
const PAGE = 1000;
const REFUSED_MS = 60_000;
/** Fewer are quicker asked for one by one. */
const FEW = 4;

/**
 * Confirms that objects which were just put stand at their keys, many by one page of a listing.
 *
 * This is as good a proof as asking for each of them. The answer to a PUT said that the store's own checksum of what
 * arrived is that of the file, and which tag it gave to these bytes. What the listing then shows at the key, with this
 * tag and this size, is them: where tags are MD5s because another content would have another one, and where they are
 * random because no other write would have this one. Listings of S3 and of what follows it show every write that was
 * acknowledged before. What a listing does not show so is not called missing: it is asked for by itself.
 */
export class Confirmations {
  readonly #ask: AskPage;
  #waiting: Waiting[] = [];
  #due: NodeJS.Timeout | null = null;
  #lastAt = Number.NEGATIVE_INFINITY;
  /** Until then nothing is listed, since it failed. */
  #refusedUntil = Number.NEGATIVE_INFINITY;

  /** @param ask one page, in the order of keys; may fail */
  constructor(ask: AskPage) {
    this.#ask = ask;
  }

  /** @returns whether the listing shows the object so; where not, it has to be asked for by itself */
  confirm(key: string, etag: string, size: number): Promise<boolean> {
    const now = performance.now();
    const alone = this.#waiting.length === 0 && now - this.#lastAt > LULL_MS;
    this.#lastAt = now;
    if (alone || now < this.#refusedUntil) return Promise.resolve(false);
    return new Promise((tell) => {
      this.#waiting.push({ key, etag: bareEtag(etag), size, tell });
      this.#due ??= setTimeout(() => this.#flush(), WINDOW_MS);
      if (this.#waiting.length >= PAGE) this.#flush();
    });
  }

  /** Nobody waits for a listing any more. */
  close(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    for (const { tell } of this.#waiting.splice(0)) tell(false);
  }

  #flush(): void {
    if (this.#due !== null) clearTimeout(this.#due);
    this.#due = null;
    const batch = this.#waiting.splice(0);
    const byKey = new Map<string, Waiting[]>();
    for (const each of batch) {
      const same = byKey.get(each.key);
      if (same === undefined) byKey.set(each.key, [each]);
      else same.push(each);
    }
    const seen = byKey.size < FEW ? Promise.resolve() : this.#look(byKey);
    seen
      // Without the right to list, or where listing is not known, every object is asked for by itself.
      .catch(() => (this.#refusedUntil = performance.now() + REFUSED_MS))
      .finally(() => {
        for (const { tell } of batch) tell(false);
      });
  }

  /** Tells those that are found as they were left; at most a few pages, whatever else lies between. */
  async #look(wanted: Map<string, Waiting[]>): Promise<void> {
    const keys = [...wanted.keys()].sort(byBytes);
    const [first = '', last = ''] = [keys[0], keys.at(-1)];
    const prefix = commonPrefix(first, last);
    const limit = Math.min(PAGE, Math.ceil(keys.length * 1.25) + 16);
    let token: string | null = null;
    for (let left = Math.max(3, Math.ceil((keys.length * 4) / limit)); left > 0; left -= 1) {
      const page: ListingPage = await this.#ask({ prefix, after: before(first), limit, token });
      for (const { key, etag, size } of page.entries) {
        for (const each of wanted.get(key) ?? []) {
          if (each.size === size && each.etag === bareEtag(etag)) each.tell(true);
        }
      }
      const reached = page.entries.at(-1)?.key;
      token = page.next;
      if (token === null || (reached !== undefined && byBytes(reached, last) >= 0)) return;
    }
  }
}

/** Stores order keys by their bytes. */
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  const prefix = a.slice(0, length);
  return prefix.isWellFormed() ? prefix : prefix.slice(0, -1);
}

/** @returns a key that comes before this one, with little between them */
function before(key: string): string {
  return Array.from(key).slice(0, -1).join('');
}

/** The one page of the desktop window, under a scheme of its own rather than as a file. */
export const SCHEME = 'sluice';
export const PAGE_URL = `${SCHEME}://app/`;

/** Compares parsed parts: `origin` is useless for schemes of one's own, and a prefix can be forged. */
export function isOurUrl(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === `${SCHEME}:` && url.host === 'app' && url.username === '';
}

/** What our page made in its own memory. */
export function isOurBlob(text: string): boolean {
  return text.startsWith('blob:') && isOurUrl(text.slice('blob:'.length));
}

/** Places outside that a link of ours may lead to. */
const OUTSIDE: ReadonlySet<string> = new Set(['docs.aws.amazon.com', 'duckdb.org', 'github.com']);

/** @returns whether the system's browser may be asked to open it */
export function mayOpenOutside(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && url.protocol === 'https:' && url.username === '' && OUTSIDE.has(url.host);
}

import { sluiceError } from '#shared/errors';

/** S3's limit for a key, in bytes of UTF-8. */
const KEY_LIMIT = 1024;

/** Longest name within a key, in bytes: leaves room for what stands before it, and for file systems it comes back to. */
const NAME_LIMIT = 180;

const encoder = new TextEncoder();

/**
 * A file's name as part of a key: readable, and safe in every store, URL and file system. The original travels as
 * metadata.
 */
export function safeName(name: string): string {
  const clean = name
    .normalize('NFC')
    // Control and format characters (bidi overrides among them), and what file systems or URLs cannot hold.
    .replace(/[\p{C}\\/:*?"<>|#%{}^~[\]`\u2028\u2029]/gu, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '_');
  return shorten(clean === '' || /^_+$/.test(clean) ? 'file' : clean);
}

/** Cuts out the middle, so that the extension stays; never inside a character. */
function shorten(name: string): string {
  if (encoder.encode(name).length <= NAME_LIMIT) return name;
  const signs = Array.from(new Intl.Segmenter().segment(name), ({ segment }) => segment);
  const tail: string[] = [];
  let size = 0;
  const take = (sign: string, limit: number): boolean => {
    size += encoder.encode(sign).length;
    return size <= limit;
  };
  for (let sign = signs.pop(); sign !== undefined && tail.length < 24 && take(sign, 60); sign = signs.pop()) {
    tail.unshift(sign);
  }
  const head: string[] = [];
  for (const sign of signs) {
    if (!take(sign, NAME_LIMIT - 3)) break;
    head.push(sign);
  }
  return `${head.join('')}…${tail.join('')}`;
}

/** A path below a dropped folder, each step made safe. `..` cannot survive it. */
export function safePath(relativePath: string): string {
  return relativePath
    .split(/[\\/]+/)
    .filter((step) => step !== '')
    .map(safeName)
    .join('/');
}

/** @returns the steps joined by single slashes; @throws NAME_TOO_LONG above 1,024 bytes */
export function joinKey(name: string, ...steps: readonly string[]): string {
  const key = steps.filter((step) => step !== '').join('/');
  const bytes = encoder.encode(key).length;
  if (bytes > KEY_LIMIT) throw sluiceError('NAME_TOO_LONG', { name, bytes });
  return key;
}

/** @returns `{prefix}/sessions/{yyyy}/{mm}/{session}` */
export function sessionPrefix(connectionPrefix: string, sessionId: string, createdAt: number): string {
  const [year = '', month = ''] = new Date(createdAt).toISOString().split('-');
  return joinKey(sessionId, connectionPrefix, 'sessions', year, month, sessionId);
}

/** @returns `{session}/{folder}/{timestamp}_{id8}_{name}`; folders of a dropped tree are kept before the timestamp. The end of the id is its random part */
export function objectKey(
  prefix: string,
  folder: 'original' | 'processed',
  file: { readonly id: string; readonly relativePath: string; readonly at: number },
): string {
  const steps = safePath(file.relativePath).split('/');
  const name = steps.pop() ?? 'file';
  const stamp = new Date(file.at).toISOString().replace(/[-:]|\.\d+/g, '');
  return joinKey(file.relativePath, prefix, folder, ...steps, `${stamp}_${file.id.slice(-8)}_${name}`);
}

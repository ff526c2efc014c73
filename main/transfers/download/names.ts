/**
 * What an object may be called on a disk. A key is text that anybody may have written; a path made of it must stay in
 * its folder on every system, so the rules of all of them hold everywhere and a tree looks the same wherever it is.
 */

/** Longest name, in bytes of UTF-8. Systems take 255; a number, or the ending of an unfinished file, goes behind it. */
const NAME_LIMIT = 200;
const EXTENSION_LIMIT = 20;

/** Control characters, what some file system forbids, and what turns the order of letters round to deceive a reader. */
const FORBIDDEN = /[\p{Cc}<>:"/\\|?*\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Names of devices on Windows, whatever stands behind the first dot; blanks before it do not count. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])[ .]*(?:\.|$)/i;

const encoder = new TextEncoder();
const bytesOf = (text: string): number => encoder.encode(text).length;

/** One step of a path as every file system takes it: never empty, never `.` or `..`, never a separator. */
export function localName(step: string): string {
  const clean = step
    .toWellFormed()
    .replace(FORBIDDEN, '_')
    .replace(/[. ]+$/, (end) => '_'.repeat(end.length));
  const named = clean === '' ? '_' : DEVICE.test(clean) ? `_${clean}` : clean;
  return shorten(named);
}

/** Cuts before the extension, at the edge of a character. */
function shorten(name: string): string {
  if (bytesOf(name) <= NAME_LIMIT) return name;
  const { stem, extension } = splitName(name);
  const tail = bytesOf(extension) <= EXTENSION_LIMIT ? extension : '';
  const room = NAME_LIMIT - bytesOf(tail) - bytesOf('…');
  let head = '';
  let size = 0;
  for (const sign of tail === '' ? name : stem) {
    size += bytesOf(sign);
    if (size > room) break;
    head += sign;
  }
  return `${head}…${tail}`;
}

function splitName(name: string): { readonly stem: string; readonly extension: string } {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot) };
}

/** @param path with forward slashes; @param attempt from 1; @returns `a.csv`, `a (2).csv`, ... */
export function numbered(path: string, attempt: number): string {
  if (attempt === 1) return path;
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  const { stem, extension } = splitName(path.slice(folder.length));
  return `${folder}${stem} (${attempt})${extension}`;
}

/** Two paths that fold alike are one and the same on some file system. */
export function folded(path: string): string {
  return path
    .normalize('NFC')
    .replace(/\p{Cf}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFC');
}

export interface ListedObject {
  readonly key: string;
  readonly size: number;
}

export interface PlacedObject<T extends ListedObject> {
  readonly object: T;
  /** Below the folder that was chosen, with forward slashes. */
  readonly relativePath: string;
  /** Whether that is another name than the key gives it. */
  readonly renamed: boolean;
}

export interface Placement<T extends ListedObject> {
  readonly files: readonly PlacedObject<T>[];
  /** Folders that stand in the bucket as empty objects. */
  readonly folders: readonly string[];
}

/**
 * Where objects go below a folder. No two get one path, not even where upper and lower case are the same; where a key
 * is the folder of another, the file steps aside. The same objects in the same order always get the same names.
 * @param prefix what all keys start with and no path does
 */
export function placeObjects<T extends ListedObject>(objects: readonly T[], prefix: string): Placement<T> {
  const markers: string[] = [];
  const wanted = objects.flatMap((object) => {
    const said = object.key.slice(prefix.length);
    const steps = said.split('/').filter((step) => step !== '');
    if (said.endsWith('/') || said === '') {
      if (object.size === 0) {
        if (steps.length > 0) markers.push(steps.map(localName).join('/'));
        return [];
      }
      steps.push('');
    }
    return [{ object, said, path: steps.map(localName).join('/') }];
  });

  const folders = new Set<string>(markers.flatMap((path) => [folded(path), ...foldersOf(path)]));
  for (const { path } of wanted) for (const folder of foldersOf(path)) folders.add(folder);
  const taken = new Set<string>();
  const files = wanted.map(({ object, said, path }) => {
    for (let attempt = 1; ; attempt += 1) {
      const relativePath = numbered(path, attempt);
      const place = folded(relativePath);
      if (taken.has(place) || folders.has(place)) continue;
      taken.add(place);
      return { object, relativePath, renamed: relativePath !== said };
    }
  });
  return { files, folders: [...new Set(markers)] };
}

/** Folded paths of all folders a file lies in. */
function foldersOf(path: string): readonly string[] {
  const steps = folded(path).split('/');
  return steps.slice(1).map((_, index) => steps.slice(0, index + 1).join('/'));
}

/** What an unfinished file is called: found again by the id of its transfer, and never another's. */
export function partName(name: string, transferId: string): string {
  return `${shorten(name)}.${transferId.slice(0, 8)}.part`;
}

import { type ErrorReport, sluiceError } from '#shared/errors';
import { judgeName, type ScanRules } from '#shared/domain';

/** A file the page can read, opened when its turn comes. */
export interface PageSource {
  /** Below the dropped folder, its name included. */
  readonly relativePath: string;
  readonly open: () => Promise<File>;
}

/** Some of what was dropped. */
export interface Found {
  readonly files: readonly PageSource[];
  readonly refused: readonly { readonly name: string; readonly error: ErrorReport }[];
}

export interface PageDrop {
  /** What lies at the top. */
  readonly names: readonly string[];
  readonly found: AsyncIterable<Found>;
}

/** Of a folder that was chosen, how many are handed on at once. */
const CHUNK = 500;

/**
 * What was dropped, with folders walked bit by bit. Must be called while the drop is being handled: the entries are
 * gone after.
 */
export function droppedFiles(data: DataTransfer, rules: ScanRules): PageDrop {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return chosenFiles(data.files, rules);
  return { names: entries.map(({ name }) => name), found: walkAll(entries, rules) };
}

/** What an `<input type=file>` gave, one of folders too. */
export function chosenFiles(files: Iterable<File>, rules: ScanRules): PageDrop {
  const sources: PageSource[] = [];
  const names = new Set<string>();
  for (const file of files) {
    const relativePath = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    const [top = '', ...below] = relativePath.split('/');
    // What is named itself is taken, whatever it is called.
    if (below.some((name) => judgeName(name, rules) !== 'take')) continue;
    names.add(top);
    sources.push({ relativePath, open: () => Promise.resolve(file) });
  }
  return { names: [...names], found: inChunks(sources) };
}

/** A file that was chosen to go on with an upload of that path. */
export const oneFile = (file: File, relativePath: string): PageDrop['found'] =>
  inChunks([{ relativePath, open: () => Promise.resolve(file) }]);

/** All of these, as something that was found. */
export async function* foundAll(
  files: readonly PageSource[],
  refused: Found['refused'],
): AsyncGenerator<Found> {
  yield { files: [], refused };
  yield* inChunks(files);
}

// oxlint-disable-next-line require-await -- a generator that can be read as those that wait
async function* inChunks(files: readonly PageSource[]): AsyncGenerator<Found> {
  for (let from = 0; from < files.length; from += CHUNK) {
    yield { files: files.slice(from, from + CHUNK), refused: [] };
  }
}

async function* walkAll(entries: readonly FileSystemEntry[], rules: ScanRules): AsyncGenerator<Found> {
  for (const entry of entries) {
    if (entry.isFile) yield { files: [sourceOf(entry as FileSystemFileEntry)], refused: [] };
    else yield* walk(entry as FileSystemDirectoryEntry, rules);
  }
}

/** Files of a folder as they are read, a hundred at a time; then its folders. */
async function* walk(folder: FileSystemDirectoryEntry, rules: ScanRules): AsyncGenerator<Found> {
  const reader = folder.createReader();
  const folders: FileSystemDirectoryEntry[] = [];
  for (;;) {
    const batch = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    }).catch((error: unknown) => sluiceError('SOURCE_UNREADABLE', { path: pathOf(folder) }, error).report());
    if ('code' in batch) {
      yield { files: [], refused: [{ name: pathOf(folder), error: batch }] };
      return;
    }
    if (batch.length === 0) break;
    const taken = batch.filter(({ name }) => judgeName(name, rules) === 'take');
    folders.push(...taken.filter((entry) => entry instanceof FileSystemDirectoryEntry));
    yield {
      files: taken.filter((entry) => entry instanceof FileSystemFileEntry).map(sourceOf),
      refused: [],
    };
  }
  for (const inner of folders) yield* walk(inner, rules);
}

function sourceOf(entry: FileSystemFileEntry): PageSource {
  return {
    relativePath: pathOf(entry),
    open: () =>
      new Promise((resolve, reject) => {
        entry.file(resolve, (error) => reject(sluiceError('SOURCE_MISSING', { path: pathOf(entry) }, error)));
      }),
  };
}

const pathOf = ({ fullPath }: FileSystemEntry): string => fullPath.replace(/^\//, '');

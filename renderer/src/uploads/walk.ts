import { type PageFile } from './send-file.ts';

/**
 * What was dropped, with folders walked. Must be called while the drop is being handled: the entries are gone after.
 * @returns files with their path below the dropped folder
 */
export function droppedFiles(data: DataTransfer): Promise<readonly PageFile[]> {
  const entries = Array.from(data.items, (item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return Promise.resolve(chosenFiles(data.files));
  return Promise.all(entries.map((entry) => walk(entry))).then((lists) => lists.flat());
}

/** What an `<input type=file>` gave, one of folders too. */
export function chosenFiles(files: Iterable<File>): readonly PageFile[] {
  return Array.from(files, (file) => ({
    file,
    relativePath: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath,
  }));
}

async function walk(entry: FileSystemEntry): Promise<readonly PageFile[]> {
  const relativePath = entry.fullPath.replace(/^\//, '');
  if (entry instanceof FileSystemFileEntry || entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => {
      (entry as FileSystemFileEntry).file(resolve, reject);
    });
    return [{ file, relativePath }];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const found: PageFile[] = [];
  for (;;) {
    // A reader gives a hundred at a time, and an empty list at its end.
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (batch.length === 0) return found;
    for (const inner of batch) found.push(...(await walk(inner)));
  }
}

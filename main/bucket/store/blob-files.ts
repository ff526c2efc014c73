/**
 * The files blobs are kept in, named by number and never by key. A file is written once, under a number nobody knows
 * yet, and synced with its folder before the index speaks of it; a file the index does not know was never acknowledged.
 */
import { mkdir, open, readdir, unlink, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { GroupSync, syncFolder } from '#main/disk';
import { BlobFile } from './blob-file.ts';

const PER_FOLDER = 4096;
const NAME = /^[\da-f]{12}$/;

export class BlobFiles {
  readonly #root: string;
  readonly #folders = new Map<number, Promise<GroupSync>>();
  readonly #readers = new Map<number, number>();
  readonly #doomed = new Set<number>();
  #next = 1;

  private constructor(root: string) {
    this.#root = root;
  }

  /**
   * Opens the folder and removes every file that `known` does not name.
   * @param highest the highest number the index names
   */
  static async open(root: string, known: (id: number) => boolean, highest: number): Promise<BlobFiles> {
    const files = new BlobFiles(join(root, 'data'));
    await mkdir(files.#root, { recursive: true });
    await syncFolder(root);
    files.#next = Math.max(highest + 1, await files.#sweep(known));
    return files;
  }

  /** @returns a number above those of all files */
  async #sweep(known: (id: number) => boolean): Promise<number> {
    let next = 1;
    for (const folder of await readdir(this.#root)) {
      const path = join(this.#root, folder);
      for (const name of await readdir(path)) {
        if (!NAME.test(name)) continue;
        const id = Number.parseInt(name, 16);
        next = Math.max(next, id + 1);
        if (!known(id)) await unlink(join(path, name));
      }
    }
    return next;
  }

  /** @returns a number no blob has had */
  nextId(): number {
    return this.#next++;
  }

  /** Creates the file of a new blob. @param length in bytes */
  async create(id: number, length: number): Promise<BlobFile> {
    await this.#folder(id);
    return BlobFile.create(this.#path(id), length);
  }

  /** Resolves when the file and its name are on disk, and closes it. @param size in bytes */
  async seal(id: number, file: BlobFile, size: number): Promise<void> {
    await file.seal(size);
    await (await this.#folder(id)).wait();
  }

  async read(id: number): Promise<FileHandle> {
    return open(this.#path(id), 'r');
  }

  /** Keeps these files until `release`, even if they are removed meanwhile. */
  hold(ids: Iterable<number>): void {
    for (const id of ids) this.#readers.set(id, (this.#readers.get(id) ?? 0) + 1);
  }

  release(ids: Iterable<number>): void {
    for (const id of ids) {
      const left = (this.#readers.get(id) ?? 1) - 1;
      if (left > 0) {
        this.#readers.set(id, left);
        continue;
      }
      this.#readers.delete(id);
      if (this.#doomed.delete(id)) void this.#unlink(id);
    }
  }

  /** Removes files the index no longer knows, as soon as nobody reads them. What fails is left for the next start. */
  async remove(ids: Iterable<number>): Promise<void> {
    for (const id of ids) {
      if (this.#readers.has(id)) this.#doomed.add(id);
      else await this.#unlink(id);
    }
  }

  async #unlink(id: number): Promise<void> {
    try {
      await unlink(this.#path(id));
    } catch {
      // Swept at the next start: nothing refers to it.
    }
  }

  #path(id: number): string {
    return join(this.#folderPath(id), id.toString(16).padStart(12, '0'));
  }

  #folderPath(id: number): string {
    return join(
      this.#root,
      Math.floor(id / PER_FOLDER)
        .toString(16)
        .padStart(9, '0'),
    );
  }

  #folder(id: number): Promise<GroupSync> {
    const number = Math.floor(id / PER_FOLDER);
    let folder = this.#folders.get(number);
    if (folder === undefined) {
      const path = this.#folderPath(id);
      folder = mkdir(path, { recursive: true }).then(async () => {
        await syncFolder(this.#root);
        return new GroupSync(() => syncFolder(path));
      });
      folder.catch(() => this.#folders.delete(number));
      this.#folders.set(number, folder);
    }
    return folder;
  }
}

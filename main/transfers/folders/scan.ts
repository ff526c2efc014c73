import { access, constants, lstat, opendir, stat } from 'node:fs/promises';
import type { Dirent, Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { judgeName, NOTHING_LEFT_OUT, type LeftOut, type ScanRules } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { sluiceError, toSluiceError, type ErrorReport } from '#shared/errors';
import { sortPatiently } from './sort.ts';
import { sourceError } from '../source/index.ts';

export interface FoundFile {
  readonly path: string;
  readonly name: string;
  /** Below the folder that was given, its own name included; forward slashes. */
  readonly relativePath: string;
  readonly size: number;
  /** When it was last modified, ms since the epoch. */
  readonly modified: number;
}

export interface Refused {
  readonly name: string;
  readonly error: ErrorReport;
}

/** What was found since the last batch, and how much was left out so far. */
export interface ScanBatch {
  readonly files: readonly FoundFile[];
  readonly refused: readonly Refused[];
  readonly leftOut: LeftOut;
}

/** Files looked at at once, and handed out together. */
const LOT = 256;
/** Folders beside the one that is walked whose entries are read already. */
const AHEAD = 8;
/** Entries read from the disk in one go. */
const READ_AT_ONCE = 1024;

/**
 * Turns files and folders into files, in an order that depends on nothing but their names. What cannot be read is
 * listed with its reason, and the rest goes on; what vanishes meanwhile likewise.
 */
export async function* scan(
  roots: readonly string[],
  rules: ScanRules,
  signal: AbortSignal,
): AsyncGenerator<ScanBatch> {
  yield* new Walk(rules, signal).run(roots);
}

type Outcome = { readonly file: FoundFile } | { readonly refused: Refused };

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** A folder whose entries are being read, or were. */
interface Folder {
  readonly path: string;
  readonly relativePath: string;
  /** Which folders it lies in, itself included; only kept where links are followed. */
  readonly identities: readonly string[];
  readonly listing: Promise<readonly Entry[] | Refused>;
}

interface Frame {
  readonly folder: Folder;
  readonly entries: readonly Entry[];
  next: number;
  /** Folders among its entries that are being read ahead, by name. */
  readonly ahead: Map<string, Folder>;
  aheadTo: number;
}

class Walk {
  readonly #rules: ScanRules;
  readonly #signal: AbortSignal;
  #pending: Promise<Outcome>[] = [];
  #leftOut: LeftOut = NOTHING_LEFT_OUT;
  /** Files so far, refused ones too. */
  #met = 0;

  constructor(rules: ScanRules, signal: AbortSignal) {
    this.#rules = rules;
    this.#signal = signal;
  }

  async *run(roots: readonly string[]): AsyncGenerator<ScanBatch> {
    for (const root of roots) {
      const found = await stat(root).catch((error: unknown) => refusal(root, sourceError(root, error)));
      if ('error' in found) this.#refuse(found);
      else if (found.isDirectory()) yield* this.#tree(root);
      else this.#add(this.#look(root, basename(root), stat));
      if (this.#pending.length >= LOT) yield await this.#collect();
    }
    yield await this.#collect();
  }

  async *#tree(root: string): AsyncGenerator<ScanBatch> {
    const before = this.#met;
    const first = await this.#enter(this.#open(root, basename(root), []));
    const stack = first === null ? [] : [first];
    for (let frame = stack.at(-1); frame !== undefined; frame = stack.at(-1)) {
      const entry = frame.entries[frame.next++];
      if (entry === undefined) {
        stack.pop();
        continue;
      }
      const inner = await this.#take(frame, entry);
      if (inner !== null) stack.push(inner);
      if (this.#pending.length >= LOT) yield await this.#collect();
    }
    if (this.#met === before) this.#refuse(refusal(root, sluiceError('FOLDER_EMPTY', { path: root })));
  }

  /** @returns the frame of a folder that is to be walked now */
  async #take(frame: Frame, { name, kind }: Entry): Promise<Frame | null> {
    const verdict = judgeName(name, this.#rules);
    if (verdict !== 'take') return this.#leave(verdict);
    const { folder, ahead } = frame;
    const path = join(folder.path, name);
    const relativePath = `${folder.relativePath}/${name}`;
    switch (kind) {
      case 'file':
        return this.#add(this.#look(path, relativePath, lstat));
      case 'other':
        return this.#refuse(refusal(path, sluiceError('SOURCE_NOT_A_FILE', { path })));
      case 'folder': {
        this.#readAhead(frame);
        const ready = ahead.get(name) ?? this.#open(path, relativePath, folder.identities);
        ahead.delete(name);
        return this.#enter(ready);
      }
      case 'link':
        return this.#rules.followLinks ? this.#follow(folder, path, relativePath) : this.#leave('links');
      default:
        return assertNever(kind);
    }
  }

  async #follow(folder: Folder, path: string, relativePath: string): Promise<Frame | null> {
    const found = await stat(path).catch((error: unknown) => refusal(path, brokenLink(path, error)));
    if ('error' in found) return this.#refuse(found);
    return found.isDirectory()
      ? this.#enter(this.#open(path, relativePath, folder.identities))
      : this.#add(this.#look(path, relativePath, stat));
  }

  /** Starts to read a folder. */
  #open(path: string, relativePath: string, above: readonly string[]): Folder {
    const identities = [...above];
    const read = async (): Promise<readonly Entry[] | Refused> => {
      try {
        this.#signal.throwIfAborted();
        if (this.#rules.followLinks) {
          const identity = identityOf(await stat(path, { bigint: true }));
          if (above.includes(identity)) throw sluiceError('LINK_CYCLE', { path });
          identities.push(identity);
        }
        return await listFolder(path);
      } catch (error) {
        return refusal(path, sourceError(path, error));
      }
    };
    return { path, relativePath, identities, listing: read() };
  }

  /** @returns null where it could not be read */
  async #enter(folder: Folder): Promise<Frame | null> {
    const entries = await folder.listing;
    this.#signal.throwIfAborted();
    if ('error' in entries) return this.#refuse(entries);
    const frame: Frame = { folder, entries, next: 0, ahead: new Map(), aheadTo: 0 };
    this.#readAhead(frame);
    return frame;
  }

  /** A disk or a network far away answers several questions as fast as one. */
  #readAhead(frame: Frame): void {
    const { folder, entries, ahead } = frame;
    frame.aheadTo = Math.max(frame.aheadTo, frame.next);
    for (; frame.aheadTo < entries.length && ahead.size < AHEAD; frame.aheadTo += 1) {
      const entry = entries[frame.aheadTo];
      if (entry?.kind !== 'folder' || judgeName(entry.name, this.#rules) !== 'take') continue;
      const path = join(folder.path, entry.name);
      ahead.set(entry.name, this.#open(path, `${folder.relativePath}/${entry.name}`, folder.identities));
    }
  }

  async #look(path: string, relativePath: string, ask: (path: string) => Promise<Stats>): Promise<Outcome> {
    try {
      const found = await ask(path);
      if (!found.isFile()) throw sluiceError('SOURCE_NOT_A_FILE', { path });
      if (found.size === 0) throw sluiceError('SOURCE_EMPTY', { path });
      if (!isSurelyReadable(found)) await access(path, constants.R_OK);
      return {
        file: { path, name: basename(path), relativePath, size: found.size, modified: found.mtimeMs },
      };
    } catch (error) {
      return { refused: refusal(path, lookError(path, error)) };
    }
  }

  #add(outcome: Promise<Outcome>): null {
    this.#pending.push(outcome);
    this.#met += 1;
    return null;
  }

  #refuse(refused: Refused): null {
    return this.#add(Promise.resolve({ refused }));
  }

  #leave(what: keyof LeftOut): null {
    this.#leftOut = { ...this.#leftOut, [what]: this.#leftOut[what] + 1 };
    return null;
  }

  async #collect(): Promise<ScanBatch> {
    const outcomes = await Promise.all(this.#pending);
    this.#pending = [];
    this.#signal.throwIfAborted();
    return {
      files: outcomes.flatMap((outcome) => ('file' in outcome ? [outcome.file] : [])),
      refused: outcomes.flatMap((outcome) => ('refused' in outcome ? [outcome.refused] : [])),
      leftOut: this.#leftOut,
    };
  }
}

/** Sorted by name. Read in pieces: a folder of a hundred thousand files would stop everything else for a while. */
async function listFolder(path: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for await (const entry of await opendir(path, { bufferSize: READ_AT_ONCE })) {
    entries.push({ name: entry.name, kind: kindOf(entry) });
  }
  return sortPatiently(entries, (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

function kindOf(entry: Dirent): Entry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

const identityOf = ({ dev, ino }: { readonly dev: bigint; readonly ino: bigint }): string => `${dev}:${ino}`;

/** Spares most files a question to the system. */
function isSurelyReadable({ mode, uid }: Stats): boolean {
  if ((mode & 0o444) === 0o444) return true;
  return (mode & 0o400) !== 0 && uid === process.geteuid?.();
}

const refusal = (name: string, error: unknown): Refused => ({ name, error: toSluiceError(error).report() });

/** A name that is no UTF-8 was read with signs put in place of what could not be: by such a name nothing is found. */
function lookError(path: string, error: unknown): unknown {
  return (error as NodeJS.ErrnoException).code === 'ENOENT' && basename(path).includes('\uFFFD')
    ? sluiceError('SOURCE_NAME_INVALID', { path }, error)
    : sourceError(path, error);
}

/** A link whose end is not there, or that leads to itself. */
function brokenLink(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ELOOP' || code === 'ENOTDIR'
    ? sluiceError('LINK_BROKEN', { path }, error)
    : sourceError(path, error);
}

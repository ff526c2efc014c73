import type { TransferRecord } from '#main/journal';
import type { Log } from '#main/ports';
import type { ObjectStore } from '#main/storage';
import type { Conflict } from '#shared/domain';
import type { ErrorReport } from '#shared/errors';

/** A file of a drop: on this disk, or held by a page. */
export interface DropFile {
  readonly name: string;
  readonly relativePath: string;
  readonly size: number;
  readonly source:
    | { readonly kind: 'path'; readonly path: string }
    /** @property crc32 base64, where the page has computed it */
    | { readonly kind: 'page'; readonly lastModified: number; readonly crc32: string | null };
}

/** What one file met. */
export interface Meeting {
  readonly file: DropFile;
  /** Where names are kept: its key. Null where it gets one of its own. */
  readonly key: string | null;
  /** An upload of this machine that goes on by itself: nothing is to be chosen. */
  readonly goesOn: string | null;
  /** Why it cannot be sent, found out while it was compared. */
  readonly error: ErrorReport | null;
  readonly met: readonly Encounter[];
}

export interface Encounter {
  readonly conflict: Conflict;
  /** The upload of this machine, or the id of one that it knows nothing of. */
  readonly about: string | null;
  /** Where the file is already. */
  readonly sessionId: string | null;
}

export interface MeetTools {
  readonly store: ObjectStore;
  readonly log: Log;
  readonly now: number;
  /** Uploads in parts that were begun, with what is known of them by now. */
  readonly begun: readonly TransferRecord[];
  /** All uploads of this machine through the connection. */
  readonly records: readonly TransferRecord[];
  /** One of them as the journal has it, with its receipt. */
  readonly whole: (id: string) => TransferRecord;
  readonly bySize: boolean;
  readonly signal: AbortSignal;
}

/** What is seen of an object or an upload. */
export interface Sight {
  readonly size: number;
  readonly modified: number | null;
}

/** A file that nothing was found about yet. */
export interface Open {
  readonly file: DropFile;
  readonly key: string | null;
}

/** Takes a file out whose reading failed; any other failure goes on. */
export type Refuse = (file: DropFile, error: unknown) => void;

/** Requests at once, and files read at once. */
export const REQUESTS = 16;
export const READERS = 3;

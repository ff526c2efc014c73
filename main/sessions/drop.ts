import type { Journal, SessionRecord } from '#main/journal';
import type { Clock, Log } from '#main/ports';
import type { Connections } from '#main/storage';
import type { Decision, Refused, Transfers } from '#main/transfers';
import type { Choice, Conflict, Connection, LeftOut, ScanRules, UploadOptions } from '#shared/domain';
import type { ErrorReport } from '#shared/errors';
import type { Leftovers } from './leftovers.ts';
import type { DropFile, Meeting } from './meet/index.ts';
import type { Sessions } from './sessions.ts';

export interface DropPlansOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
  readonly connections: Connections;
  readonly transfers: Transfers;
  readonly sessions: Sessions;
  readonly leftovers: Leftovers;
  /** A session is to be looked at anew. */
  readonly changed: (sessionId: string) => void;
}

export interface Drop {
  readonly files: readonly DropFile[];
  readonly connection: Connection;
  readonly sessionId: string | null;
  /** Where names are kept; null for the session's own folder. */
  readonly prefix: string | null;
  readonly partSize: number | null;
  /** Whether the same size is proof enough that content is the same. */
  readonly bySize: boolean;
  /** What objects are made with; null as the connection says. */
  readonly options: UploadOptions | null;
  readonly notBefore: number | null;
  readonly priority: number;
  /** What was looked through on this disk, and what of it was not taken. */
  readonly looked: {
    readonly roots: readonly string[];
    readonly rules: ScanRules;
    readonly refused: readonly Refused[];
    readonly leftOut: LeftOut;
  };
}

/** What became of one file. */
export interface Outcome {
  readonly file: DropFile;
  readonly decision: Decision['kind'] | 'failed';
  /** What it met and what was chosen, first things first. */
  readonly about: readonly { readonly conflict: Conflict; readonly chosen: Choice | 'fail' }[];
  /** Where it goes, or where it is. Null where a page begins it and it gets a key of its own. */
  readonly key: string | null;
  /** Whether it may be written over what is at the key. */
  readonly over: boolean;
  readonly transferId: string | null;
  /** The session it is in, or was in before. */
  readonly sessionId: string | null;
  readonly error: ErrorReport | null;
}

export interface Started {
  /** Null where nothing is sent, or a page has yet to begin. */
  readonly session: SessionRecord | null;
  readonly outcomes: readonly Outcome[];
}

/** What is done about one conflict. */
export type Chooser = (conflict: Conflict) => Choice | 'fail';

export interface LookedThrough {
  readonly drop: Drop;
  readonly meetings: readonly Meeting[];
}

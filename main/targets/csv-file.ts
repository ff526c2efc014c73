import { createHash } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { syncFolder } from '#main/disk';
import { toSluiceError, type SluiceError } from '#shared/errors';
import { completeAppend, isFinal, sha256, undoAppend, type Checkpoint } from './append.ts';
import type { DeliveryIntent, DeliveryLog } from './delivery-log.ts';
import { nameTargetError } from './file-errors.ts';
import { lookAtTarget, outputColumns, spoolRows } from './spool.ts';

export interface TargetsOptions {
  readonly log: DeliveryLog;
  /** A folder of our own, for what is being added; made where it is missing. */
  readonly folder: string;
  /** How much is written at once, bytes. */
  readonly pieceBytes?: number;
  readonly checkpoint?: (point: Checkpoint) => Promise<void> | void;
}

export interface DeliveryRequest {
  readonly id: string;
  /** A CSV file as runs write it: UTF-8, commas, double quotes, names in the first line. */
  readonly outputPath: string;
  /** An existing CSV or TSV file, or one to be made. */
  readonly targetPath: string;
  readonly signal: AbortSignal;
}

/** How a delivery that a crash interrupted stands now. */
export type Recovered =
  | { readonly id: string; readonly kind: 'done'; readonly rows: number }
  /** It will never end by itself; the target was left as it is. */
  | { readonly id: string; readonly kind: 'failed'; readonly error: SluiceError }
  /** Its target cannot be reached now; it is tried again at the next recovery. */
  | { readonly id: string; readonly kind: 'waiting'; readonly error: SluiceError };

export interface Targets {
  /**
   * Adds the rows of an output to a target, once, whatever happens: called again with the same id it adds nothing
   * that is there. On failure and cancellation the target is as it was before.
   * @returns how many rows were added. Throws the TARGET codes, SOURCE and disk codes, TABLE_UNREADABLE, CANCELLED.
   */
  deliver(request: DeliveryRequest): Promise<{ readonly rows: number }>;
  /** Brings every interrupted delivery to its end; before anything is delivered. */
  recover(): Promise<readonly Recovered[]>;
}

export function createTargets(options: TargetsOptions): Targets {
  const { log, folder } = options;
  const checkpoint = options.checkpoint ?? (() => undefined);
  const appendOptions = { pieceBytes: options.pieceBytes ?? 1 << 20, checkpoint };
  /** One delivery at a time for each target: the end of the last one. */
  const busy = new Map<string, Promise<unknown>>();

  async function inTurn<T>(target: string, work: () => Promise<T>): Promise<T> {
    const turn = (busy.get(target) ?? Promise.resolve()).then(work, work);
    const ended = turn.catch(() => undefined);
    busy.set(target, ended);
    try {
      return await turn;
    } finally {
      if (busy.get(target) === ended) busy.delete(target);
    }
  }

  async function finish(intent: DeliveryIntent, signal?: AbortSignal): Promise<{ rows: number }> {
    await completeAppend(intent, appendOptions, signal);
    await log.done(intent.id);
    await checkpoint('done');
    await rm(intent.spool, { force: true });
    return { rows: intent.rows };
  }

  async function forget(intent: DeliveryIntent): Promise<void> {
    await log.withdraw(intent.id);
    await rm(intent.spool, { force: true });
  }

  /** Finishes a delivery of which a try is known; one that can never be finished is forgotten. */
  async function settle(intent: DeliveryIntent): Promise<{ rows: number }> {
    try {
      return await finish(intent);
    } catch (error) {
      if (isFinal(error)) await forget(intent);
      throw nameTargetError(error, intent.target);
    }
  }

  async function prepare(request: DeliveryRequest, target: string): Promise<DeliveryIntent> {
    const { id, outputPath, signal } = request;
    await mkdir(folder, { recursive: true });
    const spool = join(folder, `${createHash('sha256').update(id).digest('hex').slice(0, 32)}.spool`);
    try {
      const names = await outputColumns(outputPath, signal);
      const state = await lookAtTarget(target, names);
      const spooled = await spoolRows(outputPath, { path: target, state }, names, spool, signal);
      await syncFolder(folder);
      return {
        id,
        target,
        existed: state.existed,
        sizeBefore: state.size,
        tailLength: state.tail.length,
        tailSha256: sha256(state.tail),
        spool,
        ...spooled,
      };
    } catch (error) {
      await rm(spool, { force: true });
      throw error;
    }
  }

  async function deliver(request: DeliveryRequest, target: string): Promise<{ rows: number }> {
    const known = await log.find(request.id);
    if (known?.state === 'done') return { rows: known.intent.rows };
    // An earlier one for this target goes first: its place in the file is where it ended then.
    for (const intent of await log.pending()) {
      if (intent.target !== target) continue;
      const settled = await settle(intent);
      if (intent.id === request.id) return settled;
    }
    const intent = await prepare(request, target);
    await checkpoint('spooled');
    await log.intent(intent);
    await checkpoint('intended');
    try {
      return await finish(intent, request.signal);
    } catch (error) {
      if (isFinal(error)) {
        await forget(intent);
        throw error;
      }
      // Where undoing fails too, the delivery stays known and is brought to its end once that is possible; what the
      // person has to hear is why it failed in the first place.
      const undone = await undoAppend(intent).catch(() => null);
      if (undone === true) await forget(intent);
      if (undone !== false) throw error;
      // More was added behind the rows meanwhile: they are there, and stay.
      await log.done(intent.id);
      return { rows: intent.rows };
    }
  }

  return {
    async deliver(request) {
      const { signal, targetPath } = request;
      try {
        signal.throwIfAborted();
        const target = await realTarget(targetPath);
        return await inTurn(target, () => deliver(request, target));
      } catch (error) {
        if (signal.aborted) throw toSluiceError(abortError(error));
        throw nameTargetError(error, targetPath);
      }
    },

    async recover() {
      const recovered: Recovered[] = [];
      const pending = await log.pending();
      for (const intent of pending) {
        const { id } = intent;
        try {
          const { rows } = await inTurn(intent.target, () => settle(intent));
          recovered.push({ id, kind: 'done', rows });
        } catch (error) {
          const kind = (await log.find(id)) === null ? 'failed' : 'waiting';
          recovered.push({ id, kind, error: toSluiceError(error) });
        }
      }
      await removeOrphans(folder, await log.pending());
      return recovered;
    },
  };
}

/** What was spooled for a delivery that was never begun. */
async function removeOrphans(folder: string, pending: readonly DeliveryIntent[]): Promise<void> {
  const kept = new Set(pending.map(({ spool }) => basename(spool)));
  const names = await readdir(folder).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    if (name.endsWith('.spool') && !kept.has(name)) await rm(join(folder, name), { force: true });
  }
}

/** Two names of one file are one target. */
async function realTarget(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return join(await realpath(dirname(resolve(path))), basename(path));
  }
}

/** Whatever a cancelled call failed with, it was cancelled. */
const abortError = (cause: unknown) => new DOMException('cancelled', { name: 'AbortError', cause });

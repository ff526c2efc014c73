import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { joinKey, safePath } from '#main/storage';
import { packerFor, SUFFIX } from '#main/transfers';
import {
  SHOWN_CONFLICTS,
  type Choices,
  type Conflict,
  type ConflictKind,
  type DropPlan,
  type UploadOptions,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import type { Chooser, Drop, DropPlansOptions, LookedThrough, Started } from './drop.ts';
import { DropStart } from './drop-start.ts';
import { KeyRing } from './key-ring.ts';
import { meet, type DropFile } from './meet/index.ts';

/** Plans that nobody starts are forgotten, oldest first. */
const KEPT_PLANS = 8;

/** Drops that were looked through before they start, so that what is to be chosen is chosen first, and at once. */
export class DropPlans {
  readonly #options: DropPlansOptions;
  readonly #kept = new Map<string, LookedThrough>();

  constructor(options: DropPlansOptions) {
    this.#options = options;
  }

  /**
   * Whether looking through these files could find anything to choose: else they can start at once.
   * @param others names of files that a page holds
   */
  isWorthLooking(paths: readonly string[], others: readonly string[], connectionId: string): boolean {
    const names = new Set([...paths.map((path) => basename(path)), ...others]);
    return this.#options.transfers
      .records()
      .some(
        ({ source, name, connectionId: where }) =>
          where === connectionId &&
          ((source.kind === 'path' &&
            paths.some((path) => source.path === path || source.path.startsWith(`${path}${SEPARATOR}`))) ||
            names.has(name)),
      );
  }

  /** @throws errors of the store; NAME_TOO_LONG */
  async prepare(drop: Drop, signal: AbortSignal): Promise<DropPlan> {
    const { connections, transfers, clock, log } = this.#options;
    const { connection, prefix, files } = drop;
    const compress = (drop.options ?? connection.settings.upload).compress;
    const store = await connections.store(connection.id);
    const ring = new KeyRing();
    const keyed = files.map((file) => ({ file, key: keyOf(file, prefix, compress, ring) }));
    const meetings = await meet(keyed, prefix, {
      store,
      log,
      now: clock.now(),
      begun: transfers.begun(new Set([connection.id])),
      records: transfers
        .records()
        .filter(({ connectionId, direction }) => connectionId === connection.id && direction === 'upload'),
      whole: (id) => transfers.whole(id),
      bySize: drop.bySize,
      signal,
    });
    const id = randomUUID();
    this.#kept.set(id, { drop, meetings });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT_PLANS && oldest !== undefined) this.#kept.delete(oldest);
    const conflicts = meetings.flatMap(({ met }) => met.map(({ conflict }) => conflict));
    const counts: Partial<Record<ConflictKind, number>> = {};
    for (const { kind } of conflicts) counts[kind] = (counts[kind] ?? 0) + 1;
    return {
      id,
      files: files.length,
      bytes: files.reduce((sum, { size }) => sum + size, 0),
      counts,
      conflicts: conflicts.slice(0, SHOWN_CONFLICTS),
    };
  }

  /** All of them, also those that are too many to be shown. @throws NOT_FOUND */
  conflicts(planId: string): readonly Conflict[] {
    const kept = this.#kept.get(planId);
    if (kept === undefined) throw sluiceError('NOT_FOUND', { what: 'such plan' });
    return kept.meetings.flatMap(({ met }) => met.map(({ conflict }) => conflict));
  }

  forget(planId: string): void {
    this.#kept.delete(planId);
  }

  /** What a person chose, or what is preset. A choice that is not offered is not taken. */
  static chooser({ one, all }: Choices): Chooser {
    return ({ id, kind, choices, preset }) => {
      const wanted = one[id] ?? all[kind] ?? preset;
      return choices.includes(wanted) ? wanted : preset;
    };
  }

  /**
   * Does what was chosen. Files of this disk start by themselves; what a page holds it begins itself, as told here.
   * @throws NOT_FOUND where the plan is not known any more
   */
  async start(planId: string, choose: Chooser, signal: AbortSignal): Promise<Started> {
    const kept = this.#kept.get(planId);
    if (kept === undefined) throw sluiceError('NOT_FOUND', { what: 'such plan' });
    this.#kept.delete(planId);
    return new DropStart(kept, choose, this.#options, signal).run();
  }
}

const SEPARATOR = process.platform === 'win32' ? '\\' : '/';

/** Two files of one drop never get one key. */
function keyOf(
  { name, relativePath, source }: DropFile,
  prefix: string | null,
  compress: UploadOptions['compress'],
  ring: KeyRing,
): string | null {
  if (prefix === null) return null;
  const packer = source.kind === 'path' ? packerFor(name, compress) : null;
  const path = packer === null ? relativePath : `${relativePath}${SUFFIX[packer]}`;
  return ring.take(joinKey(relativePath, prefix, safePath(path)), relativePath);
}

import type { TransferRecord } from '#main/journal';
import { CHOICES, isAtRest, looksLike } from '#main/transfers';
import { formatBytes } from '#shared/lib';
import { conflictOf } from './conflict.ts';
import type { DropFile, Meeting, MeetTools } from './types.ts';

/** Uploads of this machine that were begun and not finished. */
export class Begun {
  readonly #byPath: ReadonlyMap<string, readonly TransferRecord[]>;

  readonly #known: ReadonlyMap<string, TransferRecord>;

  constructor({ records, begun }: MeetTools) {
    this.#known = new Map(begun.map((record) => [record.id, record]));
    this.#byPath = Map.groupBy(
      records.filter(
        ({ source, state }) => source.kind === 'path' && state.kind !== 'done' && state.kind !== 'cancelled',
      ),
      ({ source }) => (source.kind === 'path' ? source.path : ''),
    );
  }

  async of(file: DropFile, key: string | null): Promise<Pick<Meeting, 'goesOn' | 'met'>> {
    const { source } = file;
    if (source.kind === 'page') return { goesOn: null, met: [] }; // begun again by the page, which finds it
    const record = this.#byPath
      .get(source.path)
      ?.findLast((each) => key === null || each.key === key || isBeside(key, each.key));
    if (record === undefined) return { goesOn: null, met: [] };
    const { identity, uploadId, state } = this.#known.get(record.id) ?? record;
    const changed =
      isAtRest(state) && identity !== null && uploadId !== null && !(await looksLike(source.path, identity));
    if (!changed) return { goesOn: record.id, met: [] };
    const sameSize = identity.size === file.size;
    return {
      goesOn: null,
      met: [
        {
          about: record.id,
          sessionId: record.sessionId,
          conflict: conflictOf('changed', file, record.key, {
            there: { size: identity.size, modified: Number(BigInt(identity.modifiedNs) / 1_000_000n) },
            says: sameSize
              ? 'Its upload was begun, then the file was changed or touched. What was sent is kept if it is still in the file.'
              : `Its upload was begun when it had ${formatBytes(identity.size)}; now it has ${formatBytes(file.size)}.`,
            choices: sameSize ? CHOICES.changed : ['anew', 'skip'],
          }),
        },
      ],
    };
  }
}

/** Whether a key is what a file is called beside the one that stands at `key`. */
function isBeside(key: string, other: string): boolean {
  const dot = key.lastIndexOf('.');
  const stem = dot > key.lastIndexOf('/') + 1 ? key.slice(0, dot) : key;
  const ending = key.slice(stem.length);
  return (
    other.startsWith(`${stem}~`) && /^\d+$/.test(other.slice(stem.length + 1, other.length - ending.length))
  );
}

import { uploadOptions, whyRefused, type Connection, type UploadOptions } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { external, nextTime } from '#renderer/lib';

/** What the next upload is sent with, where it is not as its connection has it. */
export interface NextDrop {
  /** The connection it was chosen for: another has other options. */
  readonly connectionId: string;
  readonly options: UploadOptions;
  /** Time of day, `20:00`; null starts at once. */
  readonly after: string | null;
  readonly priority: number;
}

export const nextDrop = external<NextDrop | null>(null);

export const plainDrop = ({ id, settings }: Connection): NextDrop => ({
  connectionId: id,
  options: settings.upload,
  after: null,
  priority: 0,
});

/** @returns what is wrong with it, in words; null where it can be sent */
export function whatIsWrong({ options, after }: NextDrop): string | null {
  const checked = uploadOptions.safeParse(options);
  if (!checked.success) return whyRefused(checked.error);
  return after !== null && nextTime(after) === null ? 'a time such as 20:00' : null;
}

/** How the engine is told. */
export interface HowToSend {
  readonly options?: UploadOptions;
  readonly notBefore?: number;
  readonly priority?: number;
}

/**
 * For one upload; the one after it is as its connection has it again.
 * @param connectionId where it goes
 * @throws INPUT_INVALID
 */
export function takeNextDrop(connectionId: string | null): HowToSend {
  const how = readNextDrop(connectionId);
  if (nextDrop.get()?.connectionId === connectionId) nextDrop.set(null);
  return how;
}

/** As `takeNextDrop`, while it is not sure yet whether anything is sent. */
export function readNextDrop(connectionId: string | null): HowToSend {
  const next = nextDrop.get();
  if (next === null || next.connectionId !== connectionId) return {};
  const wrong = whatIsWrong(next);
  if (wrong !== null) throw sluiceError('INPUT_INVALID', { what: wrong });
  const { options, after, priority } = next;
  const at = after === null ? null : nextTime(after);
  return { options, priority, ...(at === null ? {} : { notBefore: at }) };
}

import { exactTime, shortTime } from '#renderer/lib';

/** A moment, short; exact on hover. */
export function When({ at }: { readonly at: number }) {
  return (
    <time dateTime={new Date(at).toISOString()} title={exactTime(at)}>
      {shortTime(at)}
    </time>
  );
}

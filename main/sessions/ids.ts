import { randomUUID } from 'node:crypto';

/**
 * A UUID that begins with the time (version 7): rows of one drop lie together in the journal, where random ids would
 * write a page each. Its end is random.
 */
export function timeOrderedId(now: number): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8, 12)}-7${randomUUID().slice(15)}`;
}

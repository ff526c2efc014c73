import { counted } from '#renderer/components';

export interface Snapshot {
  readonly unfinished: number;
  readonly done: number;
  readonly failed: number;
  readonly waiting: number;
}

/** @returns what is worth saying of the way from one moment to another, or null */
export function outcome(before: Snapshot, now: Snapshot): string | null {
  const said: string[] = [];
  if (now.failed > before.failed) said.push(`${counted(now.failed - before.failed, 'file')} failed.`);
  if (now.waiting > 0 && before.waiting === 0)
    said.push(`${counted(now.waiting, 'file')} cannot go on just now.`);
  if (before.unfinished > 0 && now.unfinished === 0) {
    said.push(
      now.failed + now.waiting > 0 ? 'Nothing else is moving.' : 'All files arrived and were proven.',
    );
  }
  return said.length === 0 ? null : said.join(' ');
}

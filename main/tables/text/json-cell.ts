const QUOTE = 34;
const APOSTROPHE = 39;
const BACKSLASH = 92;
const OPENING: ReadonlySet<number> = new Set([91, 123]);
const CLOSING: ReadonlySet<number> = new Set([93, 125]);

/** Longer than this no list or object in a cell is looked through. Bytes. */
const LONGEST = 1 << 16;

/** @returns the byte behind a list or object of JSON that begins here; -1 where none does, or its quotes are doubled */
export function endOfJson(bytes: Buffer, from: number): number {
  if (!OPENING.has(bytes[from] ?? 0)) return -1;
  if (areQuotesDoubled(bytes, from)) return -1;
  const to = Math.min(bytes.length, from + LONGEST);
  let depth = 0;
  let inside = 0;
  for (let at = from; at < to; at += 1) {
    const code = bytes[at] ?? 0;
    if (code === 10 || code === 13) return -1;
    if (inside !== 0) {
      if (code === BACKSLASH) at += 1;
      else if (code === inside) inside = 0;
    } else if (code === QUOTE || code === APOSTROPHE) inside = code;
    else if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return -1;
}

function areQuotesDoubled(bytes: Buffer, from: number): boolean {
  let at = from;
  while (OPENING.has(bytes[at] ?? 0) || bytes[at] === 32) at += 1;
  return bytes[at] === QUOTE && bytes[at + 1] === QUOTE;
}

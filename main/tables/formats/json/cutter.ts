/** How the records of a file stand in it. */
export interface JsonShape {
  readonly kind: 'lines' | 'array' | 'object';
  /** The name of the array in the object, else null. */
  readonly member: string | null;
}

/** What stands at a place: a record, something that is none, the end of the records, or more text is needed. */
export type Cut =
  | {
      readonly kind: 'record' | 'broken';
      readonly start: number;
      readonly end: number;
      readonly reason: string;
    }
  | { readonly kind: 'end'; readonly at: number; readonly closed: boolean }
  | { readonly kind: 'more'; readonly from: number };

/** A record that is not closed within so many bytes is taken for broken where another could begin. */
const TOO_LONG = 16 << 20;
const [TAB, LF, CR, BLANK] = [9, 10, 13, 32];
const [QUOTE, BACKSLASH, COMMA, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 92, 44, 123, 125, 91, 93];

/**
 * Finds the next record of JSON in UTF-8, from a place between records. A record that is broken ends where the next
 * plausibly begins, so that the rest is not lost with it.
 */
export function cutRecord(text: Buffer, from: number, inArray: boolean, final: boolean): Cut {
  let at = from;
  for (; at < text.length; at += 1) {
    const byte = text[at];
    const between = byte === BLANK || byte === LF || byte === CR || byte === TAB || byte === COMMA;
    if (!between) break;
  }
  if (at >= text.length) return final ? { kind: 'end', at, closed: false } : { kind: 'more', from: at };
  if (inArray && text[at] === CLOSE_LIST) return { kind: 'end', at: at + 1, closed: true };
  const end = valueEnd(text, at, inArray);
  if (end === null) {
    if (!final && text.length - at < TOO_LONG) return { kind: 'more', from: at };
    const next = restart(text, at + 1, inArray);
    const reason = next === null ? 'the file ends in the middle of it' : 'it is not closed';
    return { kind: 'broken', start: at, end: next ?? text.length, reason };
  }
  if (end < 0) {
    // Broken at a line end: the next record begins there, or where one plausibly does.
    const next = restart(text, -end, inArray);
    if (next === null && !final) return { kind: 'more', from: at };
    return { kind: 'broken', start: at, end: next ?? text.length, reason: 'it is not closed' };
  }
  if (end >= text.length && !final && !isClosed(text[end - 1])) return { kind: 'more', from: at };
  return afterRecord(text, at, end, inArray, final);
}

/** What follows a record must part it from the next. */
function afterRecord(text: Buffer, start: number, end: number, inArray: boolean, final: boolean): Cut {
  let at = end;
  while (at < text.length && (text[at] === BLANK || text[at] === TAB || text[at] === CR)) at += 1;
  const next = text[at];
  const parted =
    next === undefined ||
    next === LF ||
    next === COMMA ||
    next === OPEN ||
    next === OPEN_LIST ||
    (inArray && next === CLOSE_LIST);
  if (parted) return { kind: 'record', start, end, reason: '' };
  const stop = inArray ? restart(text, at, true) : lineEnd(text, at);
  if (stop === null && !final) return { kind: 'more', from: start };
  return { kind: 'broken', start, end: stop ?? text.length, reason: 'something stands after it' };
}

/**
 * @returns where the value that begins at `from` ends; null where the text ends first; the negative place of a line end
 *   that it cannot contain
 */
function valueEnd(text: Buffer, from: number, inArray: boolean): number | null {
  const first = text[from];
  if (first !== OPEN && first !== OPEN_LIST && first !== QUOTE) return plainEnd(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === QUOTE) {
      let end = text.indexOf(QUOTE, at + 1);
      while (end !== -1 && isEscaped(text, end)) end = text.indexOf(QUOTE, end + 1);
      // A line end in a text is a quote that was not closed.
      const line = text.subarray(at, end === -1 ? text.length : end).indexOf(LF);
      if (line !== -1) return -(at + line);
      if (end === -1) return null;
      at = end;
      if (depth === 0) return at + 1;
    } else if (byte === OPEN || byte === OPEN_LIST) depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) return at + 1;
    } else if (byte === LF && !inArray && beginsAnew(text[at + 1])) {
      // Records that span lines are indented; an object or a word that begins a line is no part of them.
      return -at;
    }
  }
  return null;
}

function beginsAnew(byte = LF): boolean {
  return byte === OPEN || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
}

function plainEnd(text: Buffer, from: number): number {
  let at = from;
  for (; at < text.length; at += 1) {
    const byte = text[at];
    if (byte === COMMA || byte === LF || byte === CR || byte === CLOSE_LIST) break;
  }
  while (at > from && (text[at - 1] === BLANK || text[at - 1] === TAB)) at -= 1;
  return Math.max(at, from + 1);
}

function isClosed(byte: number | undefined): boolean {
  return byte === CLOSE || byte === CLOSE_LIST || byte === QUOTE;
}

function isEscaped(text: Buffer, quote: number): boolean {
  let slashes = 0;
  while (text[quote - 1 - slashes] === BACKSLASH) slashes += 1;
  return slashes % 2 === 1;
}

function lineEnd(text: Buffer, from: number): number | null {
  const end = text.indexOf(LF, from);
  return end === -1 ? null : end;
}

/** Where, after something broken, the next record plausibly begins. */
function restart(text: Buffer, from: number, inArray: boolean): number | null {
  for (let at = lineEnd(text, from); at !== null; at = lineEnd(text, at + 1)) {
    let next = at + 1;
    while (inArray && (text[next] === BLANK || text[next] === TAB)) next += 1;
    if (!inArray || text[next] === OPEN || text[next] === CLOSE_LIST) return at;
  }
  if (!inArray) return null;
  const parted = text.indexOf('},{', from);
  const spaced = text.indexOf('}, {', from);
  const found = [parted, spaced].filter((place) => place !== -1);
  return found.length === 0 ? null : Math.min(...found) + 1;
}

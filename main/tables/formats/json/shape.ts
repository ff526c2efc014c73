import { cutRecord, type JsonShape } from './cutter.ts';

const [QUOTE, COLON, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [34, 58, 123, 125, 91, 93];

export interface FoundShape {
  readonly shape: JsonShape;
  /** Byte after the bracket that opens the array; of lines, where the first record begins. */
  readonly start: number;
  /** Other members of the object that holds the array, as far as its beginning shows them. */
  readonly others: readonly string[];
}

/** How a file of JSON holds its records, from its beginning as UTF-8. Records may be objects, lists or plain values. */
export function findShape(head: Buffer, whole: boolean): FoundShape {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const first = skip(head, start);
  const lines: FoundShape = { shape: { kind: 'lines', member: null }, start, others: [] };
  if (head[first] === OPEN_LIST) {
    const found = cutRecord(head, first, false, whole);
    // Lists of plain values, one a line, are rows.
    if (found.kind === 'record' && head[skip(head, found.end)] === OPEN_LIST) return lines;
    return { shape: { kind: 'array', member: null }, start: first + 1, others: [] };
  }
  const found = cutRecord(head, first, false, whole);
  const alone = found.kind !== 'record' || skip(head, found.end) >= head.length;
  const isOne = alone && (found.kind !== 'record' || whole);
  if (!isOne) return lines;
  const member = arrayMember(head, first);
  return member ?? lines;
}

function skip(head: Buffer, from: number): number {
  let at = from;
  while (at < head.length && ' \t\r\n,'.includes(String.fromCharCode(head[at] ?? 0))) at += 1;
  return at;
}

/** The first member of an object that is an array of objects, else the first that is an array of lists. */
function arrayMember(head: Buffer, open: number): FoundShape | null {
  let depth = 0;
  let key = '';
  const keys: string[] = [];
  let objects: Place | null = null;
  let lists: Place | null = null;
  for (let at = open; at < head.length; at += 1) {
    const byte = head[at];
    if (byte === QUOTE) {
      const end = stringEnd(head, at);
      if (end === -1) break;
      if (depth === 1 && head[skip(head, end + 1)] === COLON) {
        key = nameOf(head, at, end);
        keys.push(key);
      }
      at = end;
    } else if (byte === OPEN || byte === OPEN_LIST) {
      depth += 1;
      if (byte === OPEN || depth !== 2) continue;
      const first = head[skip(head, at + 1)];
      if (first === OPEN) objects ??= { member: key, start: at + 1 };
      if (first === OPEN_LIST) lists ??= { member: key, start: at + 1 };
    } else if (byte === CLOSE || byte === CLOSE_LIST) {
      depth -= 1;
      if (depth === 0) break;
    }
  }
  const found = objects ?? lists;
  if (found === null) return null;
  const { member, start } = found;
  return { shape: { kind: 'object', member }, start, others: keys.filter((name) => name !== member) };
}

interface Place {
  readonly member: string;
  readonly start: number;
}

function nameOf(head: Buffer, from: number, end: number): string {
  const raw = head.toString('utf8', from, end + 1);
  try {
    return JSON.parse(raw) as string;
  } catch {
    return raw.slice(1, -1);
  }
}

function stringEnd(head: Buffer, from: number): number {
  for (let at = head.indexOf(QUOTE, from + 1); at !== -1; at = head.indexOf(QUOTE, at + 1)) {
    let slashes = 0;
    while (head[at - 1 - slashes] === 92) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

import { cutRecord, type JsonShape } from './cutter.ts';

export interface FoundShape {
  readonly shape: JsonShape;
  /** Byte after the bracket that opens the array; of lines, where the first record begins. */
  readonly start: number;
}

/** How a file of JSON holds its records, from its beginning as UTF-8. Records may be objects, lists or plain values. */
export function findShape(head: Buffer, whole: boolean): FoundShape {
  const start = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const first = skip(head, start);
  const lines: FoundShape = { shape: { kind: 'lines', member: null }, start };
  if (head[first] === 0x5b) {
    const found = cutRecord(head, first, false, whole);
    // Lists of plain values, one a line, are rows.
    if (found.kind === 'record' && head[skip(head, found.end)] === 0x5b) return lines;
    return { shape: { kind: 'array', member: null }, start: first + 1 };
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
  let lists: FoundShape | null = null;
  for (let at = open; at < head.length; at += 1) {
    const sign = String.fromCharCode(head[at] ?? 0);
    if (sign === '"') {
      const end = stringEnd(head, at);
      if (end === -1) break;
      if (depth === 1 && head[skip(head, end + 1)] === 0x3a) key = nameOf(head, at, end);
      at = end;
    } else if (sign === '{' || sign === '[') {
      depth += 1;
      if (sign === '[' && depth === 2) {
        const found: FoundShape = { shape: { kind: 'object', member: key }, start: at + 1 };
        const first = head[skip(head, at + 1)];
        if (first === 0x7b) return found;
        if (first === 0x5b) lists ??= found;
      }
    } else if (sign === '}' || sign === ']') {
      depth -= 1;
      if (depth === 0) break;
    }
  }
  return lists;
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
  for (let at = head.indexOf(34, from + 1); at !== -1; at = head.indexOf(34, at + 1)) {
    let slashes = 0;
    while (head[at - 1 - slashes] === 92) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

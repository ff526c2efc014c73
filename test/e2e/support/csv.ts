/**
 * Reads a CSV as RFC 4180 has it, row by row: cells may hold commas, quotes and line ends. Written for the tests alone,
 * so that what the app writes is not read by what the app reads with.
 */
export async function* csvRows(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  let rest = '';
  for await (const chunk of chunks) {
    rest += decoder.decode(chunk, { stream: true });
    rest = yield* wholeRows(rest, false);
  }
  rest += decoder.decode();
  yield* wholeRows(rest, true);
}

const QUOTE = 34;
const COMMA = 44;
const LF = 10;
const CR = 13;

/** @returns what is left over: the beginning of a row whose end was not seen yet */
function* wholeRows(text: string, atEnd: boolean): Generator<readonly string[], string> {
  let rowStart = 0;
  let at = 0;
  let cells: string[] = [];
  while (at < text.length) {
    let cell: string;
    if (text.charCodeAt(at) === QUOTE) {
      const end = closingQuote(text, at + 1);
      if (end < 0 || (end + 1 === text.length && !atEnd)) break;
      cell = text.slice(at + 1, end).replaceAll('""', '"');
      at = end + 1;
    } else {
      const start = at;
      let code = text.charCodeAt(at);
      while (at < text.length && code !== COMMA && code !== LF && code !== CR) {
        at += 1;
        code = text.charCodeAt(at);
      }
      cell = text.slice(start, at);
    }
    if (at === text.length && !atEnd) break;
    cells.push(cell);
    if (text.charCodeAt(at) === COMMA) {
      at += 1;
      // A comma at the very end of the file is followed by one more, empty cell.
      if (at === text.length && atEnd) cells.push('');
      else continue;
    } else if (text.charCodeAt(at) === CR) {
      if (at + 1 === text.length && !atEnd) break;
      if (text.charCodeAt(at + 1) === LF) at += 1;
    }
    at += 1;
    yield cells;
    cells = [];
    rowStart = at;
  }
  if (atEnd && rowStart < text.length)
    throw new Error(`The CSV breaks off: ${text.slice(rowStart, rowStart + 80)}`);
  return text.slice(rowStart);
}

/** @returns where a quoted cell ends: at a quote that is not doubled; -1 where that is not seen */
function closingQuote(text: string, from: number): number {
  for (let at = text.indexOf('"', from); at >= 0; at = text.indexOf('"', at + 2)) {
    if (text.charCodeAt(at + 1) !== QUOTE) return at;
  }
  return -1;
}

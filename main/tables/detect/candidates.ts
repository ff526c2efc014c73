import type { Reading } from '#shared/domain';
import type { CutDialect } from '../text/index.ts';
import { fixedColumns, FRAMES, isFramed, isIndented, isPadded } from './aligned.ts';

/** Signs that stand inside values too often to be believed as delimiters. */
const NEVER = new Set([
  '.',
  '-',
  '_',
  '/',
  '+',
  '"',
  "'",
  '`',
  '\r',
  '\n',
  '(',
  ')',
  '\u00a0',
  '\ufeff',
  '\0',
  '’',
]);
/** Control signs that cut. */
// oxlint-disable-next-line no-control-regex
const CONTROL = /^[\u0001-\u0008\u0014\u001c-\u001f]$/;
const USUAL = new Set([',', ';', '\t', '|']);

/**
 * Ways a text may be cut, from the signs that stand in most of its lines: single signs, the same sign doubled, signs with
 * a companion such as `, ` or `~|~`, runs of blanks, frames, and places alone; each with the quotes and escapes the text
 * gives reason to try.
 *
 * @param forced the delimiter a person or the file itself names (`sep=;`)
 */
export function candidates(text: string, forced: string | null, asked: Reading['quote']): CutDialect[] {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  const loneCr = lonelyCarriageReturns(text);
  const found: CutDialect[] = [];
  if (areWrapped(lines)) {
    const inside = candidates(lines.map(unwrapped).join('\n'), forced, asked);
    for (const dialect of inside)
      if (dialect.quote === '"') found.push({ ...dialect, loneCr, wrapped: true });
  }
  const delimiters = forced === null ? delimitersOf(lines) : [{ delimiter: forced, collapse: false }];
  for (const { delimiter, collapse } of delimiters) {
    const padded = !collapse && !delimiter.includes(' ') && isPadded(lines, delimiter);
    const trim = padded ? { trim: true } : {};
    const indented = !collapse && delimiter !== '' && delimiter !== ' ' && isIndented(lines, delimiter);
    const edge = edgeOf(lines, delimiter);
    if (edge !== null) found.push({ delimiter, quote: null, escape: null, collapse, loneCr, edge });
    if (holdsJson(lines, delimiter))
      found.push({ delimiter, quote: '"', escape: null, collapse, loneCr, nested: true });
    for (const { quote, escape } of quoting(text, delimiter, asked)) {
      found.push({ delimiter, quote, escape, collapse, loneCr });
      if (padded) found.push({ delimiter, quote, escape, collapse, loneCr, ...trim });
      if (indented) found.push({ delimiter, quote, escape, collapse, loneCr, framed: 'left', ...trim });
    }
  }
  for (const delimiter of forced === null ? FRAMES : [forced]) {
    if (isFramed(lines, delimiter))
      found.push({
        delimiter,
        quote: null,
        escape: null,
        collapse: false,
        loneCr,
        framed: 'both',
        trim: true,
      });
  }
  if (forced === null) {
    const fixed = fixedColumns(lines);
    if (fixed !== null)
      found.push({ delimiter: ' ', quote: null, escape: null, collapse: false, loneCr, trim: true, fixed });
  }
  return found;
}

/** Text in which nothing cuts. */
export function oneColumn(text: string): CutDialect {
  return { delimiter: '', quote: '"', escape: null, collapse: false, loneCr: lonelyCarriageReturns(text) };
}

function lonelyCarriageReturns(text: string): boolean {
  const lone = text.match(/\r(?!\n|$)/g)?.length ?? 0;
  if (lone === 0) return text.endsWith('\r') && !text.includes('\n');
  const feeds = text.match(/\n/g)?.length ?? 0;
  return feeds === 0 || lone >= feeds * 0.1;
}

function delimitersOf(lines: readonly string[]): { delimiter: string; collapse: boolean }[] {
  const inLines = new Map<string, number>();
  for (const line of lines) {
    for (const sign of new Set(line)) {
      if (/[\p{L}\p{N}\p{M}]/u.test(sign) || NEVER.has(sign)) continue;
      inLines.set(sign, (inLines.get(sign) ?? 0) + 1);
    }
  }
  const needed = lines.length <= 4 ? 1 : lines.length * 0.25;
  const signs = [...inLines].filter(([, count]) => count >= needed).map(([sign]) => sign);
  signs.sort((a, b) => rank(a, inLines) - rank(b, inLines));
  const found: { delimiter: string; collapse: boolean }[] = [];
  for (const sign of signs.slice(0, 12)) {
    found.push({ delimiter: sign, collapse: false });
    if (sign === ' ') {
      if (lines.some((line) => / {2}/.test(line.trim()))) {
        found.push({ delimiter: ' ', collapse: true });
        found.push({ delimiter: '  ', collapse: true });
      }
      continue;
    }
    for (const delimiter of withCompanions(sign, lines)) found.push({ delimiter, collapse: false });
  }
  return found;
}

function rank(sign: string, inLines: ReadonlyMap<string, number>): number {
  return (USUAL.has(sign) ? 0 : 1_000_000_000) - (inLines.get(sign) ?? 0);
}

/** The sign with what always stands beside it, as in `||`, `, ` or `~|~`; what is quoted does not count. */
function withCompanions(sign: string, lines: readonly string[]): string[] {
  const runs = new Map<number, number>();
  const after = new Map<string, number>();
  const before = new Map<string, number>();
  let total = 0;
  for (const whole of lines.slice(0, 300)) {
    const line = whole.replace(/"[^"]*"/g, '""');
    for (let at = line.indexOf(sign); at !== -1;) {
      let end = at;
      while (line.startsWith(sign, end)) end += sign.length;
      count(runs, (end - at) / sign.length);
      count(after, line.slice(end, end + 1));
      count(before, line.slice(Math.max(0, at - 1), at));
      total += 1;
      at = line.indexOf(sign, end);
    }
  }
  if (total < 2) return [];
  const companion = (beside: ReadonlyMap<string, number>): string => {
    const ends = beside.get('') ?? 0;
    const [best] = [...beside].filter(([other]) => other !== '').sort((a, b) => b[1] - a[1]);
    if (best === undefined || best[1] < (total - ends) * 0.99 || best[1] < total * 0.5) return '';
    if (sign === '\\') return best[0];
    // Beside a sign that stands in no text, a letter is a quote.
    if (CONTROL.test(sign)) return /[\p{N}"]/u.test(best[0]) ? '' : best[0];
    return /[\p{L}\p{N}"'.+-]/u.test(best[0]) ? '' : best[0];
  };
  const found: string[] = [];
  for (const times of [1, 2, 3]) {
    const such = [...runs].filter(([length]) => length % times === 0).reduce((sum, [, n]) => sum + n, 0);
    if (such < total * 0.6) continue;
    const delimiter = companion(before) + sign.repeat(times) + companion(after);
    if (delimiter !== sign) found.push(delimiter);
  }
  return found;
}

/** The sign that stands around every cell where it stands on both sides of the delimiter, and at both ends of the lines too. */
function edgeOf(lines: readonly string[], delimiter: string): string | null {
  const signs = Array.from(delimiter);
  const [edge = ''] = signs;
  if (signs.length < 3 || signs.at(-1) !== edge || edge.trim() === '') return null;
  const edged = lines.filter((line) => line.startsWith(edge) && line.endsWith(edge));
  return edged.length >= lines.length * 0.9 ? edge : null;
}

/** Whether cells are lists or objects of JSON with delimiters in them. */
function holdsJson(lines: readonly string[], delimiter: string): boolean {
  if (!USUAL.has(delimiter)) return false;
  const begins = lines.filter((line) => {
    for (const opening of ['{"', '[{', '["', "{'", "['", '[[', '[']) {
      for (const before of [delimiter, `${delimiter}"`]) {
        const at = line.indexOf(before + opening);
        if (at !== -1 && line.includes(delimiter, at + before.length)) return true;
      }
    }
    return /^"?[[{]/.test(line);
  });
  return begins.length > 0 && begins.length >= lines.length * 0.05;
}

/** A line that is one quoted cell, with what may stand behind it. */
const WRAPPED = /^"((?:[^"]|"")*)"[,;\t ]*$/;

/** Whether most rows of data are one quoted cell that holds signs that cut. */
function areWrapped(lines: readonly string[]): boolean {
  const wrapped = lines.filter((line) => WRAPPED.test(line) && /[,;\t|]/.test(line.slice(1, -1)));
  return wrapped.length > 1 && wrapped.length >= lines.length * 0.4;
}

function unwrapped(line: string): string {
  const inside = WRAPPED.exec(line)?.[1];
  return inside === undefined ? line : inside.replaceAll('""', '"');
}

function count<K>(into: Map<K, number>, key: K): void {
  into.set(key, (into.get(key) ?? 0) + 1);
}

function quoting(
  text: string,
  delimiter: string,
  asked: Reading['quote'],
): { quote: string | null; escape: string | null }[] {
  if (asked === 'none') return [{ quote: null, escape: null }];
  if (asked !== null) {
    const escaped = text.includes(`\\${asked}`);
    return [{ quote: asked, escape: null }, ...(escaped ? [{ quote: asked, escape: '\\' }] : [])];
  }
  const ways: { quote: string | null; escape: string | null }[] = [{ quote: '"', escape: null }];
  if (text.includes('"')) {
    if (text.includes('\\"')) ways.push({ quote: '"', escape: '\\' });
    ways.push({ quote: null, escape: null });
  }
  for (const quote of ["'", '`']) {
    if (!quotedAtEdges(text, quote, delimiter)) continue;
    ways.push({ quote, escape: null });
    if (text.includes(`\\${quote}`)) ways.push({ quote, escape: '\\' });
  }
  if (text.includes(`\\${delimiter}`)) ways.push({ quote: '"', escape: '\\' });
  return ways;
}

/** Whether some cells both begin and end with the sign. */
function quotedAtEdges(text: string, quote: string, delimiter: string): boolean {
  const cut = delimiter === '' ? '\n' : delimiter;
  const opens = text.split(cut + quote).length + text.split(`\n${quote}`).length;
  const closes =
    text.split(quote + cut).length + text.split(`${quote}\n`).length + text.split(`${quote}\r`).length;
  return opens > 3 && closes > 4;
}

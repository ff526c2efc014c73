/** What a find-and-replace makes of one text. */
export interface Trial {
  /** The text in pieces, in their order. */
  readonly pieces: readonly { readonly text: string; readonly found: boolean }[];
  readonly result: string;
}

export interface Search {
  readonly match: 'text' | 'whole-cell' | 'pattern';
  readonly find: string;
  readonly with: string;
  readonly ignoreCase: boolean;
}

/**
 * Tries a search on a text. Patterns are read as a browser reads them, which is the same but for rare signs; the engine's own
 * reading is what the preview shows.
 * @returns null where the pattern cannot be read
 */
export function tryOut(search: Search, text: string): Trial | null {
  const pattern = patternOf(search);
  if (pattern === null) return null;
  const pieces: { text: string; found: boolean }[] = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) pieces.push({ text: text.slice(at, match.index), found: false });
    if (match[0] !== '') pieces.push({ text: match[0], found: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), found: false });
  const replaced = text.replace(pattern, (...args: readonly unknown[]) => {
    if (search.match !== 'pattern') return search.with;
    return search.with.replaceAll(/\\(\d|\\)/g, (_, group: string) =>
      group === '\\' ? '\\' : textOf(args[Number(group)]),
    );
  });
  return { pieces, result: replaced };
}

const textOf = (group: unknown): string => (typeof group === 'string' ? group : '');

function patternOf({ match, find, ignoreCase }: Search): RegExp | null {
  if (find === '') return null;
  const flags = ignoreCase ? 'giu' : 'gu';
  const literal = find.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  try {
    if (match === 'pattern') return new RegExp(find, flags);
    return new RegExp(match === 'text' ? literal : `^${literal}$`, flags);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export interface Names {
  readonly names: readonly string[];
  /** Names that stood twice or nowhere and were given one. */
  readonly changed: readonly string[];
}

/**
 * Names for the columns: those of the header, put together where it has several rows, and `column_3` where there is none.
 * No two are alike, upper and lower case aside, for no table store would take them.
 */
export function columnNames(header: readonly (readonly string[])[], width: number): Names {
  const taken = new Set<string>();
  const names: string[] = [];
  const changed: string[] = [];
  const wanted = Array.from({ length: width }, (_, index) => written(header, index));
  // Names that stand once keep their place before any is made up.
  for (const name of wanted) if (name !== '') taken.add(name.toLowerCase());
  const used = new Set<string>();
  for (const [index, name] of wanted.entries()) {
    let unique = name === '' ? `column_${index + 1}` : name;
    if (used.has(unique.toLowerCase()) || (name === '' && taken.has(unique.toLowerCase()))) {
      let count = 2;
      while (taken.has(`${unique}_${count}`.toLowerCase()) || used.has(`${unique}_${count}`.toLowerCase()))
        count += 1;
      unique = `${unique}_${count}`;
    }
    if (unique !== name && header.length > 0) changed.push(unique);
    used.add(unique.toLowerCase());
    names.push(unique);
  }
  return { names, changed };
}

function written(header: readonly (readonly string[])[], index: number): string {
  return header
    .map((row) => (row[index] ?? '').replace(/^# /, '').replace(/\s+/g, ' ').trim())
    .filter((cell) => cell !== '')
    .join(' ');
}

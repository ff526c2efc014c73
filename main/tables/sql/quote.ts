/** @returns a name as SQL takes it: any text, however hostile, is only a name */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** @returns a text as SQL takes it */
export function literal(text: string): string {
  // A zero byte would end the statement.
  if (text.includes('\0')) return `(${text.split('\0').map(literal).join(' || chr(0) || ')})`;
  return `'${text.replaceAll("'", "''")}'`;
}

export function list(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

/** What all keys begin with; one sweep of it finds them all. */
export function commonStart(keys: readonly string[]): string {
  const [first = ''] = keys;
  let length = first.length;
  for (const key of keys) {
    while (!key.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

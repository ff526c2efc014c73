/** Which of day and month a locale writes first; null for one that says nothing. */
export type DateOrder = 'dmy' | 'mdy';

/** @param environment where the locale is named, as in `LC_ALL=de_DE.UTF-8` */
export function dateOrderOf(environment: Readonly<Record<string, string | undefined>>): DateOrder | null {
  const named = environment['LC_ALL'] || environment['LC_TIME'] || environment['LANG'] || '';
  const tag = named.replace(/[.@].*$/, '').replace('_', '-');
  if (!/^[a-z]{2,3}-[A-Z]{2}$/.test(tag)) return null;
  const parts = new Intl.DateTimeFormat(tag).formatToParts(new Date(Date.UTC(2024, 0, 31)));
  const first = parts.find(({ type }) => type === 'day' || type === 'month');
  return first?.type === 'month' && parts[0]?.type !== 'year' ? 'mdy' : 'dmy';
}

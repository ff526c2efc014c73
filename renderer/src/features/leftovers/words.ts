import { type Leftover } from '#shared/domain';

const STATES = { paused: 'Paused here', failed: 'Failed here', cancelled: 'Cancelled here' } as const;

/** @returns to whom an unfinished upload belongs, and what can be done with it */
export function whose({ known, mayBeInUse }: Leftover): { readonly title: string; readonly line: string } {
  if (known === null) {
    return mayBeInUse
      ? { title: 'Not from here', line: 'Begun today: another program may be sending it' }
      : { title: 'Not from here', line: 'Goes on with the file, if you have it' };
  }
  const { state, path, sourceThere } = known;
  const line = path === null ? 'A file of a page' : sourceThere ? path : `${path} is not there any more`;
  return { title: STATES[state], line };
}

/** @returns e.g. `$0.08`, `less than $0.01` */
export function costOf(bytes: number, pricePerGbMonth: number): string {
  const cost = (bytes / 1e9) * pricePerGbMonth;
  return cost < 0.01 ? 'less than $0.01' : `$${cost.toFixed(2)}`;
}

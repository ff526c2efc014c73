import type { IncomingMessage } from 'node:http';

/** What a server of the benches counts of the parts that reach it. */
export interface PartCounts {
  /** Bytes of bodies of parts, those of broken requests included. */
  readonly bytes: number;
  /** Requests for parts whose body came whole. */
  readonly whole: number;
  /** Requests for parts that the client broke off. */
  readonly cut: number;
  /** Under way now. */
  readonly open: number;
  /** The most that ever were under way at once. */
  readonly mostOpen: number;
}

/** Whether a request is for a part. The single byte that a client finds out with what a store can do is none. */
export function isPart({ method, url, headers }: IncomingMessage): boolean {
  return method === 'PUT' && /[?&]partNumber=/.test(url ?? '') && Number(headers['content-length'] ?? 0) > 1;
}

/** Where the counts are asked for: no bucket can have such a name. */
export const COUNTS_PATH = '/.counts';

export class PartCounter {
  #counts: PartCounts = { bytes: 0, whole: 0, cut: 0, open: 0, mostOpen: 0 };

  get counts(): PartCounts {
    return this.#counts;
  }

  began(): void {
    const open = this.#counts.open + 1;
    this.#counts = { ...this.#counts, open, mostOpen: Math.max(this.#counts.mostOpen, open) };
  }

  took(bytes: number): void {
    this.#counts = { ...this.#counts, bytes: this.#counts.bytes + bytes };
  }

  ended(how: 'whole' | 'cut'): void {
    this.#counts = { ...this.#counts, open: this.#counts.open - 1, [how]: this.#counts[how] + 1 };
  }
}

/** For the bench: asks a server of this folder. */
export async function partCounts(origin: string): Promise<PartCounts> {
  const answer = await fetch(`${origin}${COUNTS_PATH}`);
  if (!answer.ok) throw new Error(`${origin} does not tell its counts: ${answer.status}`);
  return (await answer.json()) as PartCounts;
}

import type { TransferRecord } from '#main/journal';
import { groupOf, type FileQuery, type FileSort } from '#shared/domain';
import { assertNever } from '#shared/lib';
import { Breath, sortPatiently } from '../folders/index.ts';
import type { Live } from '../live.ts';
import { Tally } from './tally.ts';

type Question = Omit<FileQuery, 'sessionId'>;

/**
 * The transfers of one session: its files in the order they were added, and beside them what its runs made, and what
 * was fetched from it. A session that began with a download is one: its files are what it fetches.
 */
export class SessionFiles {
  /** Of files. */
  readonly tally = new Tally();
  /** Of what runs made. */
  readonly outputTally = new Tally();
  readonly #files: Live[] = [];
  readonly #outputs: Live[] = [];
  readonly #fetched: Live[] = [];
  #direction: TransferRecord['direction'] | null = null;
  /** Raised whenever a file joins, or one is in another state than before. */
  #version = 0;
  /** By name or size, as long as no file joins. */
  readonly #orders = new Map<FileSort['by'], readonly Live[]>();
  /** The last answer, and to what. */
  #last: { readonly key: string; readonly version: number; readonly files: readonly Live[] } | null = null;

  /** Which way its files go; null as long as it has none. */
  get direction(): TransferRecord['direction'] | null {
    return this.#direction;
  }

  get version(): number {
    return this.#version;
  }

  get files(): readonly Live[] {
    return this.#files;
  }

  *all(): IterableIterator<Live> {
    yield* this.#files;
    yield* this.#outputs;
    yield* this.#fetched;
  }

  add(live: Live): void {
    const { direction, source } = live.record;
    this.#direction ??= direction;
    if (source.kind === 'output') this.#outputs.push(live);
    else if (direction !== this.#direction) this.#fetched.push(live);
    else {
      this.#files.push(live);
      this.#orders.clear();
    }
    this.count(live);
  }

  count(live: Live): void {
    const { direction, source } = live.record;
    if (source.kind === 'output') this.outputTally.count(live);
    else if (direction === this.#direction && this.tally.count(live)) this.#version += 1;
  }

  /** The files that were asked for, in order. Others have their turn in between where that takes a while. */
  async find(question: Question): Promise<readonly Live[]> {
    const { sort, group, text } = question;
    if (group === null && text === '' && sort.by === 'added' && !sort.descending) return this.#files;
    // What depends on no state holds until a file joins.
    const version = group === null && sort.by !== 'state' ? this.#files.length : this.#version;
    const key = JSON.stringify([sort, group, text]);
    if (this.#last?.key === key && this.#last.version === version) return this.#last.files;
    const ordered = await this.#ordered(sort.by);
    const found = await filterPatiently(ordered, passes(question));
    const files = sort.descending ? found.toReversed() : found;
    this.#last = { key, version, files };
    return files;
  }

  /** The next file whose name or path begins so, from an index on and round; null where there is none. */
  async seek(question: Question, prefix: string, from: number): Promise<number | null> {
    const files = await this.find(question);
    const wanted = prefix.toLowerCase();
    const breath = new Breath();
    for (let step = 0; step < files.length; step += 1) {
      const index = (from + step) % files.length;
      const { name = '', relativePath = '' } = files[index]?.record ?? {};
      if (relativePath.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted))
        return index;
      if (step % 2048 === 2047 && breath.due()) await breath.take();
    }
    return null;
  }

  async #ordered(by: FileSort['by']): Promise<readonly Live[]> {
    switch (by) {
      case 'added':
        return this.#files;
      case 'state':
        return this.#byState();
      case 'name':
      case 'size': {
        const known = this.#orders.get(by);
        if (known !== undefined) return known;
        const count = this.#files.length;
        const sorted = await (by === 'name' ? byName(this.#files) : bySize(this.#files));
        if (count === this.#files.length) this.#orders.set(by, sorted); // none joined meanwhile
        return sorted;
      }
      default:
        return assertNever(by);
    }
  }

  /** What a person may have to do something about comes first. */
  #byState(): readonly Live[] {
    const places: Live[][] = [[], [], [], [], []];
    for (const live of this.#files) places[STATE_ORDER[groupOf(live.record.state.kind)]]?.push(live);
    return places.flat();
  }
}

const STATE_ORDER = { failed: 0, moving: 1, waiting: 2, done: 3, cancelled: 4 } as const;

function passes({ group, text }: Question): (live: Live) => boolean {
  const wanted = text.toLowerCase();
  return ({ record }) =>
    (group === null || groupOf(record.state.kind) === group) &&
    (wanted === '' || record.relativePath.toLowerCase().includes(wanted));
}

async function filterPatiently(
  files: readonly Live[],
  pass: (live: Live) => boolean,
): Promise<readonly Live[]> {
  const breath = new Breath();
  const passing: Live[] = [];
  for (const [index, live] of files.entries()) {
    if (pass(live)) passing.push(live);
    if (index % 2048 === 2047 && breath.due()) await breath.take();
  }
  return passing;
}

/** As people count: `file 2` before `file 10`, in either case. */
async function byName(files: readonly Live[]): Promise<readonly Live[]> {
  const breath = new Breath();
  const keyed: { readonly key: string; readonly live: Live }[] = [];
  for (const live of files) {
    keyed.push({ key: naturalKey(live.record.relativePath), live });
    if (keyed.length % 1024 === 0 && breath.due()) await breath.take();
  }
  const sorted = await sortPatiently(keyed, (a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return sorted.map(({ live }) => live);
}

/** Numbers are compared by how long they are before what they are. */
const naturalKey = (path: string): string =>
  path.toLowerCase().replace(/0*(\d+)/g, (_, digits: string) => String.fromCodePoint(digits.length) + digits);

function bySize(files: readonly Live[]): Promise<readonly Live[]> {
  return sortPatiently(files, (a, b) => a.record.size - b.record.size);
}

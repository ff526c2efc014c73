import type { Live } from '../live.ts';
import { SessionFiles } from './session-files.ts';

/** Every transfer of this machine: by id, and by session in the order they were added. */
export class Roster {
  readonly #byId = new Map<string, Live>();
  readonly #bySession = new Map<string, SessionFiles>();
  /** What pages send, by path below what was dropped: a page asks for each of its files. */
  readonly #pages = new Map<string, Live[]>();

  get(id: string): Live | undefined {
    return this.#byId.get(id);
  }

  values(): IterableIterator<Live> {
    return this.#byId.values();
  }

  add(live: Live): void {
    const { id } = live.record;
    if (this.#byId.has(id)) throw new TypeError(`transfer ${id} is known already`);
    this.#byId.set(id, live);
    this.session(live.record.sessionId).add(live);
    if (live.record.source.kind !== 'page') return;
    const same = this.#pages.get(live.record.relativePath);
    if (same === undefined) this.#pages.set(live.record.relativePath, [live]);
    else same.push(live);
  }

  /** Uploads by a page of files with that path. */
  ofPage(relativePath: string): readonly Live[] {
    return this.#pages.get(relativePath) ?? [];
  }

  /** Counts a transfer anew, after anything of it changed. */
  count(live: Live): void {
    this.session(live.record.sessionId).count(live);
  }

  /** Those of one session; none of a session that is not known. */
  session(id: string): SessionFiles {
    let known = this.#bySession.get(id);
    if (known === undefined) {
      known = new SessionFiles();
      this.#bySession.set(id, known);
    }
    return known;
  }

  forget(sessionId: string): void {
    for (const { record } of this.session(sessionId).all()) {
      this.#byId.delete(record.id);
      const others = this.ofPage(record.relativePath).filter((live) => live.record.sessionId !== sessionId);
      if (others.length === 0) this.#pages.delete(record.relativePath);
      else this.#pages.set(record.relativePath, others);
    }
    this.#bySession.delete(sessionId);
  }
}

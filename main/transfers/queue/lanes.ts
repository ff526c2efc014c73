import type { TransferRecord } from '#main/journal';

/** Files of one part have a lane of their own, so that ten thousand little ones are not slow behind a large one. */
export type Lane = 'small' | 'large' | 'down-small' | 'down-large';

const WIDTH: Readonly<Record<Lane, number>> = { small: 24, large: 3, 'down-small': 16, 'down-large': 3 };
const LANES: readonly Lane[] = ['small', 'large', 'down-small', 'down-large'];

export function laneOf(record: Pick<TransferRecord, 'direction' | 'partCount'>): Lane {
  const size = record.partCount === 1 ? 'small' : 'large';
  return record.direction === 'download' ? `down-${size}` : size;
}

/** First in, first out, within each priority; larger priorities first. */
class Line {
  readonly #byPriority = new Map<number, { ids: string[]; head: number }>();

  push(id: string, priority: number): void {
    const same = this.#byPriority.get(priority);
    if (same === undefined) this.#byPriority.set(priority, { ids: [id], head: 0 });
    else same.ids.push(id);
  }

  take(): string | undefined {
    if (this.#byPriority.size === 0) return undefined;
    const first = Math.max(...this.#byPriority.keys());
    const same = this.#byPriority.get(first);
    const id = same?.ids[same.head];
    if (same === undefined || id === undefined) return undefined;
    same.head += 1;
    if (same.head === same.ids.length) this.#byPriority.delete(first);
    return id;
  }
}

interface Store {
  readonly waiting: Readonly<Record<Lane, Line>>;
  readonly active: Record<Lane, number>;
}

/** Who starts next. Every store has lanes of its own, so that one that is away holds up no other. */
export class Lanes {
  readonly #stores = new Map<string, Store>();

  /** One that stands in line already may be pushed again: whoever takes it looks whether it still waits. */
  push(record: TransferRecord): void {
    this.#store(record.connectionId).waiting[laneOf(record)].push(record.id, record.priority);
  }

  /**
   * Takes everyone who may start by now.
   * @param mayStart tells of an id whether it still waits, with this turn being its
   */
  *startable(mayStart: (id: string) => boolean): Generator<string> {
    for (const { waiting, active } of this.#stores.values()) {
      for (const lane of LANES) {
        while (active[lane] < WIDTH[lane]) {
          const id = waiting[lane].take();
          if (id === undefined) break;
          if (!mayStart(id)) continue; // paused, cancelled, or moved to another priority while it waited
          active[lane] += 1;
          yield id;
        }
      }
    }
  }

  /** @param record as it was when it started */
  ended(record: TransferRecord): void {
    this.#store(record.connectionId).active[laneOf(record)] -= 1;
  }

  get isIdle(): boolean {
    return [...this.#stores.values()].every(({ active }) => LANES.every((lane) => active[lane] === 0));
  }

  #store(connectionId: string): Store {
    let store = this.#stores.get(connectionId);
    if (store === undefined) {
      store = {
        waiting: {
          small: new Line(),
          large: new Line(),
          'down-small': new Line(),
          'down-large': new Line(),
        },
        active: { small: 0, large: 0, 'down-small': 0, 'down-large': 0 },
      };
      this.#stores.set(connectionId, store);
    }
    return store;
  }
}

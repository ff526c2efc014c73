/**
 * What must be known after a crash to bring a delivery to its end, or to leave it alone. The journal keeps it:
 *
 *   CREATE TABLE delivery_intents (
 *     id TEXT PRIMARY KEY, target TEXT NOT NULL, existed INTEGER NOT NULL, size_before INTEGER NOT NULL,
 *     tail_length INTEGER NOT NULL, tail_sha256 TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 TEXT NOT NULL,
 *     rows INTEGER NOT NULL, spool TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('pending', 'done'))
 *   ) STRICT;
 */
export interface DeliveryIntent {
  /** Of the delivery. */
  readonly id: string;
  /** The real path of the target, links followed. */
  readonly target: string;
  /** Whether the target was there before. */
  readonly existed: boolean;
  /** Where the rows go: the size of the target before. */
  readonly sizeBefore: number;
  /** The bytes just before that place, to know the file again. */
  readonly tailLength: number;
  readonly tailSha256: string;
  /** What is added: how much, its checksum, and a file that holds it. */
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
  readonly spool: string;
}

/** Each change is on the disk before it returns. */
export interface DeliveryLog {
  /** Before the target is touched. */
  intent(intent: DeliveryIntent): Promise<void> | void;
  /** The target holds the rows, on the disk. */
  done(id: string): Promise<void> | void;
  /** The target is as it was before; the delivery may be made again. */
  withdraw(id: string): Promise<void> | void;
  find(id: string): Promise<KnownDelivery | null> | KnownDelivery | null;
  /** Those without an end, oldest first. */
  pending(): Promise<readonly DeliveryIntent[]> | readonly DeliveryIntent[];
}

export interface KnownDelivery {
  readonly intent: DeliveryIntent;
  readonly state: 'pending' | 'done';
}

/** Keeps it as long as the process lives: for tests, and for uses where a crash ends everything anyway. */
export function memoryDeliveryLog(): DeliveryLog {
  const known = new Map<string, KnownDelivery>();
  return {
    intent: (intent) => void known.set(intent.id, { intent, state: 'pending' }),
    done(id) {
      const delivery = known.get(id);
      if (delivery !== undefined) known.set(id, { ...delivery, state: 'done' });
    },
    withdraw: (id) => void known.delete(id),
    find: (id) => known.get(id) ?? null,
    pending: () => [...known.values()].filter(({ state }) => state === 'pending').map(({ intent }) => intent),
  };
}

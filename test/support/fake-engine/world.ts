import { EventEmitter } from 'node:events';
import { type Change } from '#shared/contract';
import {
  type Connection,
  DEFAULT_TRANSFER_SETTINGS,
  type Delivery,
  type Leftover,
  type Limits,
  type Output,
  type Preferences,
  type Run,
  type Session,
  type SystemInfo,
  type Transfer,
} from '#shared/domain';
import { leftovers } from './choices.ts';
import {
  connections,
  downloadsOf,
  FILES,
  info,
  NOW,
  outputOf,
  preferences,
  runOf,
  sessionOf,
  transferOf,
} from './data.ts';

export type Scene = 'busy' | 'empty' | 'quiet' | 'many' | 'desktop';

/** What an engine would remember, in memory, and who wants to hear of changes. */
export class World {
  readonly changes = new EventEmitter();
  readonly sessions = new Map<string, Session>();
  readonly transfers = new Map<string, Transfer[]>();
  readonly runs: Run[] = [];
  readonly outputs: Output[] = [];
  readonly deliveries: Delivery[] = [];
  readonly downloads: Transfer[] = [];
  connections: Connection[] = [...connections];
  preferences: Preferences = { ...preferences };
  info: SystemInfo = info;
  leftovers: Leftover[] = [...leftovers];
  /** Files of the page in the plan that was made last. */
  dropped = 0;
  limits: Limits = {
    settings: DEFAULT_TRANSFER_SETTINGS,
    now: { bytesPerSecond: null, by: 'setting', until: null },
  };
  readonly #custody = new Map<string, Session['custody']>();
  readonly #titles = new Map<string, { title: string; createdAt: number }>();
  #next = 0;

  constructor(scene: Scene) {
    this.changes.setMaxListeners(0);
    if (scene === 'empty') return;
    if (scene === 'desktop') {
      this.info = {
        ...info,
        capabilities: {
          nativePicker: true,
          hostPaths: false,
          droppedPaths: true,
          openLocally: true,
          keepsSecrets: true,
        },
      };
    }
    const old = this.addSession('Survey wave 12', NOW - 3 * 86_400_000);
    this.put(old, transferOf(old, 'f-old', { ...FILES[2]!, name: 'wave-12.csv' }, NOW - 3 * 86_400_000));
    const middle = this.addSession(
      'Größen & Preise – März 📈 and everything else the shop sent us',
      NOW - 86_400_000,
    );
    this.put(middle, transferOf(middle, 'f-mid', { ...FILES[9]!, name: 'prices.csv' }, NOW - 86_400_000));
    const empty = this.addSession('Nothing in here yet', NOW - 7_200_000);
    this.touch(empty);
    if (scene === 'many') {
      const many = this.addSession('A hundred thousand readings', NOW - 60_000);
      const list = Array.from({ length: 100_000 }, (_, index) =>
        transferOf(
          many,
          `many-${String(index).padStart(6, '0')}`,
          {
            ...FILES[index % 50 === 7 ? 7 : 9]!,
            name: `reading-${String(index).padStart(6, '0')}.csv`,
          },
          NOW - 60_000,
        ),
      );
      this.transfers.set(many, list);
      this.touch(many);
    }
    const busy = this.addSession('orders-2026-q1 and 12 more', NOW);
    for (const [index, spec] of FILES.entries()) {
      const calm = scene === 'quiet' && spec.state.kind !== 'done';
      if (!calm) this.put(busy, transferOf(busy, `f-${String(index).padStart(2, '0')}`, spec, NOW));
    }
    this.#addRuns(busy);
    if (scene !== 'quiet') this.downloads.push(...downloadsOf(busy));
  }

  #addRuns(sessionId: string): void {
    const [first] = this.transfers.get(sessionId) ?? [];
    if (first === undefined) return;
    const done = runOf('run-1', sessionId, first, { kind: 'done' }, NOW - 600_000);
    this.runs.push(runOf('run-2', sessionId, first, { kind: 'transforming' }, NOW - 5000), done);
    this.outputs.push(
      outputOf('out-1', done, 'orders-2026-q1.clean.csv', 'csv', 402_113_004),
      outputOf('out-2', done, 'orders-2026-q1.clean.parquet', 'parquet', 71_880_310),
      outputOf(
        'out-3',
        done,
        'sensor-readings-plant-7-line-3-2026-01-01-to-2026-03-31-recalibrated-final-v2.clean.json',
        'json',
        1_204_113_880,
        false,
      ),
    );
    this.touch(sessionId);
  }

  id(prefix: string): string {
    this.#next += 1;
    return `${prefix}-new-${this.#next}`;
  }

  addSession(title: string, createdAt: number): string {
    const id = `s${this.sessions.size + 1}`;
    this.#titles.set(id, { title, createdAt });
    this.transfers.set(id, []);
    this.touch(id);
    return id;
  }

  rename(id: string, title: string): Session {
    const known = this.#titles.get(id)!;
    this.#titles.set(id, { ...known, title });
    return this.touch(id);
  }

  setCustody(id: string, custody: Session['custody']): Session {
    this.#custody.set(id, custody);
    return this.touch(id);
  }

  /** Counts a session anew from its transfers, and tells. */
  touch(id: string): Session {
    const { title, createdAt } = this.#titles.get(id)!;
    const outputs = this.outputs.filter(({ sessionId }) => sessionId === id).length;
    const counted = sessionOf(id, title, createdAt, this.transfers.get(id) ?? [], outputs);
    const session = { ...counted, custody: this.#custody.get(id) ?? null };
    this.sessions.set(id, session);
    this.tell({ kind: 'sessions', sessions: [session], removed: [] });
    return session;
  }

  put(sessionId: string, transfer: Transfer): Transfer {
    const list = this.transfers.get(sessionId)!;
    const at = list.findIndex(({ id }) => id === transfer.id);
    if (at < 0) list.push(transfer);
    else list[at] = transfer;
    // Only of files that pages send, as the engine does; the others are watched.
    if (transfer.source.kind === 'page') this.tell({ kind: 'transfers', transfers: [transfer] });
    this.touch(sessionId);
    return transfer;
  }

  transfer(id: string): Transfer | undefined {
    for (const list of this.transfers.values()) {
      const found = list.find((transfer) => transfer.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  tell(change: Change): void {
    this.changes.emit('change', change);
  }
}

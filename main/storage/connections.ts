import { randomUUID } from 'node:crypto';
import type { Journal } from '#main/journal';
import type { Clock, Secrets } from '#main/ports';
import {
  NO_SETTINGS,
  type Capabilities,
  type Connection,
  type ConnectionChange,
  type ConnectionDraft,
  type ConnectionSettings,
  type Finding,
} from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { openAccess, type StoreAccess } from './access.ts';
import { ACCELERATED, assertAccelerates } from './acceleration.ts';
import { keysSource, secretHalf, secretName, type Keys } from './credentials.ts';
import { allowPages, examine } from './doctor.ts';
import { ObjectStore } from './object-store.ts';
import { learnChecksum, learnCondition } from './probe.ts';

/** Id of the connection to the bucket of the app; it always exists. */
export const BUILTIN_CONNECTION = 'builtin';

/** How the built-in bucket is reached. */
export interface BuiltinAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly keys: Keys;
  readonly socketPath?: string | undefined;
}

export interface ConnectionsOptions {
  readonly journal: Journal;
  readonly secrets: Secrets;
  readonly clock: Clock;
  readonly builtin: BuiltinAccess;
  /** Made of the environment; not kept in the journal. */
  readonly environment: readonly Connection[];
  /** Origins that pages of this app are served from; empty where there are none. */
  readonly pageOrigins: () => readonly string[];
}

/** Which store a connection means, for what is learnt of it. */
const storeName = (connection: Connection): string =>
  `${connection.endpoint ?? `aws:${connection.region}`}/${connection.bucket}`;

/** All connections, and the store behind each. Clients are made once and shared. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #stores = new Map<string, Promise<ObjectStore>>();
  /** Of connections that were changed; uploads may still be using them. */
  readonly #retired: Promise<ObjectStore>[] = [];

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  list(): readonly Connection[] {
    const { builtin, environment, journal } = this.#options;
    const own: Connection = {
      id: BUILTIN_CONNECTION,
      kind: 'builtin',
      origin: 'builtin',
      name: 'Built-in bucket',
      endpoint: builtin.endpoint,
      region: builtin.region,
      bucket: builtin.bucket,
      prefix: '',
      credentials: { kind: 'builtin' },
      capabilities: { checksum: 'full-object', conditional: true, learntAt: 0 },
      settings: NO_SETTINGS,
    };
    return [
      own,
      ...[...environment, ...journal.connections.list()].map((connection) => this.#withLearnt(connection)),
    ].map((connection) => this.#withSettings(connection));
  }

  #withLearnt(connection: Connection): Connection {
    return {
      ...connection,
      capabilities: this.#options.journal.connections.capabilities(storeName(connection)),
    };
  }

  #withSettings(connection: Connection): Connection {
    return {
      ...connection,
      settings: this.#options.journal.settings.connection(connection.id) ?? NO_SETTINGS,
    };
  }

  /** @throws NOT_FOUND */
  get(id: string): Connection {
    const found = this.list().find((connection) => connection.id === id);
    if (found === undefined) throw sluiceError('NOT_FOUND', { what: 'such connection' });
    return found;
  }

  /** Where a page sends its parts and fetches its downloads from: one origin per connection. */
  origins(): readonly string[] {
    return [...new Set(this.list().map((connection) => originOf(connection)))];
  }

  async add(draft: ConnectionDraft): Promise<Connection> {
    const { journal, secrets, clock } = this.#options;
    const { credentials, ...rest } = draft;
    const id = randomUUID();
    if (credentials.kind === 'keys') {
      await secrets.set(secretName(id), secretHalf(credentials.secretAccessKey, credentials.sessionToken));
    }
    const record: Connection = {
      ...rest,
      id,
      kind: 's3',
      origin: 'user',
      credentials: withoutSecret(credentials),
      capabilities: null,
      settings: NO_SETTINGS,
    };
    journal.connections.save(record, clock.now());
    return this.get(id);
  }

  /**
   * Settings of any connection; name, region, prefix and keys of one that was made here.
   * @throws NOT_FOUND, ACCELERATION_UNSUPPORTED, SECRETS_UNAVAILABLE
   */
  async update(
    id: string,
    change: ConnectionChange | null,
    settings: ConnectionSettings,
  ): Promise<Connection> {
    const { journal, secrets, clock } = this.#options;
    if (settings.accelerate) assertAccelerates(this.get(id));
    if (change !== null) {
      const made = journal.connections.list().find((connection) => connection.id === id);
      if (made === undefined) throw sluiceError('NOT_FOUND', { what: 'connection of yours by that name' });
      const { credentials, ...rest } = change;
      if (credentials?.kind === 'keys') {
        await secrets.set(secretName(id), secretHalf(credentials.secretAccessKey, credentials.sessionToken));
      } else if (credentials !== null) {
        await secrets.remove(secretName(id));
      }
      const kept = credentials === null ? made.credentials : withoutSecret(credentials);
      journal.connections.save({ ...made, ...rest, credentials: kept }, clock.now());
    }
    if (change !== null || settings.accelerate !== this.get(id).settings.accelerate) this.#reopen(id);
    journal.settings.saveConnection(id, settings);
    return this.get(id);
  }

  /** The next who asks gets a store as it is set by now; those under way end with the one they have. */
  #reopen(id: string): void {
    const store = this.#stores.get(id);
    this.#stores.delete(id);
    if (store !== undefined) this.#retired.push(store);
  }

  /** @throws NOT_FOUND, also for those that cannot be removed */
  async remove(id: string): Promise<void> {
    if (!this.#options.journal.connections.remove(id)) {
      throw sluiceError('NOT_FOUND', { what: 'connection of yours by that name' });
    }
    this.#options.journal.settings.forgetConnection(id);
    await this.#options.secrets.remove(secretName(id));
    await this.#forget(id);
  }

  /** The store of a connection. The first time, asks it what it supports. */
  store(id: string): Promise<ObjectStore> {
    const known = this.#stores.get(id);
    if (known !== undefined) return known;
    const opening = this.#open(this.get(id));
    this.#stores.set(id, opening);
    opening.catch(() => this.#stores.delete(id)); // the next one asks again
    return opening;
  }

  async #open(connection: Connection): Promise<ObjectStore> {
    const access = this.#access(connection);
    try {
      const { checksum, conditional } = connection.capabilities ?? (await this.#learn(connection, access));
      const { socketPath } = this.#options.builtin;
      const isReachable = connection.kind !== 'builtin' || socketPath === undefined;
      return new ObjectStore(connection, access, checksum, isReachable, conditional);
    } catch (error) {
      access.close();
      throw error;
    }
  }

  #access(connection: Connection): StoreAccess {
    const { builtin, secrets, clock } = this.#options;
    const now = (): number => clock.now();
    return openAccess(connection, {
      keys: keysSource(connection, secrets, builtin.keys, now),
      socketPath: connection.kind === 'builtin' ? builtin.socketPath : undefined,
      now,
    });
  }

  async #learn(connection: Connection, access: StoreAccess): Promise<Capabilities> {
    const checksum = await learnChecksum(connection, access);
    const conditional = await learnCondition(new ObjectStore(connection, access, checksum));
    const learnt = { checksum, conditional, learntAt: this.#options.clock.now() };
    this.#options.journal.connections.saveCapabilities(storeName(connection), learnt);
    return learnt;
  }

  /** Forgets what was learnt, asks everything anew, and says what was found. */
  async doctor(id: string): Promise<readonly Finding[]> {
    const connection = this.get(id);
    await this.#forget(id);
    const access = this.#access(connection);
    try {
      const checksum = await this.#learn(connection, access)
        .then((learnt) => learnt.checksum)
        .catch(() => 'none' as const); // the first question below fails for the same reason, and tells it
      return await examine(new ObjectStore(connection, access, checksum), this.#pageOriginsFor(connection));
    } finally {
      access.close();
    }
  }

  /** The built-in bucket answers pages of this app without being told. */
  #pageOriginsFor(connection: Connection): readonly string[] {
    return connection.kind === 'builtin' ? [] : this.#options.pageOrigins();
  }

  async allowPages(id: string): Promise<void> {
    await allowPages(await this.store(id), this.#options.pageOrigins());
  }

  /**
   * After sleep or a change of networks, when sockets look alive and are not. What is under way fails as
   * STORE_UNREACHABLE, and finds new connections when it is tried again.
   */
  dropSockets(): void {
    for (const store of this.#stores.values()) {
      store.then(
        (opened) => opened.dropSockets(),
        () => undefined, // told to whoever asked for it
      );
    }
  }

  async #forget(id: string): Promise<void> {
    const store = this.#stores.get(id);
    this.#stores.delete(id);
    if (store !== undefined) await closed(store);
  }

  async close(): Promise<void> {
    for (const id of this.#stores.keys()) this.#reopen(id);
    await Promise.all(this.#retired.splice(0).map(closed));
  }
}

/** One that could not be opened needs no closing. */
const closed = (store: Promise<ObjectStore>): Promise<void> =>
  store.then(
    (opened) => opened.close(),
    () => undefined,
  );

/** The half of the keys that may be seen. */
function withoutSecret(credentials: ConnectionDraft['credentials']): Connection['credentials'] {
  return credentials.kind === 'keys' ? { kind: 'keys', accessKeyId: credentials.accessKeyId } : credentials;
}

/** AWS itself is addressed by the name of the bucket where that is a host name, else by path. */
function originOf({ endpoint, region, bucket, settings }: Connection): string {
  if (settings.accelerate) return `https://${bucket}.${ACCELERATED}`;
  if (endpoint !== null) return new URL(endpoint).origin;
  return bucket.includes('.') || bucket !== bucket.toLowerCase()
    ? `https://s3.${region}.amazonaws.com`
    : `https://${bucket}.s3.${region}.amazonaws.com`;
}

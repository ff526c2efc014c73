import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Secrets } from '#main/ports';
import type { Connection } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** Under which name the secrets port holds the secret half of a connection's keys. */
export const secretName = (connectionId: string): string => `connection/${connectionId}`;

/** Keys are renewed this long before they expire. */
const EARLY_MS = 5 * 60_000;

/** The keys of one connection: looked for once, again before they expire, and when a store says that they have. */
export class KeysSource {
  readonly #find: () => Promise<Keys>;
  readonly #now: () => number;
  #keys: Keys | null = null;
  #finding: Promise<Keys> | null = null;

  /** @param find looks everywhere anew; @param now ms since the epoch */
  constructor(find: () => Promise<Keys>, now: () => number) {
    this.#find = find;
    this.#now = now;
  }

  /** @throws CREDENTIALS_MISSING and what providers of the SDK throw */
  async current(): Promise<Keys> {
    const known = this.#keys;
    if (known === null) return this.#renewed();
    const left = known.expiration === undefined ? Infinity : known.expiration.getTime() - this.#now();
    if (left > EARLY_MS) return known;
    if (left <= 0) return this.#renewed();
    // Still good: a provider that cannot be asked now is asked again with the next request.
    return this.#renewed().catch(() => known);
  }

  /**
   * The store says that these have expired.
   * @returns others; or the same object where nobody has others
   */
  async refresh(stale: Keys): Promise<Keys> {
    if (this.#keys !== null && this.#keys !== stale) return this.#keys;
    const found = await this.#renewed();
    const same = found.accessKeyId === stale.accessKeyId && found.sessionToken === stale.sessionToken;
    if (!same) return found;
    this.#keys = stale;
    return stale;
  }

  #renewed(): Promise<Keys> {
    this.#finding ??= this.#find()
      .then((keys) => (this.#keys = keys))
      .finally(() => (this.#finding = null));
    return this.#finding;
  }
}

/** @param builtin the keys of the built-in bucket */
export function keysSource(
  connection: Connection,
  secrets: Secrets,
  builtin: Keys,
  now: () => number,
): KeysSource {
  return new KeysSource(finderOf(connection, secrets, builtin), now);
}

function finderOf(connection: Connection, secrets: Secrets, builtin: Keys): () => Promise<Keys> {
  const { credentials, region } = connection;
  switch (credentials.kind) {
    case 'builtin':
      return async () => builtin;
    // Providers remember what they found, and the files they read: each search begins with a new one.
    case 'default-chain':
      return () => fromNodeProviderChain({ clientConfig: { region }, ignoreCache: true })();
    case 'profile':
      return () => fromIni({ profile: credentials.profile, ignoreCache: true })();
    case 'keys':
      return async () => {
        const secret = await secrets.get(secretName(connection.id));
        if (secret === null) {
          throw sluiceError('CREDENTIALS_MISSING', {
            source: `the secret of “${connection.name}” is not kept here`,
          });
        }
        const { secretAccessKey, sessionToken } = JSON.parse(secret) as SecretHalf;
        return {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey,
          ...(sessionToken === undefined ? {} : { sessionToken }),
        };
      };
    default:
      return assertNever(credentials);
  }
}

interface SecretHalf {
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export function secretHalf(secretAccessKey: string, sessionToken: string | undefined): string {
  return JSON.stringify({ secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) });
}

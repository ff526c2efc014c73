import { fromIni, fromNodeProviderChain } from '@aws-sdk/credential-providers';
import type { Secrets } from '#main/ports';
import type { Connection } from '#shared/domain';
import { sluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** A Date makes the SDK ask again before it passes. */
  readonly expiration?: Date;
}

export type KeysProvider = () => Promise<Keys>;

/** Under which name the secrets port holds the secret half of a connection's keys. */
export const secretName = (connectionId: string): string => `connection/${connectionId}`;

/** @param builtin the keys of the built-in bucket */
export function keysProvider(connection: Connection, secrets: Secrets, builtin: Keys): KeysProvider {
  const { credentials } = connection;
  switch (credentials.kind) {
    case 'builtin':
      return async () => builtin;
    case 'default-chain':
      return fromNodeProviderChain({ clientConfig: { region: connection.region } });
    case 'profile':
      return fromIni({ profile: credentials.profile });
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

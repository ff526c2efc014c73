/** The ways to one bucket: the wire for the hot requests, the SDK for the rest; one clock and one set of keys for both. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { Connection } from '#shared/domain';
import { KeysSource } from './credentials.ts';
import { createS3Client, type SdkClient } from './s3-client.ts';
import { ServerClock } from './server-clock.ts';
import {
  addressOf,
  mayLeaveBodyUnsigned,
  REMOTE_TERMS,
  Wire,
  type SigningTerms,
  type SocketTerms,
} from './wire/index.ts';

export interface AccessOptions {
  readonly keys: KeysSource;
  /** Where the store listens instead of at its endpoint's port: the built-in bucket in the desktop app. */
  readonly socketPath?: string | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sockets?: Partial<SocketTerms>;
}

export interface StoreAccess {
  readonly client: S3Client;
  readonly wire: Wire;
  readonly keys: KeysSource;
  readonly clock: ServerClock;
  /** Idle and busy ones; what is under way fails as out of reach. */
  dropSockets(): void;
  close(): void;
}

export function openAccess(connection: Connection, options: AccessOptions): StoreAccess {
  const { keys, socketPath, now } = options;
  const clock = new ServerClock(now);
  const sdk = createS3Client(connection, { keys, socketPath });
  const place = placeOf(connection, sdk.client, socketPath);
  const own = connection.kind === 'builtin';
  const wire = new Wire({
    address: place.address,
    signing: place.signing,
    keys: place.signing.service === 's3express' ? sessionKeys(connection, sdk, keys, now) : keys,
    clock,
    // The built-in bucket tells how long it keeps sockets, and keeps them long.
    sockets: { ...REMOTE_TERMS, ...(own ? { idleMs: null } : {}), ...options.sockets },
    signsBodies: !mayLeaveBodyUnsigned(place.base),
    // A disk of ours is no quicker for being asked twice; tags of S3 Express are random, so that two copies of a part differ.
    hurries: !own && place.signing.service === 's3',
  });
  const dropSockets = (): void => {
    wire.dropSockets();
    sdk.dropSockets();
  };
  return {
    client: sdk.client,
    wire,
    keys,
    clock,
    dropSockets,
    close: () => {
      dropSockets();
      sdk.client.destroy();
    },
  };
}

interface Place {
  readonly base: URL;
  readonly address: ReturnType<typeof addressOf>;
  readonly signing: SigningTerms;
}

/** Endpoints are addressed by path; AWS itself as the SDK's own rules have it, in every partition. */
function placeOf(connection: Connection, client: S3Client, socketPath: string | undefined): Place {
  const { endpoint, region, bucket, settings } = connection;
  if (endpoint !== null && !settings.accelerate) {
    const base = new URL(endpoint);
    return { base, address: addressOf(base, bucket, socketPath), signing: { region, service: 's3' } };
  }
  const { url, properties } = client.config.endpointProvider({
    Bucket: bucket,
    Region: region,
    Accelerate: settings.accelerate,
    UseFIPS: false,
    UseDualStack: false,
    ForcePathStyle: false,
    DisableMultiRegionAccessPoints: false,
    UseArnRegion: false,
  });
  const schemes = properties?.['authSchemes'] as
    | readonly { readonly signingName?: string; readonly signingRegion?: string }[]
    | undefined;
  const scheme = schemes?.[0];
  return {
    base: url,
    address: addressOf(url, null),
    signing: {
      region: scheme?.signingRegion ?? region,
      service: scheme?.signingName === 's3express' ? 's3express' : 's3',
    },
  };
}

/** Directory buckets take keys of a session of minutes, which the SDK begins and renews. */
function sessionKeys(
  { bucket }: Connection,
  { client }: SdkClient,
  keys: KeysSource,
  now: () => number,
): KeysSource {
  return new KeysSource(async () => {
    const owner = await keys.current();
    const identity = { ...owner, expiration: owner.expiration ?? new Date(now() + 3_600_000) };
    return client.config.s3ExpressIdentityProvider.getS3ExpressIdentity(identity, { Bucket: bucket });
  }, now);
}

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connection } from '#shared/domain';
import { assertAccelerates } from './acceleration.ts';
import type { KeysSource } from './credentials.ts';
import { COMPLETE_MS } from './patience.ts';
import { mayLeaveBodyUnsigned } from './wire/index.ts';

const MAX_SOCKETS = 64;

export interface ClientOptions {
  readonly keys: KeysSource;
  readonly socketPath?: string | undefined;
}

export interface SdkClient {
  readonly client: S3Client;
  /** Idle and busy ones. */
  dropSockets(): void;
}

/**
 * A client with the SDK's defaults for servers put right for uploads: sockets are kept and shared (its
 * `Expect: 100-continue` opens a new connection per part), bodies are not hashed a second time for the signature,
 * nothing waits for ever, and retrying is ours.
 */
export function createS3Client(connection: Connection, { keys, socketPath }: ClientOptions): SdkClient {
  const { endpoint, region } = connection;
  const options = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    noDelay: true,
    ...(socketPath === undefined ? {} : { socketPath }),
  };
  const httpAgent = new HttpAgent(options);
  const httpsAgent = new HttpsAgent(options);
  const client = new S3Client({
    region,
    ...placeOf(connection),
    // Looked at anew for every request: our source remembers, and hears from the wire when they expired.
    credentials: async () => ({ ...(await keys.current()), expiration: new Date(0) }),
    maxAttempts: 1,
    expectContinueHeader: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({
      httpAgent,
      httpsAgent,
      connectionTimeout: 10_000,
      // The longest that anything may take; what should be quicker has a limit of its own.
      socketTimeout: COMPLETE_MS,
    }),
  });
  if (endpoint === null || mayLeaveBodyUnsigned(new URL(endpoint))) {
    client.middlewareStack.add(
      (next) => async (args) => {
        const request = args.request as { headers?: Record<string, string> };
        // The checksum header that every body of ours carries is signed and proves the bytes.
        if (request.headers !== undefined) request.headers['x-amz-content-sha256'] ??= 'UNSIGNED-PAYLOAD';
        return next(args);
      },
      { step: 'build', name: 'unsignedPayload', priority: 'low' },
    );
  }
  return {
    client,
    dropSockets: () => {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Which address requests go to. @throws ACCELERATION_UNSUPPORTED */
function placeOf({ endpoint, bucket, settings }: Connection) {
  if (settings.accelerate) {
    assertAccelerates({ endpoint, bucket });
    return { useAccelerateEndpoint: true } as const;
  }
  return endpoint === null ? {} : ({ endpoint, forcePathStyle: true } as const);
}

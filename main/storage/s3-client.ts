import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { S3Client } from '@aws-sdk/client-s3';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { Connection } from '#shared/domain';
import { assertAccelerates } from './acceleration.ts';
import type { KeysProvider } from './credentials.ts';

const MAX_SOCKETS = 64;

export interface ClientOptions {
  readonly keys: KeysProvider;
  /** Where the store listens instead of at its endpoint's port: the built-in bucket in the desktop app. */
  readonly socketPath?: string | undefined;
}

/**
 * A client with the SDK's defaults for servers put right for uploads: sockets are kept and shared (its
 * `Expect: 100-continue` opens a new connection per part), bodies are not hashed a second time for the signature,
 * nothing waits for ever, and retrying is ours.
 */
export function createS3Client(connection: Connection, options: ClientOptions): S3Client {
  const agent = {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    noDelay: true,
    ...(options.socketPath === undefined ? {} : { socketPath: options.socketPath }),
  };
  const client = new S3Client({
    region: connection.region,
    ...placeOf(connection),
    credentials: options.keys,
    maxAttempts: 1,
    expectContinueHeader: false,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: 10_000,
      socketTimeout: 60_000,
    }),
  });
  if (mayLeaveBodyUnsigned(connection.endpoint)) {
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
  return client;
}

/** Which address requests go to. @throws ACCELERATION_UNSUPPORTED */
function placeOf({ endpoint, bucket, settings }: Connection) {
  if (settings.accelerate) {
    assertAccelerates({ endpoint, bucket });
    return { useAccelerateEndpoint: true } as const;
  }
  return endpoint === null ? {} : ({ endpoint, forcePathStyle: true } as const);
}

/** Over TLS, or when the bytes never leave the machine. */
function mayLeaveBodyUnsigned(endpoint: string | null): boolean {
  if (endpoint === null) return true;
  const { protocol, hostname } = new URL(endpoint);
  return (
    protocol === 'https:' || hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  );
}

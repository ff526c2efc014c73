import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environmentConnection, readEnvironment } from '#internal/main/storage/environment';

test.each(['SLUICE_BUCKET', 'S3_BUCKET_NAME', 'AWS_BUCKET_NAME', 'AWS_TEMP_BUCKET'])(
  '%s with a region and an endpoint gives a ready connection',
  (variable) => {
    const connection = environmentConnection({
      [variable]: 'data',
      AWS_REGION: 'eu-north-1',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000/',
    });
    expect(connection).toMatchObject({
      bucket: 'data',
      region: 'eu-north-1',
      endpoint: 'http://127.0.0.1:9000',
      credentials: { kind: 'default-chain' },
      origin: 'environment',
    });
  },
);

test('without a bucket there is none, unless a command names one', () => {
  expect(environmentConnection({ AWS_REGION: 'eu-north-1' })).toBeNull();
  expect(environmentConnection({}, 'named')).toMatchObject({
    bucket: 'named',
    region: 'us-east-1',
    endpoint: null,
  });
});

test('the same store has the same id at every start, another store another', () => {
  const id = (variables: Record<string, string>) => environmentConnection(variables)?.id;
  expect(id({ SLUICE_BUCKET: 'a' })).toBe(id({ AWS_BUCKET_NAME: 'a' }));
  expect(id({ SLUICE_BUCKET: 'a' })).not.toBe(id({ SLUICE_BUCKET: 'b' }));
});

test('a .env in the working folder counts, and the environment itself counts more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-env-'));
  try {
    expect(readEnvironment(folder, { A: '1' })).toEqual({ A: '1' });
    writeFileSync(join(folder, '.env'), 'SLUICE_BUCKET="from file"\nAWS_REGION=eu-west-1\n');
    expect(readEnvironment(folder, { AWS_REGION: 'us-east-2' })).toEqual({
      SLUICE_BUCKET: 'from file',
      AWS_REGION: 'us-east-2',
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

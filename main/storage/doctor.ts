import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GetBucketCorsCommand, PutBucketCorsCommand } from '@aws-sdk/client-s3';
import type { Finding } from '#shared/domain';
import { toSluiceError } from '#shared/errors';
import { assertNever } from '#shared/lib';
import type { ObjectStore } from './object-store.ts';
import { s3ErrorName, storeError } from './store-errors.ts';

type Check = Finding['check'];

const ok = (check: Check, sentence: string): Finding => ({ check, outcome: 'ok', sentence, hint: '' });

/**
 * Asks a store for everything an upload will need, one question at a time, and deletes what it made.
 * A question that cannot be asked because an earlier one failed is skipped and says so.
 */
export async function examine(
  store: ObjectStore,
  pageOrigins: readonly string[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const { bucket, prefix } = store.connection;
  const key = [prefix, `.sluice-doctor-${randomUUID()}`].filter((step) => step !== '').join('/');
  const body = Buffer.from('sluice');
  const crc = crc32(body);
  let broken = false;

  const ask = async (
    check: Check,
    sentence: string,
    work: () => Promise<Finding | void>,
  ): Promise<boolean> => {
    if (broken) {
      findings.push({
        check,
        outcome: 'skipped',
        sentence: 'Not asked, since an earlier question failed.',
        hint: '',
      });
      return false;
    }
    try {
      findings.push((await work()) ?? ok(check, sentence));
      return true;
    } catch (error) {
      const { code, message, hint } = toSluiceError(error);
      const failed = code === 'STORE_UNREACHABLE' ? 'reach' : check;
      findings.push({ check: failed, outcome: 'failed', sentence: message, hint });
      return false;
    }
  };

  broken = !(await ask('bucket', `${bucket} answers at ${store.endpoint}.`, () => store.checkBucket()));
  const written = await ask('write', 'Objects can be written.', async () => {
    await store.put(key, body, crc, { contentType: 'text/plain', metadata: { 'sluice-doctor': '1' } });
  });
  broken ||= !written;
  await ask('read', 'Objects can be read back.', async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of await store.read(key, { first: 0, last: 2 }, null))
      chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return text === 'slu'
      ? ok('read', 'Objects can be read back, also in ranges.')
      : {
          check: 'read',
          outcome: 'failed',
          sentence: `A range of 3 bytes came back as ${text.length}.`,
          hint: 'This store ignores ranges; downloads will not resume.',
        };
  });
  await ask('multipart', 'Uploads in parts work, and parts can be listed.', async () => {
    const uploadId = await store.createUpload(key, { contentType: 'text/plain', metadata: {} });
    try {
      await store.uploadPart({ key, uploadId, number: 1 }, body, crc);
      await store.listParts(key, uploadId);
    } finally {
      await store.abortUpload(key, uploadId);
    }
  });
  await ask('checksum', '', async () => checksumFinding(store));
  await ask('cors', '', () => corsFinding(store, pageOrigins));
  if (written) {
    broken = false;
    await ask('delete', 'Objects can be deleted.', () => store.deleteAll([key]));
  }
  return findings;
}

function checksumFinding(store: ObjectStore): Finding {
  switch (store.checksum) {
    case 'full-object':
      return ok('checksum', 'The store proves a whole object by its CRC-32.');
    case 'composite':
      return ok('checksum', 'The store proves each part by its CRC-32.');
    case 'none':
      return {
        check: 'checksum',
        outcome: 'warning',
        sentence: 'This store keeps no checksums; uploads are proven by ETag, size and a private mark.',
        hint: '',
      };
    default:
      return assertNever(store.checksum);
  }
}

async function corsFinding(store: ObjectStore, pageOrigins: readonly string[]): Promise<Finding> {
  if (pageOrigins.length === 0) {
    return {
      check: 'cors',
      outcome: 'skipped',
      sentence: 'Not needed: files are sent by Sluice itself here.',
      hint: '',
    };
  }
  try {
    const { CORSRules = [] } = await store.client.send(
      new GetBucketCorsCommand({ Bucket: store.connection.bucket }),
    );
    const allowed = CORSRules.some(
      (rule) =>
        (rule.AllowedMethods ?? []).includes('PUT') &&
        (rule.AllowedOrigins ?? []).some((origin) => origin === '*' || pageOrigins.includes(origin)),
    );
    if (allowed) return ok('cors', 'Pages may upload straight to the bucket.');
  } catch (error) {
    if (s3ErrorName(error) !== 'NoSuchCORSConfiguration') {
      const { message } = storeError(error, {
        action: 'read the CORS rules of',
        endpoint: store.endpoint,
        bucket: store.connection.bucket,
        key: '',
      });
      return {
        check: 'cors',
        outcome: 'warning',
        sentence: `Whether pages may upload is not known: ${message}`,
        hint: 'Choose files by path instead, or set the CORS rule by hand.',
      };
    }
  }
  return {
    check: 'cors',
    outcome: 'warning',
    sentence: 'Files dropped on a page cannot be sent straight to this bucket yet.',
    hint: 'Let Sluice write the CORS rule for this address.',
  };
}

/** Adds a rule for these origins to those the bucket has. */
export async function allowPages(store: ObjectStore, pageOrigins: readonly string[]): Promise<void> {
  const { bucket } = store.connection;
  const context = { action: 'change the CORS rules of', endpoint: store.endpoint, bucket, key: '' };
  try {
    const existing = await store.client
      .send(new GetBucketCorsCommand({ Bucket: bucket }))
      .then((answer) => answer.CORSRules ?? [])
      .catch((error: unknown) => {
        if (s3ErrorName(error) === 'NoSuchCORSConfiguration') return [];
        throw error;
      });
    await store.client.send(
      new PutBucketCorsCommand({
        Bucket: bucket,
        ChecksumAlgorithm: 'CRC32',
        CORSConfiguration: {
          CORSRules: [
            ...existing,
            {
              AllowedMethods: ['GET', 'PUT', 'HEAD'],
              AllowedOrigins: [...pageOrigins],
              AllowedHeaders: ['*'],
              ExposeHeaders: ['ETag', 'x-amz-checksum-crc32'],
              MaxAgeSeconds: 3600,
            },
          ],
        },
      }),
    );
  } catch (error) {
    throw storeError(error, context);
  }
}

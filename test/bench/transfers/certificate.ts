import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onPath } from './contenders.ts';

/** Files of PEM. The certificate vouches for itself, and for 127.0.0.1. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** @returns one for a day, or null where there is no openssl to make it */
export async function makeCertificate(folder: string): Promise<Certificate | null> {
  const openssl = onPath('openssl');
  if (openssl === null) return null;
  const made = { key: join(folder, 'key.pem'), cert: join(folder, 'cert.pem') };
  await promisify(execFile)(openssl, [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1,DNS:localhost',
    '-keyout',
    made.key,
    '-out',
    made.cert,
  ]);
  return made;
}

/** The chain of signatures of an aws-chunked body: each chunk's is made over the one before it. */
import { createHash } from 'node:crypto';
import { EMPTY_SHA256, sameSignature, scopeText, sign, type Scope, type SigningKey } from '#main/sigv4';
import { S3Error } from '../wire/index.ts';

export class ChunkSigner {
  readonly #key: SigningKey;
  readonly #amzDate: string;
  readonly #scope: Scope;
  #previous: string;

  /** @param seed the signature of the request's headers */
  constructor(key: SigningKey, amzDate: string, scope: Scope, seed: string) {
    this.#key = key;
    this.#amzDate = amzDate;
    this.#scope = scope;
    this.#previous = seed;
  }

  /** Throws SignatureDoesNotMatch. @param sha256 of the chunk's data, in hex */
  checkChunk(sha256: string, signature: string): void {
    this.#check('AWS4-HMAC-SHA256-PAYLOAD', [EMPTY_SHA256, sha256], signature);
  }

  /** Throws SignatureDoesNotMatch. @param trailers one `name:value\n` each, in the order they came */
  checkTrailers(trailers: string, signature: string): void {
    const hash = createHash('sha256').update(trailers, 'latin1').digest('hex');
    this.#check('AWS4-HMAC-SHA256-TRAILER', [hash], signature);
  }

  #check(algorithm: string, hashes: readonly string[], signature: string): void {
    const text = [algorithm, this.#amzDate, scopeText(this.#scope), this.#previous, ...hashes].join('\n');
    const expected = sign(this.#key, text);
    if (!sameSignature(expected, signature)) throw new S3Error('SignatureDoesNotMatch');
    this.#previous = expected;
  }
}

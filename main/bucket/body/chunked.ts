/**
 * Decoding aws-chunked bodies: `size[;chunk-signature=...]\r\n data \r\n`, repeated, a chunk of size 0, then trailers.
 * Fed with whatever cuts the network makes.
 */
import { createHash, type Hash } from 'node:crypto';
import type { ChunkSigner } from '../auth/index.ts';
import { assertNever } from '#shared/lib';
import { S3Error } from '../wire/index.ts';

type State =
  | { readonly at: 'size' }
  | { readonly at: 'data'; left: number; readonly hash: Hash | null; readonly signature: string }
  | { readonly at: 'data-end' }
  | { readonly at: 'trailer' };

export interface ChunkedOptions {
  /** Present when chunks are signed. */
  readonly signer: ChunkSigner | null;
  /** Whether trailers may follow. */
  readonly trailer: boolean;
}

const MAX_LINE = 4096;
const MAX_TRAILERS = 16;
const SIZE_LINE = /^([\da-f]{1,12})(?:;chunk-signature=([\da-f]{64}))?$/i;
const SIGNATURE_TRAILER = 'x-amz-trailer-signature';

export class ChunkedDecoder {
  readonly #options: ChunkedOptions;
  readonly #trailers = new Map<string, string>();
  #state: State = { at: 'size' };
  #line = '';

  constructor(options: ChunkedOptions) {
    this.#options = options;
  }

  /** By lower-case name, without the signature; whole once `end` returned. */
  get trailers(): ReadonlyMap<string, string> {
    return this.#trailers;
  }

  /** @returns the data in these bytes, as views of them. Throws InvalidRequest or SignatureDoesNotMatch. */
  push(bytes: Buffer): Buffer[] {
    const data: Buffer[] = [];
    let rest = bytes;
    while (rest.length > 0) {
      const state = this.#state;
      if (state.at === 'data') {
        const piece = rest.subarray(0, state.left);
        rest = rest.subarray(piece.length);
        state.hash?.update(piece);
        state.left -= piece.length;
        data.push(piece);
        if (state.left === 0) {
          this.#checkChunk(state.hash, state.signature);
          this.#state = { at: 'data-end' };
        }
        continue;
      }
      const end = rest.indexOf(10);
      this.#line += rest.toString('latin1', 0, end === -1 ? rest.length : end);
      if (this.#line.length > MAX_LINE) throw malformed();
      if (end === -1) break;
      rest = rest.subarray(end + 1);
      const line = this.#line.endsWith('\r') ? this.#line.slice(0, -1) : this.#line;
      this.#line = '';
      this.#takeLine(state.at, line);
    }
    return data;
  }

  /** Throws IncompleteBody when the last chunk has not come, or MalformedTrailerError. */
  end(): void {
    if (this.#state.at !== 'trailer' || this.#line.trim() !== '') throw new S3Error('IncompleteBody');
    const signature = this.#trailers.get(SIGNATURE_TRAILER);
    this.#trailers.delete(SIGNATURE_TRAILER);
    if (!this.#options.trailer && this.#trailers.size > 0) throw new S3Error('MalformedTrailerError');
    if (this.#options.signer === null || !this.#options.trailer) return;
    if (signature === undefined) throw new S3Error('MalformedTrailerError');
    const signed = [...this.#trailers].map(([name, value]) => `${name}:${value}\n`).join('');
    this.#options.signer.checkTrailers(signed, signature);
  }

  #takeLine(at: Exclude<State['at'], 'data'>, line: string): void {
    switch (at) {
      case 'size':
        this.#startChunk(line);
        return;
      case 'data-end':
        if (line !== '') throw malformed();
        this.#state = { at: 'size' };
        return;
      case 'trailer':
        // Some clients end each trailer with an empty line, as S3's own example does; the body's end ends them all.
        if (line !== '') this.#takeTrailer(line);
        return;
      default:
        assertNever(at);
    }
  }

  #startChunk(line: string): void {
    const match = SIZE_LINE.exec(line.trim());
    const { signer } = this.#options;
    if (match === null) throw malformed();
    const left = Number.parseInt(match[1] ?? '', 16);
    const signature = match[2]?.toLowerCase() ?? '';
    const hash = signer === null ? null : createHash('sha256');
    if (left > 0) {
      this.#state = { at: 'data', left, hash, signature };
      return;
    }
    this.#checkChunk(hash, signature);
    this.#state = { at: 'trailer' };
  }

  #checkChunk(hash: Hash | null, signature: string): void {
    if (hash !== null) this.#options.signer?.checkChunk(hash.digest('hex'), signature);
  }

  #takeTrailer(line: string): void {
    const colon = line.indexOf(':');
    if (colon < 1 || this.#trailers.size >= MAX_TRAILERS) throw new S3Error('MalformedTrailerError');
    this.#trailers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
}

function malformed(): S3Error {
  return new S3Error('InvalidRequest', 'The body is not in the aws-chunked form that its headers announce.');
}

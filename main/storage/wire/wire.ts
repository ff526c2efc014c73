/** Requests to one bucket: signed, sent, answered. What a second try mends by itself is mended here, once. */
import type { IncomingMessage } from 'node:http';
import type { Keys, KeysSource } from '../credentials.ts';
import type { ServerClock } from '../server-clock.ts';
import { pathOf, type Address } from './address.ts';
import { lengthOf, sha256Of, type Body } from './body.ts';
import type { Answer, Gate } from './exchange.ts';
import { AnswerLate, failureOf, StoreFailure } from './failures.ts';
import { FirstByteTimeout } from './first-byte-timeout.ts';
import { queryText, RequestSigner, type SigningTerms } from './request-signer.ts';
import { Sockets, type SocketTerms } from './sockets.ts';

export interface WireOptions {
  readonly address: Address;
  readonly signing: SigningTerms;
  readonly keys: KeysSource;
  readonly clock: ServerClock;
  readonly sockets: SocketTerms;
  /** Whether the hash of a body is part of its signature. */
  readonly signsBodies: boolean;
  /** Whether a late answer to a body is given up: not where a second copy is no quicker, or could win over the first. */
  readonly hurries: boolean;
}

export interface WireRequest {
  readonly method: 'GET' | 'HEAD' | 'PUT';
  /** Empty for the bucket itself. */
  readonly key: string;
  readonly query?: readonly (readonly [string, string])[];
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Body | null;
  readonly signal?: AbortSignal | undefined;
  /** Bytes of the body that the socket took so far; begins anew when the body is sent again. */
  readonly onSent?: ((bytes: number) => void) | undefined;
  readonly gate?: Gate | undefined;
  /** Whether doing it twice is as good as doing it once. */
  readonly repeatable?: boolean;
  /** Whether a good answer's body is handed over unread. */
  readonly streams?: boolean;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Empty where it is streamed. */
  readonly body: Buffer;
  readonly stream: IncomingMessage | null;
}

/** What stores call keys that were good once. */
export const EXPIRED: ReadonlySet<string> = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
]);

export const SKEWED = 'RequestTimeTooSkewed';

const UNSIGNED = 'UNSIGNED-PAYLOAD';
const STALE: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);

export class Wire {
  readonly #options: WireOptions;
  readonly #signer: RequestSigner;
  readonly #sockets: Sockets;
  readonly #firstByte = new FirstByteTimeout();

  constructor(options: WireOptions) {
    this.#options = options;
    this.#signer = new RequestSigner(options.signing);
    this.#sockets = new Sockets(options.address, options.sockets);
  }

  /** @throws StoreFailure, NoAnswer, errors of sockets, AbortError, and what asking for keys throws */
  async send(request: WireRequest): Promise<WireAnswer> {
    const { keys: source } = this.#options;
    const tried = { socket: request.repeatable === false, keys: false, clock: false };
    let keys = await source.current();
    for (;;) {
      const sent = await this.#once(request, keys, !tried.socket);
      if (sent === 'stale') {
        tried.socket = true;
        this.#sockets.dropIdle();
        continue;
      }
      if (!(sent instanceof StoreFailure)) return sent;
      if (EXPIRED.has(sent.name) && !tried.keys) {
        tried.keys = true;
        const renewed = await source.refresh(keys);
        if (renewed !== keys) {
          keys = renewed;
          continue;
        }
      }
      // The answer that refused also told the time.
      if (sent.name === SKEWED && !tried.clock) {
        tried.clock = true;
        continue;
      }
      throw sent;
    }
  }

  /** What is under way fails as out of reach; what comes next finds new connections. */
  dropSockets(): void {
    this.#sockets.drop();
  }

  /** @returns `stale` where a kept socket turned out to be dead before the store heard anything */
  async #once(
    request: WireRequest,
    keys: Keys,
    mayBeStale: boolean,
  ): Promise<WireAnswer | StoreFailure | 'stale'> {
    const { body = null, signal, onSent, gate } = request;
    const hurried = this.#options.hurries && lengthOf(body) > 0;
    const { exchange, answer } = this.#sockets.begin({
      ...(await this.#signed(request, keys)),
      body,
      signal,
      onSent,
      gate,
      firstByteMs: hurried ? this.#firstByte.limit : null,
      streams: request.streams === true,
    });
    let answered: Answer;
    try {
      answered = await answer;
    } catch (error) {
      if (error instanceof AnswerLate) this.#firstByte.timedOut();
      const { code } = error as NodeJS.ErrnoException;
      const stale = exchange.reused && !exchange.heard && code !== undefined && STALE.has(code);
      if (stale && mayBeStale) return 'stale';
      throw error;
    }
    this.#options.clock.learn(answered.headers.date);
    const { status, headers, body: told, stream, waitMs, totalMs } = answered;
    if (status >= 200 && status < 300) {
      if (hurried && waitMs !== null) this.#firstByte.succeeded(totalMs, waitMs);
      return { status, headers, body: told, stream };
    }
    // A redirect is a refusal: keys are for this store, not for whoever it names.
    const region = headers['x-amz-bucket-region'];
    const failure = failureOf(status, typeof region === 'string' ? region : null, told);
    return request.method === 'HEAD' && (status === 400 || status === 403)
      ? this.#explained(request, keys, failure)
      : failure;
  }

  /** An answer to HEAD has no body to say why: GET of nothing has. */
  async #explained(request: WireRequest, keys: Keys, failure: StoreFailure): Promise<StoreFailure> {
    const probe: WireRequest = {
      method: 'GET',
      key: request.key,
      headers: { range: 'bytes=0-0' },
      signal: request.signal,
    };
    const why = await this.#once(probe, keys, false);
    return why instanceof StoreFailure && why.name !== 'NoSuchKey' ? why : failure;
  }

  async #signed(
    request: WireRequest,
    keys: Keys,
  ): Promise<{ method: string; path: string; headers: Record<string, string> }> {
    const { method, key, query = [], body = null } = request;
    const { address, clock, signsBodies } = this.#options;
    const path = pathOf(address, key);
    const length = method === 'PUT' ? { 'content-length': String(lengthOf(body)) } : {};
    const headers = this.#signer.sign(
      {
        method,
        path,
        query,
        headers: { host: address.hostHeader, ...length, ...request.headers },
        payload: signsBodies ? await sha256Of(body) : UNSIGNED,
      },
      keys,
      clock.now(),
    );
    return { method, path: `${path}${queryText(query)}`, headers };
  }
}

/** One request and its answer over a socket of an agent, watched so that it cannot hang. */
import { request as requestPlain, type Agent, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import type { Socket } from 'node:net';
import type { Address } from './address.ts';
import { lengthOf, Pace, piecesOf, type Body } from './body.ts';
import { AnswerLate, NoAnswer } from './failures.ts';

export interface Limits {
  /** ms until a connection must stand. */
  readonly connectMs: number;
  /** ms without a byte in either direction. */
  readonly stallMs: number;
}

/** Says when bytes may go, to a sender that must not be as fast as the line. */
export interface Gate {
  /** Whether nothing is held back just now. */
  readonly isOpen: boolean;
  /** Resolves once so many may go; what it rejects with ends the exchange. */
  take(bytes: number): Promise<void>;
}

export interface Outgoing {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Body | null;
  readonly signal: AbortSignal | undefined;
  /** Told how many bytes of the body the socket took so far. */
  readonly onSent: ((bytes: number) => void) | undefined;
  readonly gate: Gate | undefined;
  /** ms to wait for an answer once the body was sent; null for as long as the line is not dead. */
  readonly firstByteMs: number | null;
  /** Whether a good answer's body is handed over unread. */
  readonly streams: boolean;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Empty where it is streamed. */
  readonly body: Buffer;
  readonly stream: IncomingMessage | null;
  /** ms from the last byte sent to the first received; null where the answer came before that. */
  readonly waitMs: number | null;
  readonly totalMs: number;
}

type Phase = 'unconnected' | 'sending' | 'waiting' | 'reading' | 'over';

/** Pieces handed to the socket and not taken yet, so that it never runs dry. */
const AHEAD = 2;
/** Goes to the socket in one piece, together with the header. */
const WHOLE = 64 * 1024;
/** Past a gate that holds back, no more than this at once, so that a limit is even. */
const SLICE = 128 * 1024;
/** Listings are the longest. */
const MAX_BODY = 8 * 1024 * 1024;
const NO_BYTES = Buffer.alloc(0);

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`;

export class Exchange {
  readonly answer: Promise<Answer>;
  /** Whether its socket had carried another exchange. Told once it failed. */
  reused = false;
  /** Whether anything of an answer came. */
  heard = false;

  readonly #outgoing: Outgoing;
  readonly #limits: Limits;
  readonly #now: () => number;
  readonly #request: ClientRequest;
  readonly #startedAt: number;
  #socket: Socket | null = null;
  #response: IncomingMessage | null = null;
  #phase: Phase = 'unconnected';
  #connectingSince: number | null = null;
  #moved = 0;
  #movedAt: number;
  #sentAt: number | null = null;
  /** Waits at the gate: that no byte moves is no fault of the line. */
  #held = false;
  #readBefore = 0;
  #resolve!: (answer: Answer) => void;
  #reject!: (error: unknown) => void;
  readonly #ended: (exchange: Exchange) => void;

  /** @param ended told once, when nothing of it is under way any more */
  constructor(
    address: Address,
    agent: Agent,
    outgoing: Outgoing,
    limits: Limits,
    now: () => number,
    ended: (exchange: Exchange) => void,
  ) {
    this.#outgoing = outgoing;
    this.#limits = limits;
    this.#now = now;
    this.#ended = ended;
    this.#startedAt = this.#movedAt = now();
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { secure, host, port, socketPath } = address;
    this.#request = (secure ? requestSecure : requestPlain)({
      agent,
      host,
      port,
      ...(socketPath === undefined ? {} : { socketPath }),
      // A host of digits has no name to be checked against.
      ...(secure ? { servername: /[a-z]/i.test(host) && !host.includes(':') ? host : '' } : {}),
      method: outgoing.method,
      path: outgoing.path,
      headers: outgoing.headers,
      setHost: false,
    });
    this.#request.on('socket', (socket) => this.#onSocket(socket));
    this.#request.on('response', (response) => this.#onResponse(response));
    this.#request.on('error', (error) => this.fail(error));
    this.#request.on('close', () => {
      if (!this.isOver) this.fail(new NoAnswer('the connection broke'));
    });
    outgoing.signal?.addEventListener('abort', this.#abort);
    if (outgoing.signal?.aborted === true) this.#abort();
    else this.#send();
  }

  get isOver(): boolean {
    return this.#phase === 'over';
  }

  /** Looks whether a limit has passed. Called every now and then while it is under way. */
  check(now: number): void {
    const socket = this.#socket;
    if (socket === null || this.#phase === 'over') return;
    const { connectMs, stallMs } = this.#limits;
    if (this.#connectingSince !== null) {
      if (now - this.#connectingSince >= connectMs)
        this.fail(new NoAnswer(`no connection within ${seconds(connectMs)}`));
      return;
    }
    const moved = socket.bytesRead + socket.bytesWritten - socket.writableLength;
    // What waits to be read by us is no fault of the line.
    const ours = this.#response !== null && this.#response.readableLength > 0;
    if (moved !== this.#moved || ours || this.#held) {
      this.#moved = moved;
      this.#movedAt = now;
    }
    if (now - this.#movedAt >= stallMs) {
      const what = this.#phase === 'waiting' ? 'it did not answer' : 'no byte moved';
      this.fail(new NoAnswer(`${what} for ${seconds(stallMs)}`));
      return;
    }
    const { firstByteMs } = this.#outgoing;
    if (this.#phase === 'waiting' && firstByteMs !== null && now - (this.#sentAt ?? now) >= firstByteMs)
      this.fail(new AnswerLate(`it did not answer within ${seconds(firstByteMs)}`));
  }

  /** Ends it here and now. */
  fail(error: unknown): void {
    if (this.#phase === 'over') return;
    this.reused = this.#request.reusedSocket;
    this.heard = (this.#socket?.bytesRead ?? 0) > this.#readBefore;
    const response = this.#response;
    this.#over();
    this.#request.destroy();
    // A reader of the stream is told by the stream.
    response?.destroy(error instanceof Error ? error : undefined);
    this.#reject(error);
  }

  readonly #abort = (): void => {
    this.fail(Object.assign(new Error('aborted'), { name: 'AbortError' }));
  };

  #over(): void {
    this.#phase = 'over';
    this.#outgoing.signal?.removeEventListener('abort', this.#abort);
    this.#ended(this);
  }

  #onSocket(socket: Socket): void {
    this.#socket = socket;
    this.#readBefore = socket.bytesRead;
    this.#movedAt = this.#now();
    if (!socket.connecting) return;
    this.#connectingSince = this.#movedAt;
    socket.once('encrypted' in socket ? 'secureConnect' : 'connect', () => {
      this.#connectingSince = null;
      this.#movedAt = this.#now();
    });
  }

  // ---- sending

  #send(): void {
    const { body, onSent, gate } = this.#outgoing;
    this.#phase = 'sending';
    const sent = (): void => {
      if (this.#phase !== 'sending') return;
      this.#phase = 'waiting';
      this.#sentAt = this.#movedAt = this.#now();
      onSent?.(lengthOf(body));
    };
    if (body === null || body.length === 0) {
      this.#request.end(sent);
    } else if (Buffer.isBuffer(body) && body.length <= WHOLE && gate?.isOpen !== false) {
      this.#request.end(body, sent);
    } else {
      this.#pump(body).then(
        () => {
          if (this.#phase === 'sending') this.#request.end(sent);
        },
        (error: unknown) => this.fail(error),
      );
    }
  }

  /** Resolves once the socket took all of it, or nobody wants the rest. */
  async #pump(body: Body): Promise<void> {
    const pace = new Pace();
    const flights: Promise<void>[] = [];
    let sent = 0;
    let given = 0;
    for await (const piece of piecesOf(body)) {
      given += piece.length;
      if (given > body.length) throw new RangeError('a body has more bytes than was said');
      for (let from = 0; from < piece.length;) {
        while (flights.length >= AHEAD) await flights.shift();
        const cut = piece.subarray(from, from + this.#sliceOf(pace));
        from += cut.length;
        await this.#pass(cut.length);
        if (this.#phase !== 'sending') return;
        const startedAt = this.#now();
        const flight = this.#write(cut).then(() => {
          pace.took(this.#now() - startedAt);
          sent += cut.length;
          // The last of it is told once it is sure that all went.
          if (this.#phase === 'sending' && sent < body.length) this.#outgoing.onSent?.(sent);
        });
        flight.catch(() => undefined); // awaited below
        flights.push(flight);
      }
      // A streamed piece may be used again by whoever gave it.
      if (!Buffer.isBuffer(body)) await Promise.all(flights.splice(0));
    }
    await Promise.all(flights);
    if (given !== body.length && this.#phase === 'sending')
      throw new RangeError('a body has fewer bytes than was said');
  }

  #sliceOf({ size }: Pace): number {
    return this.#outgoing.gate?.isOpen === false ? Math.min(size, SLICE) : size;
  }

  async #pass(bytes: number): Promise<void> {
    const { gate } = this.#outgoing;
    if (gate === undefined || gate.isOpen) return;
    this.#held = true;
    try {
      await gate.take(bytes);
    } finally {
      this.#held = false;
    }
  }

  #write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#request.write(bytes, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      });
    });
  }

  // ---- the answer

  #onResponse(response: IncomingMessage): void {
    if (this.#phase === 'over') return;
    const now = this.#now();
    const waitMs = this.#sentAt === null ? null : now - this.#sentAt;
    const early = this.#phase === 'sending';
    this.#phase = 'reading';
    this.#response = response;
    const status = response.statusCode ?? 0;
    const answer = (body: Buffer, stream: IncomingMessage | null): void =>
      this.#resolve({
        status,
        headers: response.headers,
        body,
        stream,
        waitMs,
        totalMs: this.#now() - this.#startedAt,
      });
    const broken = (): void => this.fail(new NoAnswer('the answer ended early'));
    response.on('error', (error) => this.fail(error));
    response.on('aborted', broken);
    if (this.#outgoing.streams && status >= 200 && status < 300) {
      response.on('end', () => this.#done(early));
      answer(NO_BYTES, response);
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
    });
    response.on('end', () => {
      if (this.#phase === 'over') return;
      this.#done(early);
      answer(chunks.length === 0 ? NO_BYTES : Buffer.concat(chunks), null);
    });
  }

  /** @param early answered before it had all of the body: what of that is under way would be taken for a request */
  #done(early: boolean): void {
    if (this.#phase === 'over') return;
    this.#over();
    if (early) this.#request.destroy();
  }
}

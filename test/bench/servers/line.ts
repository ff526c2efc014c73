/**
 * A long, narrow or lossy line to a store on loopback. Bytes towards the store go as fast as the line, a limit per
 * connection and a TCP window of the round trip let them; answers come half a round trip late. What a lost segment
 * costs is modelled (a smaller window, and a round trip until it is sent again); queues that overflow are not.
 *
 * `node line.ts '{"target": "http://127.0.0.1:9000", "roundTripMs": 80, "bytesPerSecond": 1e8, ...}'`
 */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { randomOf } from '../../support/fault-proxy/random.ts';
import type { LineOptions } from './index.ts';
import { announce } from './start.ts';
import { acknowledged, FIRST_WINDOW, lossAt, lossChance, rateOf, segmentsOf } from './window.ts';

const TICK_MS = 4;
/** Taken from a client beyond what is on its way; the rest waits in its own socket. */
const AHEAD = 128 * 1024;

const options = JSON.parse(process.argv[2] ?? '') as LineOptions;
const { hostname, port } = new URL(options.target);
const roundTrip = options.roundTripMs / 1000;
const mostSegments = segmentsOf(options.bytesPerConnection * roundTrip);
const random = randomOf(options.seed);
const now = (): number => performance.now() / 1000;

/** One connection, in the direction of the store. */
class Flow {
  readonly #client: Socket;
  readonly #store: Socket;
  readonly #waiting: Buffer[] = [];
  #waitingBytes = 0;
  readonly #onTheWay: { readonly bytes: Buffer; readonly due: number }[] = [];
  #window = FIRST_WINDOW;
  /** Data goes once the connection stands: a round trip. */
  #windowSince = now() + roundTrip;
  #heldUntil = 0;
  #allowance = 0;
  #usedWindow = false;
  #ended = false;

  constructor(client: Socket, store: Socket) {
    this.#client = client;
    this.#store = store;
    client.on('data', (chunk: Buffer) => {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
      if (this.#waitingBytes > AHEAD) client.pause();
    });
    client.on('end', () => (this.#ended = true));
  }

  get isOver(): boolean {
    return this.#store.destroyed;
  }

  /** What it may send and has, by now. @param seconds since it was asked last */
  wants(at: number, seconds: number): number {
    if (at < this.#windowSince && this.#window === FIRST_WINDOW) return 0;
    if (at >= this.#windowSince + roundTrip) {
      if (this.#usedWindow) this.#window = acknowledged(this.#window, at, mostSegments);
      this.#usedWindow = false;
      this.#windowSince = at;
    }
    const rate = Math.min(rateOf(this.#window, roundTrip), options.bytesPerConnection);
    this.#allowance = Math.min(this.#allowance + rate * seconds, rate * roundTrip);
    return Math.min(this.#allowance, this.#waitingBytes);
  }

  /** Puts so many bytes on their way. */
  send(bytes: number, at: number): void {
    if (random.next() < lossChance(bytes, options.loss)) {
      this.#window = lossAt(this.#window, at);
      this.#windowSince = at;
      this.#heldUntil = at + roundTrip; // what comes after it waits for it
    }
    this.#usedWindow = true;
    this.#allowance -= bytes;
    this.#waitingBytes -= bytes;
    for (let left = bytes; left > 0;) {
      const first = this.#waiting[0];
      if (first === undefined) break;
      const piece = first.subarray(0, left);
      if (piece.length === first.length) this.#waiting.shift();
      else this.#waiting[0] = first.subarray(left);
      left -= piece.length;
      this.#onTheWay.push({ bytes: piece, due: Math.max(at, this.#heldUntil) + roundTrip / 2 });
    }
    if (this.#waitingBytes <= AHEAD) this.#client.resume();
  }

  /** Hands over what has arrived. */
  arrive(at: number): void {
    for (let first = this.#onTheWay[0]; first !== undefined && first.due <= at; first = this.#onTheWay[0]) {
      this.#onTheWay.shift();
      this.#store.write(first.bytes);
    }
    if (this.#ended && this.#waitingBytes === 0 && this.#onTheWay.length === 0) this.#store.end();
  }
}

const flows = new Set<Flow>();
let before = now();
let turn = 0;

function tick(): void {
  const at = now();
  const seconds = at - before;
  before = at;
  let room = options.bytesPerSecond * seconds;
  const all = [...flows];
  // Whoever wants least is served first, so that what it leaves goes to the others; turns make up for what is left over.
  turn += 1;
  const wishes = all
    .map((flow, index) => ({
      flow,
      bytes: Math.floor(flow.wants(at, seconds)),
      order: (index + turn) % all.length,
    }))
    .sort((a, b) => a.bytes - b.bytes || a.order - b.order);
  wishes.forEach(({ flow, bytes }, served) => {
    const granted = Math.min(bytes, Math.floor(room / (wishes.length - served)));
    room -= granted;
    if (granted > 0) flow.send(granted, at);
    flow.arrive(at);
    if (flow.isOver) flows.delete(flow);
  });
}

setInterval(tick, TICK_MS);

const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
  const store = connect({ host: hostname, port: Number(port), noDelay: true });
  flows.add(new Flow(client, store));
  store.on('data', (chunk: Buffer) => {
    setTimeout(() => client.write(chunk), options.roundTripMs / 2);
  });
  store.on('end', () => setTimeout(() => client.end(), options.roundTripMs / 2));
  const giveUp = (): void => {
    client.destroy();
    store.destroy();
  };
  client.on('error', giveUp);
  store.on('error', giveUp);
  client.on('close', () => store.destroy());
});
server.listen(0, '127.0.0.1', () => {
  const { port: own } = server.address() as AddressInfo;
  announce({ endpoint: `http://127.0.0.1:${own}` });
});

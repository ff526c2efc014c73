/** The sockets to one store: kept, shared, watched, and dropped all at once when the network changed. */
import { Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Address } from './address.ts';
import { Exchange, type Answer, type Limits, type Outgoing } from './exchange.ts';
import { NoAnswer } from './failures.ts';

export interface SocketTerms extends Limits {
  /** ms after which a socket that nobody uses is closed; null leaves that to the store. */
  readonly idleMs: number | null;
  /** ms between two looks at what is under way. */
  readonly lookMs: number;
}

export const REMOTE_TERMS: SocketTerms = {
  connectMs: 10_000,
  stallMs: 30_000,
  // S3 closes idle sockets after some 5 s, without a word: one that is a little younger is still good.
  idleMs: 4000,
  lookMs: 250,
};

const MAX_SOCKETS = 128;

export class Sockets {
  readonly #address: Address;
  readonly #terms: SocketTerms;
  readonly #agent: PlainAgent | SecureAgent;
  readonly #live = new Set<Exchange>();
  #watch: NodeJS.Timeout | null = null;
  readonly #now = (): number => performance.now();

  constructor(address: Address, terms: SocketTerms) {
    this.#address = address;
    this.#terms = terms;
    const options = {
      keepAlive: true,
      noDelay: true,
      maxSockets: MAX_SOCKETS,
      maxFreeSockets: MAX_SOCKETS,
      ...(terms.idleMs === null ? {} : { timeout: terms.idleMs }),
    };
    this.#agent = address.secure ? new SecureAgent(options) : new PlainAgent(options);
  }

  begin(outgoing: Outgoing): { readonly exchange: Exchange; readonly answer: Promise<Answer> } {
    const exchange = new Exchange(this.#address, this.#agent, outgoing, this.#terms, this.#now, this.#ended);
    if (!exchange.isOver) this.#live.add(exchange);
    this.#watch ??= setInterval(() => {
      const now = this.#now();
      for (const live of this.#live) live.check(now);
    }, this.#terms.lookMs).unref();
    return { exchange, answer: exchange.answer };
  }

  readonly #ended = (exchange: Exchange): void => {
    this.#live.delete(exchange);
    if (this.#live.size > 0 || this.#watch === null) return;
    clearInterval(this.#watch);
    this.#watch = null;
  };

  /** Those nobody uses. */
  dropIdle(): void {
    for (const free of Object.values(this.#agent.freeSockets)) {
      for (const socket of free ?? []) socket.destroy();
    }
  }

  /** All of them. What is under way fails. */
  drop(): void {
    for (const exchange of this.#live) exchange.fail(new NoAnswer('the network changed'));
    this.#agent.destroy();
  }
}

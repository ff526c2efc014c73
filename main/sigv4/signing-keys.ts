import { scopeText, signingKey, type Scope, type SigningKey } from './sigv4.ts';

/** A day's key is the same for every request of it, and costs four times what the signature does. */
const KEPT = 8;

export class SigningKeys {
  readonly #keys = new Map<string, SigningKey>();

  of(secret: string, scope: Scope): SigningKey {
    const name = `${scopeText(scope)}\n${secret}`;
    const kept = this.#keys.get(name);
    if (kept !== undefined) return kept;
    for (const oldest of this.#keys.keys()) {
      if (this.#keys.size < KEPT) break;
      this.#keys.delete(oldest);
    }
    const key = signingKey(secret, scope);
    this.#keys.set(name, key);
    return key;
  }
}

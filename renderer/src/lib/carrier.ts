import { type ClientLink } from '@orpc/client';

/** No call takes a context: the carrier itself says who speaks. */
export type Context = Readonly<Record<string, never>>;

/** One open way to the engine. */
export interface OpenLink {
  readonly link: ClientLink<Context>;
  /** Resolves once, when the way is gone. */
  readonly closed: Promise<'lost' | 'refused'>;
}

/** How this window reaches the engine. The only place where hosts differ. */
export interface Carrier {
  /** Rejects with `CarrierRefused` where trying again cannot help, with anything else where it can. */
  open(signal: AbortSignal): Promise<OpenLink>;
  /** References the engine understands for dropped files; null where the page has to send them itself. */
  readonly registerDroppedFiles:
    | ((files: readonly File[]) => Promise<readonly { readonly kind: 'handle'; readonly handle: string }[]>)
    | null;
}

/** The engine answered, and did not want this page. */
export class CarrierRefused extends Error {
  override readonly name = 'CarrierRefused';
}

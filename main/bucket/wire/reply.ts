/** What an operation answers with; the server writes it. */
export type ReplyHeaders = Readonly<Record<string, string>>;

export type ReplyBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'xml'; readonly text: string }
  | { readonly kind: 'content'; readonly content: Content };

/** Bytes to be sent. Whoever has the reply releases it, sent or not. */
export interface Content {
  /** Gives them in order; those given are the user's own until its promise settles. */
  read(use: (bytes: Buffer) => Promise<void>): Promise<void>;
  release(): void;
}

export interface Reply {
  readonly status: number;
  readonly headers: ReplyHeaders;
  readonly body: ReplyBody;
}

export function empty(status: number, headers: ReplyHeaders = {}): Reply {
  return { status, headers, body: { kind: 'none' } };
}

export function xml(text: string, headers: ReplyHeaders = {}, status = 200): Reply {
  return { status, headers, body: { kind: 'xml', text } };
}

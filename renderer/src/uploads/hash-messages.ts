/** What the page and the worker that sums parts say to each other. */
export interface HashRequest {
  readonly id: number;
  readonly file: File;
  readonly start: number;
  readonly end: number;
}

export type HashReply =
  | { readonly id: number; readonly crc32: string }
  | { readonly id: number; readonly unreadable: string };

import { assertNever } from '#shared/lib';

/** What becomes of one request. Bytes are counted in bodies. */
export type Fate =
  | { readonly kind: 'pass' }
  /** The connection breaks before the store hears of it. */
  | { readonly kind: 'drop-before' }
  /** The store acts, and its answer is lost. */
  | { readonly kind: 'drop-after' }
  /** The store is said to have answered so; it never hears of it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly code: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is reset once so many bytes of the request went on; the store sees half a request. */
  | { readonly kind: 'reset-request'; readonly after: number }
  /** The store acts; the connection is reset once so many bytes of its answer came. */
  | { readonly kind: 'reset-answer'; readonly after: number }
  /** Nothing moves any more until the client gives up: neither request nor answer; the store never hears of it. */
  | { readonly kind: 'stall' }
  /** The store acts, and then nothing moves until the client gives up. */
  | { readonly kind: 'stall-answer' }
  /** The store acts, and its answer comes only then. `acted` is called once the store has answered. */
  | { readonly kind: 'late'; readonly until: Promise<void>; readonly acted?: () => void }
  /** Status 200 at once, white space, and then an error: how S3 fails a CompleteMultipartUpload. */
  | { readonly kind: 'error-in-200'; readonly code: string; readonly acts: boolean }
  /** Status 200, and nothing in it. */
  | { readonly kind: 'empty-200'; readonly acts: boolean }
  /** The store acts; of its answer only so many bytes come, and its length says that this is all. */
  | { readonly kind: 'truncate'; readonly to: number }
  /** The store acts, and tells another ETag than it keeps. */
  | { readonly kind: 'wrong-etag' }
  /** One byte is flipped on its way to the store. */
  | { readonly kind: 'corrupt-request'; readonly at: number }
  /** One byte of the answer is flipped on its way back. */
  | { readonly kind: 'corrupt-answer'; readonly at: number }
  /** Bodies creep, both ways. */
  | { readonly kind: 'slow'; readonly bytesPerSecond: number }
  /** The bucket is said to live in another region. */
  | { readonly kind: 'redirect'; readonly status: 301 | 307; readonly region: string };

export const PASS: Fate = { kind: 'pass' };

/** Whether the store may have acted on a request that met this fate. */
export function mayHaveActed(fate: Fate): boolean {
  switch (fate.kind) {
    case 'pass':
    case 'drop-after':
    case 'reset-answer':
    case 'stall-answer':
    case 'late':
    case 'truncate':
    case 'wrong-etag':
    case 'corrupt-answer':
    case 'slow':
      return true;
    case 'error-in-200':
    case 'empty-200':
      return fate.acts;
    case 'drop-before':
    case 'answer':
    case 'reset-request':
    case 'stall':
    case 'corrupt-request':
    case 'redirect':
      return false;
    default:
      return assertNever(fate);
  }
}

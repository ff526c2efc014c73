/** What a store tells, in the words of transfers. */
export interface StoredPart {
  readonly number: number;
  readonly size: number;
  readonly etag: string;
  /** null where the store does not say. */
  readonly crc32: number | null;
}

export interface CompletedPart {
  readonly number: number;
  readonly etag: string;
  readonly crc32: number;
}

/** What a listing tells of an object. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly modified: number;
  readonly etag: string;
}

/** An upload that was begun and neither completed nor aborted. */
export interface ListedUpload {
  readonly key: string;
  readonly uploadId: string;
  /** ms since the epoch. */
  readonly startedAt: number;
}

/** A presigned request. The headers must be sent exactly so. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

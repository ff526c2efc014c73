export type { NewBlob } from './blob-write.ts';
export type { HeldContent } from './content.ts';
export type { ListedObject, Page, Position } from './listing.ts';
export type { NewObject } from './objects.ts';
export type { Checksum, ObjectFacts, ObjectRecord, PartRecord, UploadRecord } from './records.ts';
export { type BucketRecord, type Bytes, type Completion, SourceChanged, Store } from './store.ts';

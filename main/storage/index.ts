export { BUILTIN_CONNECTION, Connections, type BuiltinAccess } from './connections.ts';
export { contentTypeByContent, SNIFF_BYTES } from './content-sniff.ts';
export { BYTES, contentTypeByName, contentTypeOf, isCompressedType } from './content-type.ts';
export { environmentConnection, readEnvironment } from './environment.ts';
export { joinKey, objectKey, safeName, safePath, sessionPrefix } from './keys.ts';
export {
  bareEtag,
  compositeCrc32,
  expectedMultipartEtag,
  isMd5,
  parseComposite,
  type CompositeCrc32,
} from './composite.ts';
export type { Sending, StoredObject, Taken } from './hot-objects.ts';
export type { Gate } from './wire/index.ts';
export { limitsOf, storeKind, type StoreKind, type StoreLimits } from './limits.ts';
export type { ObjectHead } from './object-head.ts';
export type { ObjectStore } from './object-store.ts';
export type { CompletedPart, ListedObject, ListedUpload, SignedRequest, StoredPart } from './stored.ts';
export { s3ErrorName } from './store-errors.ts';
export {
  foldersBelow,
  surveyObject,
  surveyUpload,
  sweepObjects,
  sweepUploads,
  type SurveyedObject,
  type SurveyedUpload,
  type Yardstick,
} from './survey.ts';
export type { Body, StreamedBody } from './wire/index.ts';
export { parseS3Uri, type S3Uri } from './uri.ts';

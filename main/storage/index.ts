export { BUILTIN_CONNECTION, Connections, type BuiltinAccess } from './connections.ts';
export { contentTypeByContent, SNIFF_BYTES } from './content-sniff.ts';
export { BYTES, contentTypeByName, contentTypeOf, isCompressedType } from './content-type.ts';
export { environmentConnection, readEnvironment } from './environment.ts';
export { joinKey, objectKey, safeName, safePath, sessionPrefix } from './keys.ts';
export type {
  CompletedPart,
  ObjectHead,
  ObjectStore,
  SignedRequest,
  StoredObject,
  StoredPart,
} from './object-store.ts';
export { s3ErrorName } from './store-errors.ts';
export { parseS3Uri, type S3Uri } from './uri.ts';

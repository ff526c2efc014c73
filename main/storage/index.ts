export { BUILTIN_CONNECTION, Connections, type BuiltinAccess } from './connections.ts';
export { contentTypeOf } from './content-type.ts';
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
export {
  foldersBelow,
  surveyObject,
  surveyUpload,
  sweepObjects,
  sweepUploads,
  type ListedObject,
  type ListedUpload,
  type SurveyedObject,
  type SurveyedUpload,
  type Yardstick,
} from './survey.ts';
export { parseS3Uri, type S3Uri } from './uri.ts';

/** From a file to an object: created, sent, put together, proven; or gone on with. */
export { complete, isThere, proveIt } from './completion.ts';
export { UploadContext, UploadLost, type UploadEvents, type UploadTools } from './context.ts';
export { createUpload } from './create.ts';
export { abortLostCreate, removeOwn } from './lost-create.ts';
export { upload } from './upload.ts';

/** The built-in bucket: an S3-compatible server that keeps its objects on the local disk. See docs/bucket.md. */
export { startBucketServer, type BucketServer, type BucketServerOptions } from './server.ts';

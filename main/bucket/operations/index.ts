export { checkBucketName } from './buckets.ts';
export type { Exchange } from './exchange.ts';
export { route } from './route.ts';

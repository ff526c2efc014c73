export { authorize, type Authorized, type Credentials } from './authorize.ts';
export type { ChunkSigner } from './chunk-signer.ts';
export type { Payload } from './payload.ts';

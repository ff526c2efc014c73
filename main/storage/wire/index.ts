export { addressOf, mayLeaveBodyUnsigned } from './address.ts';
export { md5Of, type Body, type StreamedBody } from './body.ts';
export type { Gate } from './exchange.ts';
export { NoAnswer, StoreFailure } from './failures.ts';
export type { SigningTerms } from './request-signer.ts';
export { REMOTE_TERMS, type SocketTerms } from './sockets.ts';
export { EXPIRED, SKEWED, Wire, type WireAnswer } from './wire.ts';

export { checksumOfHeaders, type DeclaredChecksum } from './declared.ts';
export { openBody, readSmallBody, type BodySource, type IncomingBody } from './incoming.ts';

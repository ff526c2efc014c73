/** Signature Version 4, for those who sign (the wire to stores) and those who check (the built-in bucket). */
export {
  canonicalRequest,
  EMPTY_SHA256,
  formatAmzDate,
  parseAmzDate,
  sameSignature,
  scopeText,
  sign,
  signingKey,
  stringToSign,
  uriEncode,
  uriEncodePath,
  type CanonicalInput,
  type Scope,
  type SigningKey,
} from './sigv4.ts';
export { SigningKeys } from './signing-keys.ts';

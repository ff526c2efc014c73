/** The file behind an upload: who it is, its bytes, what is made of it before it is sent. */
export { readsAttributes } from './attributes.ts';
export { crcOfRange, digestFile, md5OfRange } from './digest.ts';
export { SourceHash } from './hash.ts';
export { PACKED_TYPE, type Packer, SUFFIX, Spool, packerFor, unpack } from './packing.ts';
export { METADATA_BYTES, openPrepared } from './prepare.ts';
export { SmallFiles } from './small-files.ts';
export { FileSource, assertOrdinary, identityOf, looksLike, sameIdentity, sourceError } from './source.ts';

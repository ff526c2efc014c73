export {
  ALWAYS,
  checkCopySource,
  checkRead,
  checkWrite,
  parseWriteCondition,
  type WriteCondition,
} from './conditions.ts';
export { CORS_METHODS, corsHeaders, EXPOSED_HEADERS, preflight } from './cors.ts';
export { bareETag, httpDate, isoDate, latin1, parseHttpDate, RequestHeaders } from './headers.ts';
export { parseCopyRange, parseRange, type ByteRange } from './range.ts';
export { empty, xml, type Content, type Reply, type ReplyHeaders } from './reply.ts';
export { isDiskFull, S3Error, toS3Error, type S3ErrorCode } from './s3-error.ts';
export { checkKeyLength, parseCopySource, parseTarget, type Target } from './target.ts';
export { childrenNamed, childText, parseXml, type XmlElement } from './xml-read.ts';
export { document, errorDocument, field, group, optional } from './xml-write.ts';

export { cutAll, RowCutter } from './cut.ts';
export type { CutDialect, CutMode } from './cut-dialect.ts';
export { bytesInFile, decodeText } from './decode.ts';
export {
  guessEncoding,
  wholeSigns,
  type Encoding,
  type EncodingChoice,
  type EncodingGuess,
} from './encoding.ts';
export { binaryKind, controlShare, isJson, markupKind } from './kind.ts';
export { rankEncodings, type RankedEncoding } from './rank.ts';
export { createTranscoder, type Transcoder } from './transcode.ts';
export { isRule } from './ruled.ts';

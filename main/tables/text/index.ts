export { cutAll, RowCutter, type CutDialect, type CutMode } from './cut.ts';
export { guessEncoding, wholeSigns, type Encoding, type EncodingGuess } from './encoding.ts';
export { binaryKind, controlShare, isJson, markupKind } from './kind.ts';
export { bytesInFile, createTranscoder, type Transcoder } from './transcode.ts';

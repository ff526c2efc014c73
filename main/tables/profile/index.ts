export { contentWarnings, profileColumns } from './profile.ts';
export { verifyColumns, type Query, type VerifiedColumn, type VerifiedColumns } from './verify.ts';

export { catalogue, type DetailsOf, type ErrorCode, type ErrorDetails, type Retry } from './catalogue.ts';
export {
  fromReport,
  isSluiceError,
  SluiceError,
  sluiceError,
  toSluiceError,
  type ErrorReport,
} from './sluice-error.ts';

import { outputFormat, type OutputFormat } from '#shared/domain';

/** What is offered, in the order it is offered. */
export const FORMATS: readonly OutputFormat[] = outputFormat.options;
export const USUAL: readonly OutputFormat[] = ['csv', 'parquet'];

import {
  type CsvStyle,
  outputFormat,
  type OutputFormat,
  type OutputOptions,
  PLAIN_OUTPUTS,
} from '#shared/domain';

/** What a run writes, and how. */
export interface Writing {
  readonly formats: readonly OutputFormat[];
  readonly options: OutputOptions;
}

/** In the order they are offered. */
export const FORMATS: readonly OutputFormat[] = outputFormat.options;
export const USUAL: Writing = { formats: ['csv', 'parquet'], options: PLAIN_OUTPUTS };

export const CSV_WORDS: Readonly<Record<CsvStyle['dialect'], string>> = {
  plain: 'Plain: commas, for programs',
  spreadsheet: 'For spreadsheets: commas',
  'spreadsheet-semicolon': 'For spreadsheets: semicolons and decimal comma',
};

/** @returns how CSV is written, in few words */
export function csvWords({ dialect, safe }: CsvStyle): string {
  const how =
    dialect === 'plain' ? 'plainly' : dialect === 'spreadsheet' ? 'for spreadsheets' : 'with semicolons';
  return safe ? `${how}, safe` : how;
}

/** @returns a cell as spreadsheets take it between tabs: in quotes where it holds a tab, a quote or a line end */
export function tsvField(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

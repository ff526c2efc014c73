import type { ErrorReport } from '#shared/errors';

/** What a command says: its result to stdout, all else to stderr, so that the result can be piped. */
export interface Printer {
  /** Whether events or status lines are shown at all. */
  readonly follows: boolean;
  /** The result: `document` for `--json`, else the lines. */
  result(document: unknown, lines: readonly string[]): void;
  /** One event of a long command, a JSON line with `--progress`. */
  event(event: Readonly<Record<string, unknown>>): void;
  /** A line that is replaced by the next, for a person who watches. */
  status(line: string): void;
  error(report: ErrorReport): void;
}

export interface PrinterOptions {
  readonly json: boolean;
  readonly progress: boolean;
}

export function createPrinter({ json, progress }: PrinterOptions): Printer {
  const terminal = process.stderr.isTTY && !json;
  let shown = false;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    follows: progress || terminal,
    result(document, lines) {
      clear();
      process.stdout.write(
        json ? `${JSON.stringify(document)}\n` : lines.map((line) => `${line}\n`).join(''),
      );
    },
    event(event) {
      if (progress) process.stdout.write(`${JSON.stringify(event)}\n`);
    },
    status(line) {
      if (!terminal) return;
      process.stderr.write(`\r\u001b[K${line}`);
      shown = true;
    },
    error(report) {
      clear();
      const text = json
        ? JSON.stringify({ error: report })
        : `sluice: ${report.code}: ${report.message}\n  ${report.hint}`;
      process.stderr.write(`${text}\n`);
    },
  };
}

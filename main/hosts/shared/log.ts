import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '#main/ports';

/** Past this size a log is set aside when Sluice starts; one older log is kept. */
const LARGE = 5_000_000;

export interface FileLog extends Log {
  readonly file: string;
  close(): void;
}

/** One line of JSON per entry, in `sluice.log` in the given folder, without secrets. */
export function openLog(folder: string): FileLog {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'sluice.log');
  setAside(file);
  let open: number | null = openSync(file, 'a', 0o600);
  // At once rather than through a stream: the last line before an end is the one that matters.
  const write = (level: string, message: string, facts: object) => {
    if (open === null) return;
    try {
      writeSync(
        open,
        `${redact(JSON.stringify({ at: new Date().toISOString(), level, message, ...facts }))}\n`,
      );
    } catch {
      // A full disk is told by whoever needs it; nobody is left to tell that the log is short of a line.
    }
  };
  return {
    file,
    info: (message, facts = {}) => write('info', message, facts),
    error: (message, error) => write('error', message, { error: describe(error) }),
    close() {
      if (open !== null) closeSync(open);
      open = null;
    },
  };
}

function setAside(file: string): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGE) renameSync(file, `${file}.1`);
}

/** @returns an error and its causes, as plain values */
function describe(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return String(error);
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: error.message,
    ...(typeof code === 'string' ? { code } : {}),
    stack: error.stack,
    ...(error.cause === undefined || depth > 4 ? {} : { cause: describe(error.cause, depth + 1) }),
  };
}

/** Takes what gives access out of addresses: signatures, credentials and session tokens. */
export function redact(text: string): string {
  return text.replace(
    /\b(X-Amz-(?:Signature|Credential|Security-Token)|Signature|AWSAccessKeyId)=[^&\s"'\\]+/gi,
    '$1=[removed]',
  );
}

import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ErrorCode, type ErrorReport } from '#shared/errors';
import { overlay } from '#renderer/lib';
import { CopyButton } from './copy-button.tsx';
import './error-note.css';

/** Codes that are mended where connections are kept. */
const CONNECTION_CODES: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'STORE_UNREACHABLE',
  'BUCKET_MISSING',
  'BUCKET_OTHER_REGION',
  'CREDENTIALS_MISSING',
  'CREDENTIALS_WRONG',
  'CREDENTIALS_EXPIRED',
  'ACCESS_DENIED',
  'STORE_REFUSED',
]);

interface Props {
  readonly report: ErrorReport;
  /** What to do again; left out where there is nothing to. */
  readonly onRetry?: (() => void) | undefined;
  readonly retryLabel?: string | undefined;
  /** `calm` where it is no failure, only a wait. */
  readonly tone?: 'danger' | 'calm';
}

/** What went wrong, the next thing to do, and the button for it where there is one. */
export function ErrorNote({ report, onRetry, retryLabel, tone = 'danger' }: Props) {
  const { code, message, hint, retry, details } = report;
  const facts = [code, message, hint, ...Object.entries(details).map(([key, value]) => `${key}: ${value}`)];
  const label = retryLabel ?? (retry === 'after-fix' ? 'It is mended, try again' : 'Try again');
  return (
    <div className={`error-note error-note-${tone}`} role={tone === 'danger' ? 'alert' : 'note'}>
      <IconAlertTriangle size={16} aria-hidden="true" />
      <div className="error-note-text">
        <p className="error-note-sentence">{message}</p>
        <p>{hint}</p>
        <div className="error-note-actions">
          {retry !== 'never' && onRetry !== undefined && (
            <Button variant="default" onClick={onRetry}>
              {label}
            </Button>
          )}
          {CONNECTION_CODES.has(code) && (
            <Button variant="default" onClick={() => overlay.set({ kind: 'connections' })}>
              Open connections
            </Button>
          )}
          <span className="error-note-code mono">
            {code}
            <CopyButton text={facts.join('\n')} label="Copy the details" />
          </span>
        </div>
      </div>
    </div>
  );
}

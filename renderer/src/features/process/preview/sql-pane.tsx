import { CopyButton } from '#renderer/components';

/** The SQL that runs, to be read and copied. */
export function SqlPane({ sql, of }: { readonly sql: string; readonly of: string }) {
  return (
    <div className="sql-pane">
      <div className="sql-pane-head">
        <span className="dim">{of}</span>
        <CopyButton text={sql} label="Copy the SQL" />
      </div>
      {/* Reached by Tab so that it can be scrolled without a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre className="mono" tabIndex={0} role="group" aria-label="SQL">
        {sql}
      </pre>
    </div>
  );
}

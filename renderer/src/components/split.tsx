import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode } from 'react';
import './split.css';

/** What is looked at, and beside it what is known of the one thing that was chosen. */
export function Split({ children, details }: { readonly children: ReactNode; readonly details?: ReactNode }) {
  return (
    <div className="split">
      <div className="split-main">{children}</div>
      {details}
    </div>
  );
}

interface DetailsProps {
  readonly title: ReactNode;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Details({ title, label, onClose, children }: DetailsProps) {
  return (
    // Escape closes it from anywhere inside; the button says so to everybody else.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <aside
      className="details"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose();
      }}
    >
      <header className="details-head">
        <h2>{title}</h2>
        <ActionIcon aria-label="Close the details" onClick={onClose}>
          <IconX size={16} />
        </ActionIcon>
      </header>
      {/* Reached by Tab so that it can be scrolled without a mouse. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="details-body" tabIndex={0} role="group" aria-label={label}>
        {children}
      </div>
    </aside>
  );
}

export function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

/** Facts by name: numbers to the right, long values cut in the middle by whoever gives them. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({
  name,
  children,
  number = false,
  long = false,
}: {
  readonly name: string;
  readonly children: ReactNode;
  readonly number?: boolean;
  /** Too long to stand beside its name: it goes below. */
  readonly long?: boolean;
}) {
  return (
    <div className={long ? 'fact fact-long' : 'fact'}>
      <dt>{name}</dt>
      <dd className={number ? 'number' : undefined}>{children}</dd>
    </div>
  );
}

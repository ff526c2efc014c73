import { IconChevronRight } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import './disclosure.css';

interface Props {
  readonly title: string;
  /** What is inside, in few words; seen also while it is closed. */
  readonly summary?: string;
  readonly children: ReactNode;
}

/** A part of a form that is closed until somebody wants it. */
export function Disclosure({ title, summary, children }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="disclosure">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <IconChevronRight className="disclosure-arrow" size={14} aria-hidden="true" />
        <span>{title}</span>
        {summary !== undefined && summary !== '' && <span className="dim cut">{summary}</span>}
      </button>
      {open && (
        <div className="disclosure-body" id={id}>
          {children}
        </div>
      )}
    </div>
  );
}

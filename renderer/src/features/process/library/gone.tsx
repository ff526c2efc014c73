import { Button } from '@mantine/core';

/** What was just removed, and the way to have it again; notices are out of reach behind a dialog. */
export function Gone({ name, onBack }: { readonly name: string; readonly onBack: () => void }) {
  return (
    <p className="gone" role="status">
      {name} was removed.{' '}
      <Button ref={focus} variant="subtle" size="compact-xs" onClick={onBack}>
        Undo
      </Button>
    </p>
  );
}

/** The focus was on what has gone. */
const focus = (button: HTMLButtonElement | null) => button?.focus();

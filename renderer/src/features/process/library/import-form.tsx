import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import { readRecipe } from '#shared/domain';
import { type ErrorReport, isSluiceError } from '#shared/errors';
import { ErrorNote } from '#renderer/components';
import { type Draft, draftOf } from '../draft/index.ts';

/** A recipe from a file or as text; what is wrong with it is said in place. */
export function ImportForm({ onUse }: { readonly onUse: (draft: Draft) => void }) {
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<ErrorReport | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const use = (written: string) => {
    try {
      onUse(draftOf(readRecipe(written)));
    } catch (error) {
      if (!isSluiceError(error)) throw error;
      setWrong(error.report());
    }
  };
  const read = async (file: File | undefined) => {
    if (file === undefined) return;
    const written = await file.text();
    setText(written);
    use(written);
  };
  return (
    <form
      className="import-form"
      aria-label="A recipe to open"
      onSubmit={(event) => {
        event.preventDefault();
        use(text);
      }}
    >
      <Textarea
        data-autofocus
        label="The recipe as text"
        description="JSON, as “Save as a file” writes it. The recipe that is here now can be brought back by Undo."
        size="xs"
        classNames={{ input: 'mono' }}
        minRows={8}
        maxRows={16}
        autosize
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setWrong(null);
        }}
      />
      {wrong !== null && <ErrorNote report={wrong} />}
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label="Recipe file"
        onChange={(event) => void read(event.currentTarget.files?.[0])}
      />
      <div className="dialog-actions">
        <Button variant="default" onClick={() => input.current?.click()}>
          Choose a file…
        </Button>
        <Button type="submit" disabled={text.trim() === ''}>
          Use it
        </Button>
      </div>
    </form>
  );
}

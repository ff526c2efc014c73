import { Modal } from '@mantine/core';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { overlay, useExternal } from '#renderer/lib';
import { keysOf } from './keys.tsx';
import { search, useCommands } from './use-commands.ts';
import './palette.css';

const SHOWN = 60;

export function Palette() {
  const open = useExternal(overlay);
  if (open?.kind !== 'palette') return null;
  return (
    // At once: whoever asked for it is typing already.
    <Modal.Root
      opened
      onClose={() => overlay.set(null)}
      padding={0}
      size={560}
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay backgroundOpacity={0.4} />
      <Modal.Content aria-label="Commands">
        <Modal.Body>
          <Search />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Search() {
  const id = useId();
  const commands = useCommands();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const found = useMemo(() => search(commands, text).slice(0, SHOWN), [commands, text]);

  useLayoutEffect(() => field.current?.focus(), []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const choose = (index: number) => {
    const command = found[index];
    if (command === undefined) return;
    overlay.set(null);
    command.run();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setAt((now) => (found.length === 0 ? 0 : (now + 1) % found.length));
    else if (event.key === 'ArrowUp') setAt((now) => (now + found.length - 1) % Math.max(1, found.length));
    else if (event.key === 'Enter') choose(at);
    else return;
    event.preventDefault();
  };
  return (
    <div className="palette">
      <input
        ref={field}
        data-autofocus
        role="combobox"
        aria-label="Find a command or a session"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={found.length > 0 ? `${id}-${at}` : undefined}
        placeholder="Find a command or a session"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div
        ref={list}
        id={`${id}-list`}
        role="listbox"
        aria-label="Commands"
        className="palette-list"
        tabIndex={-1}
      >
        {found.map((command, index) => (
          // The field above holds the focus and takes the keys.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className="palette-row"
            onMouseMove={() => setAt(index)}
            onClick={() => choose(index)}
          >
            <span className="cut">{command.title}</span>
            {command.keys === undefined ? (
              <span className="dim palette-group">{command.group}</span>
            ) : (
              <kbd className="keys">{keysOf(command.keys)}</kbd>
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className="dim palette-none" role="status">
          Nothing is called that. Try “pause”, “theme” or part of a session’s name.
        </p>
      )}
    </div>
  );
}

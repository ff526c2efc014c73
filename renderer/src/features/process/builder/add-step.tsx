import { Button, Combobox, useCombobox } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { findForms, formOf } from '../steps/index.ts';
import type { StepDraft, StepKind } from '../draft/index.ts';

/** All kinds of steps, found by what they are called and by other words for it. */
export function AddStep({ onAdd }: { readonly onAdd: (step: StepDraft) => void }) {
  const [search, setSearch] = useState('');
  // Then the focus goes to its form.
  const added = useRef(false);
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      // Told again when the search leaves the page, by when the person may be anywhere.
      if (!added.current) combobox.focusTarget();
      setSearch('');
    },
    onDropdownOpen: () => {
      added.current = false;
      combobox.focusSearchInput();
    },
  });
  const found = findForms(search);
  return (
    <Combobox
      store={combobox}
      position="bottom-start"
      width={340}
      transitionProps={{ duration: 100 }}
      shadow="md"
      onOptionSubmit={(kind) => {
        added.current = true;
        combobox.closeDropdown();
        onAdd(formOf(kind as StepKind).blank);
      }}
    >
      <Combobox.Target withAriaAttributes={false}>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} />}
          aria-haspopup="listbox"
          aria-expanded={combobox.dropdownOpened}
          onClick={() => combobox.toggleDropdown()}
        >
          Add step
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown className="add-step">
        <Combobox.Search
          value={search}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
            combobox.selectFirstOption();
          }}
          placeholder="What should happen? For example: filter, date, pivot"
          aria-label="Find a step"
          size="xs"
        />
        <Combobox.Options className="add-step-options" aria-label="Steps">
          {found.map(({ group, forms }) => (
            <Combobox.Group key={group} label={group}>
              {forms.map(({ kind, title, about }) => (
                <Combobox.Option key={kind} value={kind}>
                  <span className="add-step-title">{title}</span>
                  <span className="add-step-about">{about}</span>
                </Combobox.Option>
              ))}
            </Combobox.Group>
          ))}
          {found.length === 0 && <Combobox.Empty>No step is called so.</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

import { Checkbox, Menu } from '@mantine/core';
import { type ScanRules, DEFAULT_SCAN_RULES } from '#shared/domain';
import { attempt } from '#renderer/components';
import { useCapabilities, usePreferences, useWorkbench } from '#renderer/state';
import './folder-options.css';

const CHOICES = [
  { rule: 'hidden', label: 'Take hidden files', hint: 'Names that begin with a dot' },
  {
    rule: 'systemFiles',
    label: 'Take files of the system',
    hint: '.DS_Store, Thumbs.db, desktop.ini, bins and such',
  },
  { rule: 'followLinks', label: 'Follow links', hint: 'Else links inside folders are left out' },
] as const satisfies readonly { rule: keyof ScanRules; label: string; hint: string }[];

/** @returns what becomes of a folder, e.g. `Of folders, links and files of the system are left out.` */
export function describeRules({ hidden, systemFiles, followLinks }: ScanRules): string {
  const left = [
    hidden ? [] : 'hidden files',
    systemFiles ? [] : 'files of the system',
    followLinks ? [] : 'links',
  ].flat();
  const last = left.pop();
  if (last === undefined) return 'Of folders, everything is taken.';
  const all = left.length === 0 ? last : `${left.join(', ')} and ${last}`;
  return `Of folders, ${all} are left out.`;
}

export const useScanRules = (): ScanRules => usePreferences()?.scan ?? DEFAULT_SCAN_RULES;

function useChoices() {
  const { client } = useWorkbench();
  const { droppedPaths, nativePicker, hostPaths } = useCapabilities();
  const rules = useScanRules();
  const set = (rule: keyof ScanRules, value: boolean) =>
    attempt(() => client.system.setPreferences({ scan: { ...rules, [rule]: value } }));
  // What a page reads itself has its links followed by the browser, and nobody is asked.
  const engineReads = droppedPaths || nativePicker || hostPaths;
  const choices = CHOICES.filter(({ rule }) => rule !== 'followLinks' || engineReads);
  return { rules, set, choices };
}

/** What is taken of folders, folded away. */
export function FolderOptions() {
  const { rules, set, choices } = useChoices();
  return (
    <details className="folder-options">
      <summary>
        Folder options <span className="dim">{describeRules(rules)}</span>
      </summary>
      <div className="folder-choices">
        {choices.map(({ rule, label, hint }) => (
          <Checkbox
            key={rule}
            size="xs"
            label={label}
            description={hint}
            checked={rules[rule]}
            onChange={(event) => set(rule, event.currentTarget.checked)}
          />
        ))}
      </div>
    </details>
  );
}

/** The same as items of a menu. */
export function FolderOptionItems() {
  const { rules, set, choices } = useChoices();
  return (
    <>
      <Menu.Label>Of folders</Menu.Label>
      {choices.map(({ rule, label, hint }) => (
        <Menu.Item
          key={rule}
          role="menuitemcheckbox"
          aria-checked={rules[rule]}
          title={hint}
          closeMenuOnClick={false}
          rightSection={rules[rule] ? '✓' : null}
          onClick={() => set(rule, !rules[rule])}
        >
          {label}
        </Menu.Item>
      ))}
    </>
  );
}

import { ActionIcon, Menu } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { attempt } from '#renderer/components';
import { overlay } from '#renderer/lib';
import { useInfo, usePreferences, useWorkbench } from '#renderer/state';

const THEMES = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
] as const;

export function SettingsMenu() {
  const { client } = useWorkbench();
  const chosen = usePreferences()?.theme;
  const { version } = useInfo();
  return (
    <Menu position="top-start" width={220}>
      <Menu.Target>
        <ActionIcon aria-label="Settings" title="Settings" size={30}>
          <IconSettings size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        {THEMES.map(({ theme, label }) => (
          <Menu.Item
            key={theme}
            role="menuitemradio"
            aria-checked={chosen === theme}
            rightSection={chosen === theme ? '✓' : null}
            onClick={() => attempt(() => client.system.setPreferences({ theme }))}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item onClick={() => overlay.set({ kind: 'connections' })}>Connections…</Menu.Item>
        <Menu.Item onClick={() => overlay.set({ kind: 'limits' })}>Transfers…</Menu.Item>
        <Menu.Item rightSection={<kbd className="keys">?</kbd>} onClick={() => overlay.set({ kind: 'keys' })}>
          Keyboard shortcuts
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>Sluice {version}</Menu.Label>
      </Menu.Dropdown>
    </Menu>
  );
}

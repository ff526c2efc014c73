import { Button, Menu } from '@mantine/core';
import { IconGauge } from '@tabler/icons-react';
import { type LimitOverride } from '#shared/domain';
import { startOfTomorrow } from '#shared/lib';
import { attempt } from '#renderer/components';
import { overlay, useExternal } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';
import { limitWords, speedWords } from './limit-words.ts';

/** Bytes a second; null is full speed. */
const QUICK = [null, 50e6, 10e6, 5e6, 1e6] as const;

/** How fast transfers may go now, and the quick way to another speed. */
export function LimitMenu() {
  const { client, state } = useWorkbench();
  const { now, settings } = useExternal(state.limits);
  const say = (override: LimitOverride | null) =>
    attempt(async () => state.limits.set(await client.limits.override(override)));
  const { override } = settings;
  const held = now.by === 'hand' ? override : null;
  const until = held?.until ?? null;
  return (
    <Menu position="top-end" width={240} alignItemsLabels="all">
      <Menu.Target>
        <Button
          variant="default"
          className="limit-button"
          title={limitWords(now)}
          leftSection={<IconGauge size={14} aria-hidden="true" />}
        >
          <span className="cut">{limitWords(now)}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Speed of all transfers</Menu.Label>
        {QUICK.map((bytesPerSecond) => (
          <Menu.RadioItem
            key={bytesPerSecond}
            value={String(bytesPerSecond)}
            checked={now.bytesPerSecond === bytesPerSecond}
            closeMenuOnClick
            onChange={() => say({ bytesPerSecond, until })}
          >
            {bytesPerSecond === null ? 'Full speed' : speedWords(bytesPerSecond)}
          </Menu.RadioItem>
        ))}
        <Menu.Divider />
        <Menu.CheckboxItem
          checked={until !== null}
          closeMenuOnClick
          onChange={() =>
            say({
              bytesPerSecond: now.bytesPerSecond,
              until: until === null ? startOfTomorrow(Date.now()) : null,
            })
          }
        >
          Only until tomorrow
        </Menu.CheckboxItem>
        <Menu.Divider />
        <Menu.Item onClick={() => overlay.set({ kind: 'limits' })}>Another speed, timetable…</Menu.Item>
        {override !== null && <Menu.Item onClick={() => say(null)}>As it is set</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

import { Button, Menu } from '@mantine/core';
import { IconDownload, IconExternalLink, IconFolderOpen, IconLink, IconTablePlus } from '@tabler/icons-react';
import { useCallback } from 'react';
import { type FileRef } from '#shared/contract';
import { type Delivery, type Output } from '#shared/domain';
import { formatDuration, shortenMiddle } from '#shared/lib';
import { tell, useAction } from '#renderer/components';
import { DownloadButton } from '#renderer/features/downloads';
import { useChoosePlace } from '#renderer/features/picker';
import { useCapabilities, useWorkbench } from '#renderer/state';

const PATH_LENGTH = 48;
const SAVE_SECONDS = 3600;
const SHARES = [
  { label: 'for an hour', seconds: 3600 },
  { label: 'for a day', seconds: 86_400 },
  { label: 'for a week', seconds: 604_800 },
] as const;

interface Props {
  readonly output: Output;
  readonly deliveries: readonly Delivery[];
}

/** What this host can do with a result; each button is there only where it works. */
export function OutputActions({ output, deliveries }: Props) {
  const { id, stored, format } = output;
  const { client, state, uploads } = useWorkbench();
  const { openLocally } = useCapabilities();
  const choosePlace = useChoosePlace();

  const open = useAction(useCallback(() => client.outputs.open({ id }), [client, id]));
  const reveal = useAction(useCallback(() => client.outputs.reveal({ id }), [client, id]));
  const save = useAction(
    useCallback(async () => {
      const { url } = await client.outputs.link({ id, seconds: SAVE_SECONDS, attachment: true });
      const anchor = document.createElement('a');
      anchor.href = url;
      anchor.download = output.name;
      anchor.rel = 'noopener';
      // While the page itself sends files, going to an address would ask whether to leave it.
      if (uploads.view.get().active > 0) anchor.target = '_blank';
      anchor.click();
    }, [client, uploads, id, output.name]),
  );
  const share = useAction(
    useCallback(
      async (seconds: number) => {
        const { url } = await client.outputs.link({ id, seconds, attachment: false });
        await navigator.clipboard.writeText(url);
        tell(`Link copied. It works for ${formatDuration(seconds)}.`);
      },
      [client, id],
    ),
  );
  const deliver = useCallback(
    async (file: FileRef) => {
      const delivery = await client.targets.deliver({ outputId: id, file });
      state.apply([{ kind: 'deliveries', deliveries: [delivery] }]);
      if (delivery.state.kind === 'done') {
        tell(
          `Appended ${delivery.state.rows.toLocaleString('en-US')} rows to ${shortenMiddle(delivery.target.path, PATH_LENGTH)}.`,
        );
      }
    },
    [client, state, id],
  );
  const append = useAction(
    useCallback(async () => {
      const file = await choosePlace?.('csv-file');
      if (file !== undefined && file !== null) await deliver(file);
    }, [choosePlace, deliver]),
  );

  return (
    <div className="output-actions">
      {openLocally && (
        <>
          <Button leftSection={<IconExternalLink size={16} />} loading={open.busy} onClick={open.run}>
            Open
          </Button>
          <Button
            variant="default"
            leftSection={<IconFolderOpen size={16} />}
            loading={reveal.busy}
            onClick={reveal.run}
          >
            Show in folder
          </Button>
        </>
      )}
      {!openLocally && (
        <Button
          leftSection={<IconDownload size={16} />}
          loading={save.busy}
          disabled={!stored}
          onClick={save.run}
        >
          Download
        </Button>
      )}
      {stored && (
        <DownloadButton
          of={{ kind: 'outputs', ids: [id] }}
          label={openLocally ? 'Download' : 'Save into a folder…'}
        />
      )}
      <Menu>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconLink size={16} />}
            loading={share.busy}
            disabled={!stored}
          >
            Copy a link
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Anyone who has it can read the result</Menu.Label>
          {SHARES.map(({ label, seconds }) => (
            <Menu.Item key={seconds} onClick={() => share.run(seconds)}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {choosePlace !== null && format === 'csv' && (
        <Button
          variant="default"
          leftSection={<IconTablePlus size={16} />}
          loading={append.busy}
          onClick={append.run}
          title={
            deliveries.length > 0 ? 'A file that has these rows already does not get them twice' : undefined
          }
        >
          Append to a CSV file…
        </Button>
      )}
    </div>
  );
}

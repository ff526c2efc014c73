import { Button } from '@mantine/core';
import { IconDownload, IconFolderOpen } from '@tabler/icons-react';
import { useCallback } from 'react';
import { useAction } from '#renderer/components';
import { useCapabilities, useWorkbench } from '#renderer/state';
import { type DownloadOf, useDownload } from './use-download.ts';

interface Props {
  readonly of: DownloadOf;
  readonly label?: string;
}

/** Into a folder of the engine's machine; not there where the host has none to offer. */
export function DownloadButton({ of, label = 'Download' }: Props) {
  const download = useDownload();
  const { run, busy } = useAction(useCallback(async () => download?.(of), [download, of]));
  if (download === null) return null;
  return (
    <Button variant="default" leftSection={<IconDownload size={16} />} loading={busy} onClick={run}>
      {label}
    </Button>
  );
}

export function RevealButton({ id }: { readonly id: string }) {
  const { client } = useWorkbench();
  const { openLocally } = useCapabilities();
  const { run, busy } = useAction(useCallback(() => client.downloads.reveal({ id }), [client, id]));
  if (!openLocally) return null;
  return (
    <Button variant="default" leftSection={<IconFolderOpen size={16} />} loading={busy} onClick={run}>
      Show in folder
    </Button>
  );
}

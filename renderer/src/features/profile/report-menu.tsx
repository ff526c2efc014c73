import { Button, Menu, Select } from '@mantine/core';
import { IconFileAnalytics } from '@tabler/icons-react';
import { useState } from 'react';
import { type Column } from '#shared/domain';
import { useAction } from '#renderer/components';
import { saveFile } from '#renderer/lib';
import { useWorkbench } from '#renderer/state';

interface Props {
  readonly transferId: string;
  readonly columns: readonly Column[];
}

/** All there is to say of the table, to be saved. */
export function ReportMenu({ transferId, columns }: Props) {
  const { client } = useWorkbench();
  const [target, setTarget] = useState<string | null>(null);
  const { run, busy } = useAction(async (as: 'html' | 'json') => {
    const place = target === null ? null : Number(target);
    const { name, text } = await client.tables.report({ transferId, as, target: place });
    saveFile(name, as === 'html' ? 'text/html' : 'application/json', text);
  });
  return (
    <Menu position="bottom-end" width={280} keepMounted={false}>
      <Menu.Target>
        <Button variant="default" loading={busy} leftSection={<IconFileAnalytics size={16} />}>
          Report
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className="report-target">
          <Select
            label="Hold the columns against"
            placeholder="none of them"
            data={columns.map(({ name }, index) => ({
              value: String(index),
              label: name === '' ? `column ${index + 1}` : name,
            }))}
            value={target}
            onChange={setTarget}
            clearable
            clearButtonProps={{ 'aria-label': 'None of them' }}
            searchable
            comboboxProps={{ withinPortal: false }}
          />
        </div>
        <Menu.Item onClick={() => run('html')}>Save as a page, to be read</Menu.Item>
        <Menu.Item onClick={() => run('json')}>Save as JSON</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { Button, Modal } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { type Connection } from '#shared/domain';
import { overlay, useExternal } from '#renderer/lib';
import { useConnections, usePreferences } from '#renderer/state';
import { ConnectionForm } from './connection-form.tsx';
import { ConnectionView } from './connection-view.tsx';
import './connections.css';

export function ConnectionsDialog() {
  const open = useExternal(overlay);
  if (open?.kind !== 'connections') return null;
  return (
    <Modal opened onClose={() => overlay.set(null)} title="Connections" size={840}>
      <Connections />
    </Modal>
  );
}

const ORIGINS: Readonly<Record<Connection['origin'], string>> = {
  builtin: 'on this computer',
  environment: 'from the environment',
  user: 'made here',
};

function Connections() {
  const connections = useConnections();
  const standard = usePreferences()?.connectionId;
  const [chosen, setChosen] = useState<string | null>(standard ?? null);
  const [adding, setAdding] = useState(false);
  const shown = connections.find(({ id }) => id === chosen) ?? connections[0];
  return (
    <div className="connections">
      <div className="connections-list">
        <ul aria-label="Connections">
          {connections.map(({ id, name, origin }) => (
            <li key={id}>
              <button
                type="button"
                aria-current={!adding && id === shown?.id}
                onClick={() => {
                  setAdding(false);
                  setChosen(id);
                }}
              >
                <span className="cut connection-name">{name}</span>
                <span className="dim cut">
                  {ORIGINS[origin]}
                  {id === standard && ' · default'}
                </span>
              </button>
            </li>
          ))}
        </ul>
        <Button
          variant={adding ? 'light' : 'default'}
          leftSection={<IconPlus size={16} />}
          onClick={() => setAdding(true)}
        >
          Add a connection
        </Button>
      </div>
      <div className="connections-one">
        {adding ? (
          <ConnectionForm
            onAdded={(id) => {
              setAdding(false);
              setChosen(id);
            }}
            onCancel={() => setAdding(false)}
          />
        ) : (
          shown !== undefined && <ConnectionView key={shown.id} connection={shown} />
        )}
      </div>
    </div>
  );
}

import { Button, Select } from '@mantine/core';
import { IconFiles, IconFolder, IconServer } from '@tabler/icons-react';
import { attempt } from '#renderer/components';
import {
  addressOf,
  FolderOptions,
  useDestination,
  useIntake,
  usePlace,
  WhereTo,
} from '#renderer/features/intake';
import { LeftoversLine } from '#renderer/features/leftovers';
import { DropOptions } from '#renderer/features/options';
import { overlay } from '#renderer/lib';
import { useConnections, useSessionIds, useWorkbench } from '#renderer/state';
import './home.css';

/** Where a new session begins: what can be dropped, where it will go, and a file to try it with. */
export function HomeView() {
  const { chooseFiles, chooseFolder, chooseOnHost, addSample, sendsItself } = useIntake();
  const first = useSessionIds().length === 0;
  return (
    <main className="home" id="main" tabIndex={-1}>
      <div className="home-inner">
        <section className="home-drop" aria-labelledby="home-title">
          <Gate />
          <h1 id="home-title">Drop files or a folder anywhere</h1>
          <p className="dim">
            They go up in parts, survive a restart, and are proven to have arrived.
            {sendsItself && ' Files dropped here are sent by this page, so keep it open until they are up.'}
          </p>
          <div className="home-buttons">
            <Button leftSection={<IconFiles size={16} />} onClick={() => chooseFiles(null)}>
              Choose files
            </Button>
            <Button
              variant="default"
              leftSection={<IconFolder size={16} />}
              onClick={() => chooseFolder(null)}
            >
              Choose a folder
            </Button>
            {chooseOnHost !== null && (
              <Button
                variant="default"
                leftSection={<IconServer size={16} />}
                onClick={() => chooseOnHost(null)}
              >
                Choose on the computer Sluice runs on
              </Button>
            )}
          </div>
          <FolderOptions />
        </section>
        <Destination byPage={sendsItself} />
        <section className={first ? 'home-first' : 'home-first home-again'} aria-label="Try it">
          <div>
            <h2>{first ? 'New here? Try it with the sample file' : 'The sample file'}</h2>
            <p className="dim">
              A small, messy CSV: three kinds of dates, duplicates, stray spaces. Upload it, look at its rows,
              clean it, and take the result with you.
            </p>
          </div>
          <Button variant={first ? 'light' : 'default'} onClick={addSample}>
            Upload the sample
          </Button>
        </section>
      </div>
    </main>
  );
}

function Destination({ byPage }: { readonly byPage: boolean }) {
  const { client } = useWorkbench();
  const connections = useConnections();
  const destination = useDestination();
  const { place } = usePlace(destination);
  if (destination === null) return null;
  const { bucket, prefix } = destination;
  const address = addressOf({ bucket, prefix: place.keepNames ? place.folder : prefix });
  return (
    <section className="home-destination" aria-label="Where it goes">
      <div className="home-where">
        <Select
          label="New sessions go to"
          className="home-select"
          allowDeselect={false}
          data={connections.map(({ id, name }) => ({ value: id, label: name }))}
          value={destination.id}
          onChange={(id) => {
            if (id !== null) attempt(() => client.system.setPreferences({ connectionId: id }));
          }}
        />
        <span className="mono dim cut home-address" title={address}>
          {address}
        </span>
        <Button variant="subtle" onClick={() => overlay.set({ kind: 'connections' })}>
          Connections…
        </Button>
      </div>
      <WhereTo connection={destination} />
      <DropOptions connection={destination} byPage={byPage} />
      <LeftoversLine connectionId={destination.id} />
    </section>
  );
}

/** Three parts rising behind a gate: the looks of the strip. */
function Gate() {
  return (
    <svg className="home-gate" width="72" height="36" viewBox="0 0 72 36" aria-hidden="true">
      <g fill="currentColor">
        <rect x="0" y="30" width="10" height="6" opacity="0.35" />
        <rect x="12" y="22" width="10" height="14" opacity="0.5" />
        <rect x="24" y="12" width="10" height="24" opacity="0.7" />
        <rect x="36" y="12" width="10" height="24" opacity="0.7" />
        <rect x="48" y="2" width="10" height="34" />
        <rect x="60" y="2" width="10" height="34" />
      </g>
    </svg>
  );
}

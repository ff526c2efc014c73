import { MantineProvider, useMantineColorScheme } from '@mantine/core';
import { useEffect } from 'react';
import { useExternal } from '#renderer/lib';
import { type Sync, usePreferences, type Workbench, WorkbenchContext } from '#renderer/state';
import { Opening } from './opening.tsx';
import { Shell } from './shell.tsx';
import { theme } from './theme.ts';

interface Props {
  readonly workbench: Workbench;
  readonly sync: Sync;
}

export function App({ workbench, sync }: Props) {
  return (
    // Its style elements are left out: the page's policy allows only files, and theme-variables.css holds the same.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <WorkbenchContext value={workbench}>
        <Theme />
        <Opened sync={sync} />
      </WorkbenchContext>
    </MantineProvider>
  );
}

function Opened({ sync }: { readonly sync: Sync }) {
  const ready = useExternal(sync.ready);
  const error = useExternal(sync.error);
  return ready ? <Shell /> : <Opening error={error} />;
}

/** What was chosen is kept by the engine; the page remembers it only to be right at once next time. */
function Theme() {
  const chosen = usePreferences()?.theme;
  // Else it would put a style element into the page to hold transitions back, which the policy forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  useEffect(() => {
    if (chosen !== undefined) setColorScheme(chosen === 'system' ? 'auto' : chosen);
  }, [chosen, setColorScheme]);
  return null;
}

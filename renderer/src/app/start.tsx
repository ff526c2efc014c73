import './reset.css';
import '@mantine/core/styles.layer.css';
import './theme-variables.css';
import './base.css';
import { createRoot } from 'react-dom/client';
import { followAddress, openEngine } from '#renderer/lib';
import { EngineState, keepInSync, type Workbench } from '#renderer/state';
import { PageUploads } from '#renderer/uploads';
import { App } from './app.tsx';

/** Puts the page together: a carrier, the state behind it, and what is seen. */
export function start(root: HTMLElement): void {
  const engine = openEngine();
  followAddress();
  const uploads = new PageUploads(engine.client.pageUploads);
  const state = new EngineState(engine.client, uploads);
  const sync = keepInSync(engine, state, new AbortController().signal);
  const workbench: Workbench = {
    client: engine.client,
    state,
    uploads,
    registerDroppedFiles: engine.carrier.registerDroppedFiles,
    link: { get: engine.link.state, subscribe: engine.link.subscribe },
  };
  createRoot(root).render(<App workbench={workbench} sync={sync} />);
}

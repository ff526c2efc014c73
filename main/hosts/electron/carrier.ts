import { MessageChannelMain } from 'electron';
import type { Log } from '#main/ports';
import type { BridgeChannels } from '#shared/contract';
import type { CarrierServer } from '../shared/index.ts';
import { listen, type TrustedPage } from './ipc.ts';

const CONNECT: BridgeChannels['connect'] = 'sluice:connect';
const PORT: BridgeChannels['port'] = 'sluice:port';

/**
 * Gives the page a port to the engine whenever it asks: at its start, and again after a reload. A port whose page is
 * gone closes by itself, which ends its calls. What is asked before the engine is ready waits in the port.
 */
export function setupCarrier(deps: {
  readonly page: TrustedPage;
  readonly server: Promise<CarrierServer>;
  readonly log: Log;
}): void {
  // Told by whoever started it; here it only matters to a page that asks.
  deps.server.catch(() => undefined);
  listen(CONNECT, deps.page, (event) => {
    const { port1, port2 } = new MessageChannelMain();
    event.senderFrame?.postMessage(PORT, null, [port2]);
    deps.server.then(
      (server) => server.servePort(port1),
      (error: unknown) => {
        deps.log.error('a page asked for an engine that did not start', error);
        port1.close();
      },
    );
  });
}

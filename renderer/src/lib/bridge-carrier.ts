import { RPCLink } from '@orpc/client/message-port';
import { PORT_MESSAGE, type SluiceBridge } from '#shared/contract';
import { type Carrier, type Context, type OpenLink } from './carrier.ts';

const PORT_TIMEOUT_MS = 10_000;

/** A desktop window: the preload hands over one end of a MessagePort. */
export function bridgeCarrier(bridge: SluiceBridge): Carrier {
  return {
    registerDroppedFiles: (files) => bridge.registerDroppedFiles(files),
    open: (signal) => open(bridge, signal),
  };
}

function open(bridge: SluiceBridge, signal: AbortSignal): Promise<OpenLink> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener('message', receive);
      signal.removeEventListener('abort', fail);
    };
    const fail = () => {
      stop();
      reject(new Error('the window was given no port'));
    };
    const receive = (event: MessageEvent<unknown>) => {
      const { data, ports, source } = event;
      if (source !== window || typeof data !== 'object' || data === null) return;
      const [port] = ports;
      if (!('type' in data) || data.type !== PORT_MESSAGE || port === undefined) return;
      stop();
      const closed = Promise.withResolvers<'lost' | 'refused'>();
      port.addEventListener('close', () => closed.resolve('lost'));
      const link = new RPCLink<Context>({ port });
      port.start();
      resolve({ link, closed: closed.promise });
    };
    const timer = setTimeout(fail, PORT_TIMEOUT_MS);
    signal.addEventListener('abort', fail, { once: true });
    window.addEventListener('message', receive);
    bridge.connect();
  });
}
